/**
 * Ways around the preset for Saleor: what its server takes in other clothes is read, or refused.
 */
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { StandInOrigin } from '../../support/origin.ts';
import { freshAddress, runPreset } from '../../support/preset-shop.ts';
import { pay } from '../../support/shopper.ts';
import * as ways from './saleor-clothes.ts';

let origin: StandInOrigin;
beforeEach(async () => {
  origin = new StandInOrigin();
  await runPreset('saleor');
});
afterEach(() => vi.unstubAllGlobals());

async function fateOf(one: ways.Clothes, body: BodyInit = one.body, more: Record<string, string> = {}) {
  const { path, method, type } = one;
  const answer = await pay({
    path,
    method,
    ip: freshAddress(),
    body,
    headers: { 'content-type': type ?? '', ...more },
  });
  if (answer.headers.get('content-type') !== 'application/problem+json') {
    return answer.headers.has('cordon-evaluation') ? 'judged' : 'passed on';
  }
  return `refused: ${((await answer.json()) as { code: string }).code}`;
}

const { documents, operations, bodies, types, paths } = ways;
describe.each(Object.entries({ documents, operations, bodies, types, paths }))('%s', (_, cases) => {
  it.each(cases)('$what: $fate', async (one) => {
    expect(await fateOf(one)).toBe(one.fate);
    expect(origin.arrived).toHaveLength(one.fate.startsWith('refused') ? 0 : 1);
  });
});

describe('the body', () => {
  const [plain] = documents;
  if (plain === undefined) throw new Error('no clothes');
  const stream = () => new Blob([plain.body]).stream();

  it('in pieces of unknown length: judged', async () => {
    expect(await fateOf(plain, stream())).toBe('judged');
  });

  it('compressed: refused', async () => {
    const packed = stream().pipeThrough(new CompressionStream('gzip'));
    expect(await fateOf(plain, packed, { 'content-encoding': 'gzip' })).toBe('refused: unsupported_media_type');
    expect(origin.arrived).toEqual([]);
  });
});
