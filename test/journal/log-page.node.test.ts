/**
 * The page about the log, held against the list of events that the code writes.
 */
import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { EVENTS } from '../../src/journal/events.ts';

const page = readFileSync(`${import.meta.dirname}/../../docs/logs.md`, 'utf8');

/** `[event, level, fields, meaning]` of each row; the words are the code's own. */
const rows = [...page.matchAll(/^\| `([a-z_]+)` +\| (info|error) +\| (.*?) +\| (.*?) +\|$/gm)].map(
  ([, ...cells]) => cells,
);

it('lists every event, with its level, its fields and what it means, and no other', () => {
  const written = Object.entries(EVENTS).map(([event, { level, fields, means }]) => {
    const names = Object.entries(fields).map(([name, kind]) => (kind.endsWith('?') ? `${name}?` : name));
    return [event, level, names.map((name) => `\`${name}\``).join(', ') || 'none', means];
  });
  expect(rows.toSorted()).toEqual(written.toSorted());
});
