/**
 * The page that says what to do at each alert, in order: a part for each kind, and no link of its own that leads nowhere.
 */
import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { ALERT_KINDS, docsOf } from '../../src/alerts/alert-kinds.ts';

const page = readFileSync(`${import.meta.dirname}/../../docs/operations.md`, 'utf8');

/** As GitHub makes them of headings. */
const anchors = [...page.matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) =>
  heading
    .toLowerCase()
    .replaceAll(/[^\w\- ]/g, '')
    .replaceAll(' ', '-'),
);

it.each(ALERT_KINDS)('has a part for %s', (kind) => {
  const [, anchor] = docsOf(kind).split('#');
  expect(anchors).toContain(anchor);
});

it('leads nowhere that is not there', () => {
  const links = [...page.matchAll(/\]\(#([^)]+)\)/g)].map(([, anchor = '']) => anchor);
  expect(links.length).toBeGreaterThan(10);
  expect(links.filter((anchor) => !anchors.includes(anchor))).toEqual([]);
});
