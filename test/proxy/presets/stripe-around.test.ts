/**
 * Ways around the preset for Stripe: what its API takes in other clothes is read, or refused. It cannot run here.
 * - Bodies are forms with nested names (docs.stripe.com/api, "form-encoded request bodies"); the libraries send `a[b]`,
 *   `a[0]` and `a[]` (stripe-node, src/utils.ts).
 * - Where nested names follow Rack, of equal names the last is taken, `a[]` makes lists, `a[b` is read in ways that
 *   changed from version to version, and the query joins the body (rack, lib/rack/query_parser.rb, lib/rack/request.rb).
 * - A server that only speaks Stripe's language may parse with qs, as Express does: shown at the end by qs itself.
 */
import qs from 'qs';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { StandInOrigin } from '../../support/origin.ts';
import { FORM_TYPE, fateOf, runPreset, type Sent } from '../../support/preset-shop.ts';

const CARD = '4242424242424242';
const OTHER = '5555555555554444';
const NUMBER = 'payment_method_data[card][number]';
const form = (body: string, path = '/v1/payment_intents', type = FORM_TYPE): Sent => ({
  path,
  body,
  headers: { 'content-type': type },
});

const UNREADABLE = 'refused: unreadable';
const TYPE = 'refused: unsupported_media_type';
const PATH = 'refused: ambiguous_path';

let origin: StandInOrigin;
beforeEach(async () => {
  origin = new StandInOrigin();
  await runPreset('stripe');
});
afterEach(() => vi.unstubAllGlobals());

const numbers: readonly [string, string, string][] = [
  ['as the libraries send it', `confirm=true&${NUMBER}=${CARD}`, 'judged'],
  ['with encoded brackets', `confirm=true&${NUMBER.replaceAll('[', '%5B').replaceAll(']', '%5D')}=${CARD}`, 'judged'],
  ['with a number in groups', `confirm=true&${NUMBER}=4242+4242+4242+4242`, 'judged'],
  ['with a number twice', `confirm=true&${NUMBER}=${CARD}&${NUMBER}=${OTHER}`, UNREADABLE],
  ['with a list of numbers', `confirm=true&${NUMBER}[]=${CARD}`, UNREADABLE],
  ['with a list of cards', `confirm=true&payment_method_data[card][][number]=${CARD}`, UNREADABLE],
  ['with an open bracket', `confirm=true&payment_method_data[card][number=${CARD}`, UNREADABLE],
  ['with a bracket too many', `confirm=true&payment_method_data[card]][number]=${CARD}`, UNREADABLE],
  ['with two cards', `confirm=true&${NUMBER}=${CARD}&source[number]=${OTHER}`, UNREADABLE],
  ['with a card in metadata', `confirm=true&payment_method=pm_1&metadata[n]=${OTHER}`, UNREADABLE],
  ['with a card and a text in one place', `confirm=true&source=tok_1&source[number]=${CARD}`, UNREADABLE],
];
const tokens: readonly [string, string, string][] = [
  ['as a text', 'confirm=true&payment_method=pm_1', 'judged'],
  ['twice', 'confirm=true&payment_method=pm_1&payment_method=pm_2', UNREADABLE],
  ['in a list', 'confirm=true&payment_method[]=pm_1', UNREADABLE],
  ['in a numbered list', 'confirm=true&payment_method[0]=pm_1', UNREADABLE],
  ['in an object', 'confirm=true&payment_method[id]=pm_1', UNREADABLE],
  ['in a list of sources', 'confirm=true&source[]=src_1', UNREADABLE],
];
const confirmations: readonly [string, string, string][] = [
  ['by a number', `confirm=1&payment_method=pm_1`, 'judged'],
  ['by a word', `confirm=yes&payment_method=pm_1`, 'judged'],
  ['by nothing', `confirm=&payment_method=pm_1`, 'judged'],
  ['by a list', `confirm[]=true&payment_method=pm_1`, UNREADABLE],
  ['twice', `confirm=false&confirm=true&payment_method=pm_1`, UNREADABLE],
];

describe.each([
  ['a card', numbers],
  ['a token', tokens],
  ['a confirmation', confirmations],
] as const)('%s', (_, cases) => {
  it.each(cases)('%s', async (__, body, fate) => {
    expect(await fateOf(form(body))).toBe(fate);
    expect(origin.arrived).toHaveLength(fate === 'judged' ? 1 : 0);
  });
});

describe('the request around it', () => {
  const body = 'confirm=true&payment_method=pm_1';
  it.each<[string, Sent, string]>([
    ['as JSON', form('{"confirm":true,"payment_method":"pm_1"}', '/v1/payment_intents', 'application/json'), TYPE],
    ['as multipart', form('--x--', '/v1/payment_intents', 'multipart/form-data; boundary=x'), TYPE],
    ['in another charset', form(body, '/v1/payment_intents', `${FORM_TYPE}; charset=utf-16`), TYPE],
    ['confirmed in the query', form('payment_method=pm_1', '/v1/payment_intents?confirm=true'), UNREADABLE],
    ['paid by the query', form('confirm=true', '/v1/payment_intents?payment_method=pm_1'), UNREADABLE],
    ['with a card in the query', form('confirm=true', `/v1/payment_intents?${NUMBER}=${CARD}`), UNREADABLE],
    [
      'with a part of a card in the query',
      form(body, '/v1/payment_intents?payment_method_data[type]=card'),
      UNREADABLE,
    ],
    ['in capitals', form(body, '/V1/Payment_Intents'), PATH],
    ['with a slash', form(body, '/v1/payment_intents/'), PATH],
    ['with an encoded word', form(body, '/v1/payment_intents/pi_1/%63onfirm'), PATH],
    ['made by PUT', { ...form(body), method: 'PUT' }, 'refused: method_not_allowed'],
  ])('%s', async (_, sent, fate) => {
    expect(await fateOf(sent)).toBe(fate);
    expect(origin.arrived).toEqual([]);
  });
});

it('qs takes what is refused here: a last value, a list that becomes a text, an open bracket', () => {
  const last = qs.parse('confirm=false&confirm=true', { duplicates: 'last' });
  expect(last.confirm).toBe('true');
  expect(String(qs.parse('payment_method[]=pm_1').payment_method)).toBe('pm_1');
  expect(String(qs.parse('payment_method[0]=pm_1').payment_method)).toBe('pm_1');
  expect(qs.parse(`payment_method_data[card][][number]=${CARD}`)).toEqual({
    payment_method_data: { card: [{ number: CARD }] },
  });
});
