/**
 * The description is what the schemas say today, and says something about every field.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readSamples } from '../../commands/code-samples.ts';
import { describeApi } from '../../src/api/openapi.ts';
import { CALLS } from '../../src/api/openapi-calls.ts';
import type { Description, Schema } from '../../src/api/openapi-document.ts';

const ROOT = join(import.meta.dirname, '../..');
const read = (path: string): unknown => JSON.parse(readFileSync(join(ROOT, path), 'utf8'));
const committed = read('src/api/openapi.json') as Description;
const { version } = read('package.json') as { version: string };

it('was made anew after the last change (npm run describe)', async () => {
  expect(committed).toEqual(JSON.parse(JSON.stringify(await describeApi(readSamples(), version))));
});

describe('every field of a body has a note', () => {
  const bodies = [
    'EvaluationRequest',
    'Attempt',
    'Card',
    'OutcomeRequest',
    'KeyRequest',
    'UnblockRequest',
    'LeaseRequest',
    'LeaseRenewal',
    'ListItemRequest',
    'FeedRequest',
  ];
  it.each([...bodies, 'MerchantConfiguration'])('%s', (name) => {
    const schema = committed.components.schemas[name];
    expect(schema === undefined ? ['it is missing'] : silentFields(schema, '')).toEqual([]);
  });
});

it('names each operation once, and has an example in TypeScript wherever a key is needed', () => {
  const operations = Object.values(committed.paths).flatMap((item) => Object.values(item));
  const ids = operations.map(({ operationId }) => operationId);
  expect(new Set(ids).size).toBe(ids.length);
  const langs = operations
    .filter(({ security }) => security.length !== 0)
    .map(({ 'x-codeSamples': samples }) => samples.map(({ lang }) => lang));
  expect(langs).toEqual(langs.map(() => ['Shell', 'TypeScript']));
});

it('has no example that belongs to no call', () => {
  const known = [...CALLS.map(({ operationId }) => operationId), 'client', 'middleware'];
  expect([...readSamples().keys()].filter((name) => !known.includes(name))).toEqual([]);
});

it('refers only to what there is', () => {
  const text = JSON.stringify(committed);
  const refs = [...text.matchAll(/"\$ref":"#\/components\/(schemas|responses)\/([^"]+)"/g)];
  const { schemas, responses } = committed.components;
  const missing = refs.filter(([, kind, name = '']) => !(name in (kind === 'schemas' ? schemas : responses)));
  expect(refs.length).toBeGreaterThan(50);
  expect(missing.map(([ref]) => ref)).toEqual([]);
});

function silentFields(schema: Schema, place: string): readonly string[] {
  const inside = [...(schema.anyOf ?? []), ...(schema.items === undefined ? [] : [schema.items])];
  const fields = Object.entries(schema.properties ?? {}).flatMap(([name, it]) => [
    ...(it.description === undefined ? [`${place}/${name}`] : []),
    ...silentFields(it, `${place}/${name}`),
  ]);
  return [...fields, ...inside.flatMap((it) => silentFields(it, `${place}/[]`))];
}
