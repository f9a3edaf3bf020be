/**
 * What stands in the record of a change: what was there and what is, and nothing to pay or to log in with.
 */
import { describe, expect, it } from 'vitest';
import { recordable } from '../../src/journal/change-text.ts';
import { cards } from '../support/shopper.ts';

const KEY = `ck_${'0a'.repeat(28)}acme`;
const PROOF = `lp_${'A-b_'.repeat(8)}`;
const text = (value: unknown) => JSON.stringify(recordable(value));

describe('keeps what says what was changed', () => {
  it.each([
    ['a version', '5f2d0c7a9e1b4c3d8a6f0e9d7c5b3a19'],
    ["a key's id", { id: '0123456789abcdef' }],
    [
      'a lease',
      { id: `le_${'0'.repeat(28)}`, cidr: '203.0.113.0/28', owner: 'risk', reason: null, ends: 1_790_000_000 },
    ],
    ['a hold', { count: 1, lifted: [{ card: `fp_${'9'.repeat(43)}`, ip: '2001:db8::', failures: 3 }] }],
    ['nothing', null],
    ['a flag', { ok: true }],
  ])('%s', (_, value) => {
    expect(recordable(value)).toEqual(value);
  });

  it('nothing at all is null', () => {
    expect(recordable(undefined)).toBeNull();
  });
});

describe('keeps no card number', () => {
  it.each([
    ['alone', (card: string) => card],
    ['in a text', (card: string) => `the card ${card} of Mr X`],
    ['with spaces', (card: string) => card.replaceAll(/(\d{4})(?=\d)/g, '$1 ')],
    ['under a name', (card: string) => ({ number: card })],
    ['as a number', (card: string) => ({ card_number: Number(card) })],
    ['as a name', (card: string) => ({ [card]: 1 })],
    ['deep inside', (card: string) => [{ a: [{ b: { c: card } }] }]],
    ['beside letters', (card: string) => `x${card}y`],
  ])('%s', (_, made) => {
    for (const card of cards(20)) expect(text(made(card)).replaceAll(' ', '')).not.toContain(card);
  });
});

describe('keeps no secret', () => {
  it.each([
    ["a merchant's key", { note: `use ${KEY} please` }],
    ["a lease's proof", { proof: 'anything' }],
    ['a proof in a text', [`the proof is ${PROOF}.`]],
    ['what is called a key', { key: 'hunter2' }],
    ['what is called a secret', { webhook: { secret: 'whsec_x' } }],
  ])('%s', (_, value) => {
    const said = text(value);
    for (const secret of [KEY, PROOF, 'anything', 'hunter2', 'whsec_x']) expect(said).not.toContain(secret);
    expect(said).toContain('[secret]');
  });
});

describe('is bounded', () => {
  it.each([
    ['a long text', 'x'.repeat(100_000)],
    ['a long list', Array.from({ length: 100_000 }, (_, i) => `entry ${i}`)],
    ['many names', Object.fromEntries(Array.from({ length: 10_000 }, (_, i) => [`name ${i}`, i]))],
    ['long texts, many', Array.from({ length: 90 }, () => 'y'.repeat(900))],
    ['something deep', JSON.parse(`${'['.repeat(500)}${']'.repeat(500)}`)],
  ])('%s', (_, value) => {
    expect(text(value).length).toBeLessThanOrEqual(8_000);
  });

  it('and says so where it was cut', () => {
    expect(recordable(Array.from({ length: 90 }, () => 'y'.repeat(900)))).toEqual({ cut: true });
  });
});
