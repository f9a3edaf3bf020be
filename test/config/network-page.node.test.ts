/**
 * The page on networks: its examples are valid, and it names every code, region and field there is.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { merchantSchema } from '../../src/config/merchant-schema.ts';
import { OPERATORS } from '../../src/network/asn-table.ts';
import { NETWORK_CODES } from '../../src/network/network-rules.ts';
import { REGION_NAMES } from '../../src/network/regions.ts';

const read = (path: string) => readFileSync(join(import.meta.dirname, '../../docs', path), 'utf8');
const page = read('network.md');
const examples = [...page.matchAll(/```json\n(.*?)```/gs)].map(([, json = '']) => json);

it.each(examples)('an example is a valid part of a configuration: %s', (json) => {
  const parsed = merchantSchema.safeParse({ id: 'acme', ...JSON.parse(json) });
  expect(parsed.error?.issues ?? []).toEqual([]);
});

it('has examples', () => {
  expect(examples.length).toBeGreaterThan(2);
});

describe.each(NETWORK_CODES)('%s', (code) => {
  it.each(['network.md', 'configuration.md'])('is named in %s', (path) => {
    expect(read(path)).toContain(`\`${code}\``);
  });
});

describe.each(Object.entries(merchantSchema.parse({ id: 'acme' }).reputation.sizes))('the size %s', (name, size) => {
  it('stands in both pages as it is', () => {
    expect(page).toMatch(new RegExp(`\\| \`${name}\` +\\| ${size} +\\|`));
    expect(read('configuration.md')).toContain(`\`${name}\` ${size}`);
  });
});

it.each([...new Set(OPERATORS.map(({ kind }) => kind))])('the page names the class %s', (kind) => {
  expect(page).toContain(`| \`${kind}\``);
});

it.each(REGION_NAMES)('the page names %s', (name) => {
  const [kind, code] = name.split(':');
  expect(page).toMatch(kind === 'region' ? `\`${name}\`` : new RegExp(`\`continent:AF\`.*\`${code}\`|\`${name}\``));
});
