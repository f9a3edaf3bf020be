/**
 * The switch that keeps traffic from a country or a server: what it takes and refuses, what it tells, and who did it.
 */
import { afterEach, expect, it, vi } from 'vitest';
import { asAuditLines } from '../support/audit.ts';
import { manage } from '../support/merchant.ts';
import { api, newKey, newMerchant } from './backend.ts';

const PLACE = { url: 'https://nl.origin.acme.example', country: 'NL' };
const OTHER = { url: 'https://de.origin.acme.example:8443', country: 'DE', priority: 2 };
const inMinutes = (minutes: number) => new Date(Date.now() + minutes * 60_000).toISOString();

interface Told {
  readonly origin: {
    readonly places: readonly { readonly place: string; readonly state: string }[];
    readonly drains: readonly unknown[];
  } | null;
}

const newShop = (pool: readonly unknown[] = [PLACE, OTHER]) => newMerchant({ origin: { pool } });
const turn = (merchant: string, said: unknown, key?: string) =>
  api('POST', `/merchants/${merchant}/switches`, { body: said, ...(key === undefined ? {} : { key }) });
const told = async (merchant: string) =>
  ((await (await manage('GET', `/merchants/${merchant}/switches`)).json()) as Told).origin;
const states = async (merchant: string) => (await told(merchant))?.places.map(({ state }) => state);

afterEach(() => {
  vi.restoreAllMocks();
});

it('stands as it was turned, and tells who did and until when', async () => {
  const merchant = await newShop();
  expect(await states(merchant)).toEqual(['up', 'up']);
  const until = inMinutes(60 * 24 * 30);
  const answer = await turn(merchant, { drain: { country: 'NL' }, until, reason: 'the line is attacked' });
  expect([answer.status, await answer.json()]).toMatchObject([
    200,
    { origin: { drains: [{ country: 'NL', place: null, until, reason: 'the line is attacked', turned_by: 'admin' }] } },
  ]);
  expect(await states(merchant)).toEqual(['drained', 'up']);
  expect((await turn(merchant, { undrain: { country: 'NL' } })).status).toBe(200);
  expect(await told(merchant)).toMatchObject({ drains: [], places: [{ state: 'up' }, { state: 'up' }] });
});

it('drains one server by its host', async () => {
  const merchant = await newShop();
  await turn(merchant, { drain: { place: 'de.origin.acme.example:8443' } });
  expect(await states(merchant)).toEqual(['up', 'drained']);
});

it('turned twice is turned once', async () => {
  const merchant = await newShop();
  for (let n = 0; n < 2; n++) await turn(merchant, { drain: { country: 'NL' } });
  expect((await told(merchant))?.drains).toHaveLength(1);
});

it.each<[string, Record<string, unknown>, string]>([
  ['a country that no server stands in', { drain: { country: 'FR' } }, '/drain'],
  ['a server that there is none of', { drain: { place: 'fr.origin.acme.example' } }, '/drain'],
  ['both', { drain: { country: 'NL', place: 'nl.origin.acme.example' } }, '/drain'],
  ['neither', { drain: {} }, '/drain'],
  ['a field that nobody knows', { drain: { country: 'NL', city: 'Delft' } }, '/drain/city'],
  ['an end that is past', { drain: { country: 'NL' }, until: inMinutes(-1) }, '/until'],
  ['an end of an end', { undrain: { country: 'NL' }, until: inMinutes(5) }, '/until'],
  ['a reason that a terminal obeys', { drain: { country: 'NL' }, reason: 'a\u001b[2Jb' }, '/reason'],
  ['another switch at once', { drain: { country: 'NL' }, attack_mode: 'on' }, ''],
])('is not turned with %s: 422 names the field', async (_, said, path) => {
  const merchant = await newShop();
  const answer = await turn(merchant, said);
  const { errors } = (await answer.json()) as { errors: { path: string }[] };
  expect([answer.status, errors.map((fault) => fault.path)]).toEqual([422, [path]]);
  expect(await states(merchant)).toEqual(['up', 'up']);
});

it('leaves a place: the last one that is not drained cannot be', async () => {
  const merchant = await newShop();
  await turn(merchant, { drain: { country: 'NL' } });
  expect((await turn(merchant, { drain: { country: 'DE' } })).status).toBe(422);
  expect((await turn(await newShop([PLACE]), { drain: { country: 'NL' } })).status).toBe(422);
  expect(await states(merchant)).toEqual(['drained', 'up']);
});

it('needs servers, and a key that manages', async () => {
  expect((await turn(await newMerchant(), { drain: { country: 'NL' } })).status).toBe(422);
  const merchant = await newShop();
  const { key: weak } = await newKey(merchant, { scopes: ['evaluate', 'report'] });
  const { key } = await newKey(merchant, { scopes: ['manage'] });
  expect((await turn(merchant, { drain: { country: 'NL' } }, weak)).status).toBe(403);
  expect((await turn(merchant, { drain: { country: 'NL' } }, key)).status).toBe(200);
});

it('is in the audit log', async () => {
  const merchant = await newShop();
  const lines = vi.spyOn(console, 'log').mockImplementation(() => {});
  await turn(merchant, { drain: { country: 'NL' }, reason: 'works' });
  await turn(merchant, { undrain: { country: 'NL' } });
  const audited = asAuditLines(lines.mock.calls).map(({ what }) => what);
  expect(audited).toEqual(['origin.drain', 'origin.undrain']);
});
