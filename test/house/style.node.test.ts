/**
 * The house style, as far as a test can see it: headers, lengths, names, and rooms that stay pure.
 */
import { basename } from 'node:path';
import { describe, expect, it } from 'vitest';
import { sourceFiles } from './source-files.ts';

const LINES_LIMIT = 300;
const HEADER_LINES_LIMIT = 5;
const PURE_ROOMS = ['attempt', 'attack', 'expression', 'velocity', 'network', 'lists', 'decision', 'outcome', 'replay'];
const IMPURE =
  /\bDate\.now\b|\bnew Date\(\)|\bMath\.random\b|\brandomUUID\b|\bgetRandomValues\b|(?<![\w.])fetch\(|cloudflare:|\bperformance\.now\b|\bfrom 'hono|\bconsole\.|\bsetTimeout\b/;
const NAMELESS = /^(?:types|utils?|helpers?|common|misc|index)\.tsx?$|[A-Z_]/;

const SPEAKS = /\bconsole\b/;
/** What writes the log, and what runs in a shop's own server and has a default for what the shop does not say. */
const SPEAKERS = ['journal/log.ts', 'middleware/hono.ts'];

const files = sourceFiles();
const pure = files.filter(({ name }) => PURE_ROOMS.includes(name.split('/')[0] ?? ''));

describe.each(files)('$name', ({ name, text }) => {
  it('says in a header of at most five lines what it is', () => {
    const header = /^\/\*\*\n((?: \* [^\n]+\n)+) \*\/\n/.exec(text)?.[1];
    expect(header, 'a header').toBeDefined();
    expect(header?.trimEnd().split('\n').length).toBeLessThanOrEqual(HEADER_LINES_LIMIT);
  });

  it('is not too long', () => {
    expect(text.split('\n').length).toBeLessThanOrEqual(LINES_LIMIT);
  });

  it('is named for what is in it', () => {
    if (name !== 'index.ts') expect(basename(name)).not.toMatch(NAMELESS);
  });
});

it('half of all files are under a hundred lines', () => {
  const lengths = files.map(({ text }) => text.split('\n').length).sort((a, b) => a - b);
  expect(lengths[Math.floor(lengths.length / 2)]).toBeLessThan(100);
});

it.each(pure)('$name is pure: no clock, no chance, no network, no platform', ({ code }) => {
  expect(IMPURE.exec(code)?.[0]).toBeUndefined();
});

it('the log is written in one place', () => {
  expect(files.filter(({ code }) => SPEAKS.test(code)).map(({ name }) => name)).toEqual(SPEAKERS);
});

describe('the test itself', () => {
  it.each([
    'const now = Date.now();',
    'await fetch(url)',
    'Math.random() * 2',
    'crypto.randomUUID()',
    "import { env } from 'cloudflare:workers';",
  ])('sees %s', (code) => {
    expect(code).toMatch(IMPURE);
  });

  it('lets be what only sounds alike', () => {
    expect('new Date(now).toISOString(); prefetch(x); gate.fetch(y)').not.toMatch(IMPURE);
  });

  it('sees every pure room', () => {
    expect(new Set(pure.map(({ name }) => name.split('/')[0]))).toEqual(new Set(PURE_ROOMS));
  });
});
