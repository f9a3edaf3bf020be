/**
 * The page about alerts, held against the kinds: each stands in its table, and no other.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { ALERT_KINDS } from '../../src/alerts/alert-kinds.ts';

const page = readFileSync(join(import.meta.dirname, '../../docs/alerts.md'), 'utf8');

it('every kind is in the table, and no other', () => {
  const table = page.slice(page.indexOf('## The kinds'), page.indexOf('## How it works'));
  const named = [...table.matchAll(/^\| `([a-z_]+)` +\|/gm)].map(([, kind]) => kind);
  expect(named).toEqual([...ALERT_KINDS]);
});
