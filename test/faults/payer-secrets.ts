/**
 * The ways in which a card number and its CVC come to Cordon: read well, refused, or where no number should be. Each
 * case has a number and a CVC of its own, so that what is found names its case.
 */
import { randomInt } from 'node:crypto';
import type { Sending } from '../support/bare-client.ts';

export interface Secrets {
  readonly card: string;
  /** Nine digits where a real one has three: found somewhere, it is no accident. */
  readonly cvc: string;
}

interface Case {
  readonly name: string;
  readonly status: number;
  readonly send: (secrets: Secrets) => Sending;
}

const json = (status: number, name: string, body: (secrets: Secrets) => string, more: Sending = {}): Case => ({
  name,
  status,
  send: (secrets) => ({ body: body(secrets), ...more }),
});
const form = (status: number, name: string, body: (secrets: Secrets) => string): Case =>
  json(status, name, body, { path: '/form/pay', headers: { 'content-type': 'application/x-www-form-urlencoded' } });
const plain = ({ card, cvc }: Secrets) => JSON.stringify({ card: { number: card, cvc } });
const grouped = (card: string) => card.replace(/(?<=^(?:.{4})+)(?=.)/g, ' ');

export const CASES: readonly Case[] = [
  json(200, 'an attempt that is paid', plain, { headers: { 'x-test': 'paid' } }),
  json(402, 'an attempt that is declined', plain),
  json(402, 'a number in groups', ({ card, cvc }) => plain({ card: grouped(card), cvc })),
  json(500, 'an origin that breaks', plain, { headers: { 'x-test': 'broken' } }),
  json(400, 'a number twice', ({ card, cvc }) => `{"card":{"number":"${card}","number":"${card}","cvc":"${cvc}"}}`),
  json(400, 'a number in another field', ({ card, cvc }) => JSON.stringify({ note: `my ${card}`, card: { cvc } })),
  json(400, 'a number under another spelling', ({ card, cvc }) => JSON.stringify({ Card_Number: card, cvc })),
  json(400, 'a number as a name', ({ card, cvc }) => JSON.stringify({ [card]: cvc })),
  json(400, 'a number in groups as a name', ({ card, cvc }) => JSON.stringify({ [grouped(card)]: cvc })),
  json(
    400,
    'a number in a name, over an inexact number',
    ({ card, cvc }) => `{"${card}":9007199254740995,"c":"${cvc}"}`,
  ),
  json(400, 'a number that is a JSON number', ({ card, cvc }) => `{"card":{"number":1${card}999,"cvc":${cvc}}}`),
  json(400, 'a number with letters', ({ card, cvc }) => plain({ card: `${card}x`, cvc })),
  json(400, 'malformed JSON', ({ card, cvc }) => `{"card":{"number":"${card}","cvc":"${cvc}"`),
  json(400, 'a bare number', ({ card }) => card),
  json(415, 'another content type', plain, { headers: { 'content-type': 'text/plain' } }),
  json(415, 'a number in the content type', plain, { headers: { 'content-type': 'application/json; charset=4000' } }),
  json(405, 'another method', plain, { method: 'PUT' }),
  json(400, 'a path in another spelling', plain, { path: '/API/pay' }),
  form(402, 'a form', ({ card, cvc }) => `number=${card}&cvc=${cvc}`),
  form(400, 'a form with the number twice', ({ card, cvc }) => `number=${card}&number=${card}&cvc=${cvc}`),
  form(400, 'a form with the number as a name, twice', ({ card, cvc }) => `${card}=${cvc}&${card}=${cvc}`),
  form(400, 'a form with a broken escape', ({ card, cvc }) => `number=${card}%&cvc=${cvc}`),
  {
    name: 'a number in the query',
    status: 400,
    send: (secrets) => ({ path: `/api/pay?number=${secrets.card}&cvc=${secrets.cvc}`, body: plain(secrets) }),
  },
  {
    name: 'a number in the query of a path in another spelling',
    status: 400,
    send: (secrets) => ({ path: `/api/pay/?number=${secrets.card}&cvc=${secrets.cvc}`, body: plain(secrets) }),
  },
  {
    name: 'a number in headers',
    status: 402,
    send: ({ card, cvc }) => ({ headers: { 'x-card': `${card} ${cvc}` }, body: plain(newSecrets()) }),
  },
];

/** A Luhn-valid number that nobody else has, and its CVC. */
export function newSecrets(): Secrets {
  const digits = `4${String(randomInt(10 ** 14)).padStart(14, '0')}`;
  const sum = [...digits].reduce((total, digit, i) => {
    const value = i % 2 === 0 ? Number(digit) * 2 : Number(digit);
    return total + (value > 9 ? value - 9 : value);
  }, 0);
  return { card: `${digits}${(10 - (sum % 10)) % 10}`, cvc: String(randomInt(10 ** 8, 10 ** 9)) };
}
