/**
 * Every preset has a page that names each of its routes and returns, and the list of presets is the same everywhere.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { PRESETS } from '../../src/config/presets/preset.ts';
import { presetReturns, presetRoutes } from '../../src/config/presets/preset-routes.ts';

const DOCS = join(import.meta.dirname, '../../docs');
const read = (path: string) => readFileSync(join(DOCS, path), 'utf8');

describe.each(PRESETS)('%s', (preset) => {
  const page = read(`presets/${preset}.md`);
  const places = [...presetRoutes(preset), ...presetReturns(preset)].map(({ match }) => {
    const [name, values] = Object.entries(match.query ?? {})[0] ?? [];
    if (match.path !== '*') return name === undefined ? `${match.path}\`` : `${match.path}?${name}=${values?.[0]}\``;
    return `?${name}=${values?.[0]}\``;
  });

  it.each([...new Set(places)])('has %s on its page', (place) => {
    expect(page).toContain(place);
  });

  it('says what is not guarded, and what the shop must do', () => {
    expect(page).toContain('## Not guarded');
    expect(page).toContain('## What you must do');
  });
});

it('is listed in the documentation', () => {
  for (const page of ['configuration.md', 'presets/README.md']) {
    expect(PRESETS.filter((preset) => !read(page).includes(`\`${preset}\``))).toEqual([]);
  }
});
