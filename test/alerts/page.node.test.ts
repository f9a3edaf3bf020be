/**
 * The page about alerts, held against the kinds: each stands in the table, and where its link leads.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { ALERT_KINDS, docsOf } from '../../src/alerts/alert-kinds.ts';

const ROOT = join(import.meta.dirname, '../..');
const read = (path: string) => readFileSync(join(ROOT, path), 'utf8');

/** As GitHub makes them of headings. */
function anchorsOf(page: string): readonly string[] {
  return [...page.matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) =>
    heading
      .toLowerCase()
      .replaceAll(/[^\w -]/g, '')
      .replaceAll(' ', '-'),
  );
}

it.each(ALERT_KINDS)('%s is explained, and its link leads to what to do', (kind) => {
  const [path = '', anchor = ''] = docsOf(kind).split('#');
  expect(anchorsOf(read(path))).toContain(anchor);
  expect(read('docs/alerts.md')).toMatch(new RegExp(`^\\| \`${kind}\` +\\|`, 'm'));
});

it('every heading about an alert belongs to a kind', () => {
  const about = anchorsOf(read('docs/alerts.md')).filter((anchor) => anchor.startsWith('alert-'));
  expect(about).toEqual(ALERT_KINDS.map((kind) => docsOf(kind).split('#')[1]));
});
