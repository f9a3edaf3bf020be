/**
 * The page's own files are those that its sources make.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { buildPage } from '../../commands/build-page.ts';

const BUILT = join(import.meta.dirname, '../../src/challenge/built');
const made = buildPage();

it.each([...made.keys()])('%s is made anew after its source: npm run page', (name) => {
  const path = join(BUILT, `${name}.json`);
  const isFresh = existsSync(path) && readFileSync(path, 'utf8') === `${JSON.stringify(made.get(name), null, 2)}\n`;
  expect(isFresh).toBe(true);
});

it('nothing lies there that is made no more', () => {
  expect(readdirSync(BUILT).toSorted()).toEqual([...made.keys()].map((name) => `${name}.json`).toSorted());
});
