/**
 * The other half of the ways around: Saleor's own parsers take these requests, for the checkouts that Cordon reads.
 * Needs `python3` with Django and graphql-core 2; without them nothing is shown, and the reason is.
 */
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readGraphqlBody } from '../../../src/attempt/graphql-body.ts';
import { compileGraphql } from '../../../src/config/graphql-policy.ts';
import { saleorRoutes } from '../../../src/config/presets/saleor.ts';
import { routeSchema } from '../../../src/config/route-schema.ts';
import { type Clothes, clothes } from './saleor-clothes.ts';

interface Told {
  readonly paid: readonly string[];
  /** What ended the request; null where nothing did. */
  readonly because: string | null;
}

const VERSIONS = `
import django, graphql
assert graphql.__version__.startswith('2.')
print(f'{django.get_version()}, graphql-core {graphql.__version__}', end='')`;

/** Another Python before Debian's on the path would not have them. */
function findParsers(): { readonly python: string; readonly versions: string } | null {
  for (const python of ['python3', '/usr/bin/python3']) {
    try {
      return { python, versions: execFileSync(python, ['-c', VERSIONS], { encoding: 'utf8', stdio: 'pipe' }) };
    } catch {}
  }
  return null;
}

const [written] = saleorRoutes;
const graphql = compileGraphql(routeSchema.parse(written));
if (graphql === null) throw new Error('the preset has no GraphQL');
const { reading } = graphql;

/** The checkouts that Cordon reads, in their order. */
async function readCheckouts({ body }: Clothes): Promise<readonly string[]> {
  const read = await readGraphqlBody(body, reading);
  if (!read.ok) throw new Error(read.why.because);
  return (read.value?.payments ?? []).map(({ fields }) => String(fields.get('/id')));
}

const found = findParsers();

describe.runIf(found === null)('Django and graphql-core 2', () => {
  it.skip('are not installed: that Saleor takes these requests is not shown here', () => {});
});

describe.runIf(found !== null)(`Django ${found?.versions}`, () => {
  const asked = clothes.map((one) => ({ ...one, body: Buffer.from(one.body).toString('hex') }));
  const shop = join(import.meta.dirname, 'saleor-parser/shop.py');
  const told =
    found === null ? '[]' : execFileSync(found.python, [shop], { encoding: 'utf8', input: JSON.stringify(asked) });
  const answers = JSON.parse(told) as readonly Told[];
  const shown = clothes.map((one, i) => ({ ...one, told: answers[i] ?? { paid: [], because: 'not asked' } }));

  it.each(shown)('pays for $pays: $what', async (one) => {
    expect(one.told.paid, one.told.because ?? '').toEqual(one.pays);
    if (one.fate === 'passed on') expect(one.pays).toEqual([]);
    if (one.fate === 'judged' && one.pays.length > 0) expect(await readCheckouts(one)).toEqual(one.pays);
  });
});
