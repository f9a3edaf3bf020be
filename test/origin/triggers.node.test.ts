/**
 * The trigger of every minute stands in wrangler.toml, for development and for production.
 */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';

it('comes every minute, beside the other', async () => {
  const text = await readFile(join(import.meta.dirname, '../../wrangler.toml'), 'utf8');
  const triggers = text.match(/crons = \[.*\]/g);
  expect(triggers).toEqual(Array(2).fill('crons = ["* * * * *", "*/5 * * * *"]'));
});
