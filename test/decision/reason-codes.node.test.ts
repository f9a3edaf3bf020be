/**
 * Every reason code is produced by the code and appears in a test that expects it. Derived from the one list.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { REASON_CODES } from '../../src/decision/reason.ts';

const ROOT = new URL('../../', import.meta.url).pathname;

function textsBelow(folder: string): readonly { name: string; text: string }[] {
  return readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts'))
    .map((name) => ({ name: `${folder}/${name}`, text: readFileSync(join(ROOT, folder, name), 'utf8') }));
}

// A list of all codes proves nothing about any of them.
const LISTS = ['src/decision/reason.ts', 'test/decision/precedence.test.ts'];
const sources = textsBelow('src').filter(({ name }) => !LISTS.includes(name));
const tests = textsBelow('test').filter(({ name }) => !LISTS.includes(name));

function producesCode(text: string, code: string): boolean {
  return new RegExp(`code: '${code}'`).test(text);
}

function expectsCode(text: string, code: string): boolean {
  return new RegExp(`(?<![\\w])${code}(?![\\w])`).test(text);
}

describe.each(REASON_CODES)('%s', (code) => {
  it('is produced somewhere in src', () => {
    expect(sources.filter(({ text }) => producesCode(text, code)).map(({ name }) => name)).not.toEqual([]);
  });

  it('is expected in some test', () => {
    expect(tests.filter(({ text }) => expectsCode(text, code)).map(({ name }) => name)).not.toEqual([]);
  });
});
