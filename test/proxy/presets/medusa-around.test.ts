/**
 * Ways around the preset for Medusa: what Express takes in other clothes is read, or refused.
 */
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { StandInOrigin } from '../../support/origin.ts';
import { freshAddress, runPreset } from '../../support/preset-shop.ts';
import { pay } from '../../support/shopper.ts';
import { bytesOf, type Clothes, clothes, completions, SESSION_PATH } from './medusa-clothes.ts';

let origin: StandInOrigin;
beforeEach(async () => {
  origin = new StandInOrigin();
  await runPreset('medusa');
});
afterEach(() => vi.unstubAllGlobals());

async function fateOf(one: Clothes, body: BodyInit = bytesOf(one)): Promise<string> {
  const headers = { 'content-type': one.type, ...one.headers };
  const answer = await pay({ path: one.path ?? SESSION_PATH, ip: freshAddress(), body, headers });
  if (answer.headers.get('content-type') !== 'application/problem+json') {
    return answer.headers.has('cordon-evaluation') ? 'judged' : 'passed on';
  }
  return `refused: ${((await answer.json()) as { code: string }).code}`;
}

describe('a payment session', () => {
  it.each(clothes)('with $what', async (one) => {
    expect(await fateOf(one)).toBe(one.fate);
    expect(origin.arrived).toHaveLength(one.fate === 'judged' ? 1 : 0);
  });

  it('in pieces of unknown length', async () => {
    const [plain] = clothes;
    if (plain !== undefined) expect(await fateOf(plain, new Blob([bytesOf(plain)]).stream())).toBe('judged');
  });

  it('compressed', async () => {
    const [plain] = clothes;
    if (plain === undefined) return;
    const gzip = new Blob([bytesOf(plain)]).stream().pipeThrough(new CompressionStream('gzip'));
    const packed = { ...plain, headers: { 'content-encoding': 'gzip' } };
    expect(await fateOf(packed, gzip)).toBe('refused: unsupported_media_type');
  });
});

describe('completing a cart, whose body Medusa never looks at', () => {
  it.each(completions)('with $what', async (one) => {
    expect(await fateOf(one)).toBe(one.fate);
  });
});
