/**
 * The reader against an executor: over random documents, what the resolvers of a real schema are asked for is what
 * was read, or the request was refused; with a server that validates and with one that does not.
 */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { readGraphqlBody } from '../../src/attempt/graphql-body.ts';
import { TOKEN_ROUTE } from './graphql-baseline.ts';
import { body, request } from './graphql-documents.ts';
import { flat, type Served, serveBody } from './graphql-shop.ts';

const RUNS = 5_000;

type Payments = ReadonlyMap<string, ReadonlyMap<string, string>>;

async function readPayments(text: string): Promise<Payments | null> {
  const read = await readGraphqlBody(new TextEncoder().encode(text), TOKEN_ROUTE);
  if (!read.ok) return null;
  return new Map(
    (read.value?.payments ?? []).map(({ request: index, responsePath, fields }) => [
      `${index}.${responsePath.join('.')}`,
      new Map([...fields].map(([pointer, value]) => [pointer, String(value)])),
    ]),
  );
}

/** Every call is among the payments, with its arguments. */
function expectAllRead(served: Served, payments: Payments): void {
  const paths = served.calls.map(({ path }) => path);
  expect(new Set(paths).size).toBe(paths.length);
  for (const { path, args } of served.calls) {
    const fields = payments.get(path);
    expect(fields, `${path} was executed`).toBeDefined();
    expect([...(fields ?? [])].sort()).toEqual([...flat(args)].sort());
  }
}

/** Every payment was executed, but for those that the executor itself failed before their resolver. */
function expectAllExecuted(served: Served, payments: Payments): void {
  const called = new Set(served.calls.map(({ path }) => path));
  const hasFailed = (path: string) => served.failed.some((it) => `${path}.`.startsWith(`${it}.`));
  const missing = [...payments.keys()].filter((path) => !called.has(path) && !hasFailed(path));
  expect(missing).toEqual([]);
}

it('reads exactly the payments that are executed, with exactly their arguments, or refuses', {
  timeout: 600_000,
}, async () => {
  const seen = { refused: 0, ordinary: 0, exact: 0, calls: 0, unvalidated: 0 };
  await fc.assert(
    fc.asyncProperty(body, async (json) => {
      const text = JSON.stringify(json);
      const payments = await readPayments(text);
      if (payments === null) {
        seen.refused++;
        return;
      }
      if (payments.size === 0) seen.ordinary++;
      const requests: readonly unknown[] = Array.isArray(json) ? json : [json];
      const careless = await serveBody(JSON.parse(text), { isValidating: false });
      expectAllRead(careless, payments);
      seen.unvalidated += careless.calls.length;
      const served = await Promise.all(requests.map((one) => serveBody(JSON.parse(JSON.stringify(one)))));
      for (const [index, one] of served.entries()) {
        const own = new Map(
          [...payments].flatMap(([path, fields]) => {
            const [first = '', ...rest] = path.split('.');
            return Number(first) === index ? [[`0.${rest.join('.')}`, fields] as const] : [];
          }),
        );
        expectAllRead(one, own);
        if (!one.isExecuted) continue;
        expectAllExecuted(one, own);
        seen.calls += one.calls.length;
        if (one.calls.length > 0) seen.exact++;
      }
    }),
    { numRuns: RUNS },
  );
  // The law is empty where nearly everything is refused, or nothing executed.
  expect(seen.exact).toBeGreaterThan(RUNS / 10);
  expect(seen.unvalidated).toBeGreaterThan(RUNS / 2);
});

it('refuses a card number wherever in a request it stands, for no field here is for one', {
  timeout: 600_000,
}, async () => {
  const CARD = '4242 4242 4242 4242';
  const seen = { read: 0 };
  await fc.assert(
    fc.asyncProperty(request, fc.nat(), async (json, at) => {
      const text = JSON.stringify(json);
      const before = await readPayments(text);
      const places = [...text.matchAll(/\b(?:t1|t2|d1|d2|v0|v1|v2|decline|of a text|n)(?=\\?")/g)];
      const place = places[at % places.length];
      if (before === null || place === undefined) return;
      seen.read++;
      const changed = `${text.slice(0, place.index)}${CARD}${text.slice(place.index + place[0].length)}`;
      expect(await readPayments(changed), changed).toBeNull();
    }),
    { numRuns: RUNS / 5 },
  );
  expect(seen.read).toBeGreaterThan(RUNS / 10);
});
