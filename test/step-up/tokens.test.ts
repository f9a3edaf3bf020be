/**
 * Tickets and passes: read back as they were written, and by nothing but their own key, purpose and time.
 */
import { describe, expect, it } from 'vitest';
import { derivePassKey, issuePass, readPass } from '../../src/step-up/pass.ts';
import { deriveTicketKey, merchantOfTicket, readTicket, type Ticket, writeTicket } from '../../src/step-up/ticket.ts';

const NOW = Date.UTC(2026, 10, 22, 12);
const MASTER = await crypto.subtle.importKey('raw', new Uint8Array(32).fill(7), 'HKDF', false, ['deriveKey']);
const ticketKey = await deriveTicketKey(MASTER, 'acme');
const passKey = await derivePassKey(MASTER, 'acme');
const ticket: Ticket = {
  merchant: 'acme',
  evaluation: 'ev_0123456789abacme',
  bound: 'digest',
  methods: ['turnstile', 'proof_of_work'],
  riskScore: 71,
  effort: 1,
  customer: null,
  expiresAt: NOW + 900_000,
};
const issuing = { key: passKey, lifeMs: 300_000, now: NOW };
const SPELLING = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';

/** The token with one bit of one character changed, at each place. */
const altered = (token: string) =>
  [...token].flatMap((character, at) => {
    const value = SPELLING.indexOf(character);
    const other = value < 0 ? '_' : (SPELLING[value ^ 1] ?? '_');
    return [`${token.slice(0, at)}${other}${token.slice(at + 1)}`];
  });

describe('a ticket', () => {
  it('is read as it was written', async () => {
    const token = await writeTicket(ticket, ticketKey);
    expect(await readTicket(token, ticketKey, NOW)).toEqual({ kind: 'good', ticket });
    expect(merchantOfTicket(token)).toBe('acme');
  });

  it('ends with its time, to the second', async () => {
    const token = await writeTicket(ticket, ticketKey);
    expect((await readTicket(token, ticketKey, ticket.expiresAt - 1)).kind).toBe('good');
    expect(await readTicket(token, ticketKey, ticket.expiresAt)).toEqual({ kind: 'expired', ticket });
  });

  it('tells whose it is, and nothing else: no score that a tester could tune', async () => {
    const parts = (await writeTicket(ticket, ticketKey)).split('.');
    const texts = parts.map((part) => new TextDecoder().decode(Uint8Array.fromBase64(part, { alphabet: 'base64url' })));
    expect(JSON.parse(texts[0] ?? '')).toEqual({ alg: 'dir', enc: 'A256GCM', iss: 'acme' });
    expect(texts.join('').slice(texts[0]?.length)).not.toMatch(/acme|score|71|turnstile|digest/);
    expect(await writeTicket(ticket, ticketKey)).not.toBe(parts.join('.'));
  });

  it('altered by one bit anywhere is none, also by one that nobody reads', async () => {
    const token = await writeTicket(ticket, ticketKey);
    const kinds = await Promise.all(altered(token).map(async (one) => (await readTicket(one, ticketKey, NOW)).kind));
    expect(kinds).toHaveLength(token.length);
    expect(kinds.filter((kind) => kind !== 'altered' && kind !== 'malformed')).toEqual([]);
  });

  it('of another merchant’s name is not that merchant’s', async () => {
    const [header = '', ...rest] = (await writeTicket(ticket, ticketKey)).split('.');
    const said = JSON.parse(atob(header)) as object;
    const renamed = btoa(JSON.stringify({ ...said, iss: 'other' })).replaceAll('=', '');
    const token = [renamed, ...rest].join('.');
    expect(merchantOfTicket(token)).toBe('other');
    expect(await readTicket(token, ticketKey, NOW)).toEqual({ kind: 'altered' });
    expect(await readTicket(token, await deriveTicketKey(MASTER, 'other'), NOW)).toEqual({ kind: 'altered' });
  });

  it.each(['', 'x', 'a.b.c', '…', 'a..b.c.d', `${btoa('null')}..b.c.d`, `${btoa('{"iss":5}')}..b.c.d`])(
    'is not %j',
    async (text) => {
      expect((await readTicket(text, ticketKey, NOW)).kind).toBe('malformed');
      expect(merchantOfTicket(text)).toBeNull();
    },
  );

  it('is not one of another merchant, nor a pass', async () => {
    const token = await writeTicket(ticket, ticketKey);
    const theirs = await deriveTicketKey(MASTER, 'other');
    expect(await readTicket(token, theirs, NOW)).toEqual({ kind: 'altered' });
    expect(await readPass(token, passKey, NOW)).toEqual({ kind: 'malformed' });
    const { token: pass } = await issuePass(ticket, 'turnstile', issuing);
    expect(await readTicket(pass, ticketKey, NOW)).toEqual({ kind: 'malformed' });
  });
});

describe('a pass', () => {
  it('says what it is good for, how strong it is, and until when', async () => {
    const { token, expiresAt } = await issuePass(ticket, 'turnstile', issuing);
    expect(expiresAt).toBe(NOW + 300_000);
    expect(await readPass(token, passKey, NOW)).toEqual({
      kind: 'good',
      pass: {
        merchant: 'acme',
        evaluation: ticket.evaluation,
        bound: 'digest',
        method: 'turnstile',
        strength: 2,
        instead: [],
        expiresAt,
        allOverAt: ticket.expiresAt + 900_000,
      },
    });
    expect(await readPass(token, passKey, expiresAt - 1)).toMatchObject({ kind: 'good' });
    expect(await readPass(token, passKey, expiresAt)).toEqual({ kind: 'expired' });
  });

  it('altered by one bit anywhere is none', async () => {
    const { token } = await issuePass(ticket, 'turnstile', issuing);
    const kinds = await Promise.all(altered(token).map(async (one) => (await readPass(one, passKey, NOW)).kind));
    expect(kinds).toHaveLength(token.length);
    expect(kinds.filter((kind) => kind !== 'altered' && kind !== 'malformed')).toEqual([]);
  });

  it.each(['none', 'HS256', 'HS512'])('signed by %s is none', async (alg) => {
    const { token } = await issuePass(ticket, 'turnstile', issuing);
    const [, payload, mac] = token.split('.');
    const head = btoa(JSON.stringify({ alg })).replaceAll('=', '');
    expect((await readPass(`${head}.${payload}.${mac}`, passKey, NOW)).kind).toBe('altered');
  });

  it('is another each time', async () => {
    const [one, other] = await Promise.all([issuePass(ticket, '3ds', issuing), issuePass(ticket, '3ds', issuing)]);
    expect(one.token).not.toBe(other.token);
  });
});
