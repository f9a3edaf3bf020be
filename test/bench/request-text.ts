/**
 * The requests of a kind, as text on the wire. Cards and addresses follow a count, so that none comes twice in a run.
 */
import type { RequestKind } from './cases.ts';

/** What the edge says of a connection (`request.cf`). */
const EDGE = JSON.stringify({
  country: 'NL',
  asn: 1136,
  asOrganization: 'KPN B.V.',
  colo: 'AMS',
  city: 'Amsterdam',
  timezone: 'Europe/Amsterdam',
  httpProtocol: 'HTTP/1.1',
  tlsVersion: 'TLSv1.3',
  tlsCipher: 'AEAD-AES128-GCM-SHA256',
});
/** The header in which the benchmark's sockets expect it. */
export const EDGE_HEADER = 'Bench-Cf';
const BROWSER = 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0';
/** Of what is downloaded and uploaded. */
export const FILM_BYTES = 10_000_000;
/** RFC 2544: addresses for benchmarks, 198.18.0.0/15. */
const ADDRESSES = 2 ** 17;

/** Without its body, where that is a film. */
export function requestText(kind: RequestKind, count: number): string {
  const who = kind.payer === 'fresh' ? count : 0;
  if (kind.body === 'film') {
    const headers = { ...kind.headers, 'Content-Type': 'video/mp4', 'Content-Length': String(FILM_BYTES) };
    return textOf({ ...kind, headers }, addressOf(who), '');
  }
  return textOf(kind, addressOf(who), kind.body === null ? '' : bodyText(kind, who));
}

/** The outcome of an evaluation that was asked for by a request of the kind. */
export function outcomeText(kind: RequestKind, evaluation: string): string {
  const path = `${kind.path}/${evaluation}/outcome`;
  return textOf({ ...kind, path }, addressOf(0), JSON.stringify({ status: 'succeeded' }));
}

function textOf({ method, path, host, headers }: RequestKind, address: string, body: string): string {
  const given = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
  const content = body === '' ? '' : `Content-Type: application/json\r\nContent-Length: ${body.length}\r\n`;
  return (
    `${method} ${path} HTTP/1.1\r\nHost: ${host}\r\nUser-Agent: ${BROWSER}\r\nAccept: application/json\r\n` +
    `Accept-Language: nl,en;q=0.5\r\nCF-Connecting-IP: ${address}\r\n${EDGE_HEADER}: ${EDGE}\r\n` +
    `${given.join('')}${content}\r\n${body}`
  );
}

function bodyText({ body, merchant }: RequestKind, count: number): string {
  const number = cardNumber(count);
  if (body === 'evaluation') {
    const seen = { ip: addressOf(count), country: 'NL', asn: 1136, billing_country: 'NL' };
    return JSON.stringify({ merchant, attempt: { ...seen, card: { number } } });
  }
  const card = { number, exp_month: 12, exp_year: 2031, cvc: '123', name: 'A. Payer' };
  return JSON.stringify({ card, amount: 1999, currency: 'EUR', email: 'payer@example.com', order: 'A-1001' });
}

function addressOf(count: number): string {
  const n = count % ADDRESSES;
  return `198.${18 + (n >> 16)}.${(n >> 8) & 0xff}.${n & 0xff}`;
}

/** Sixteen digits with their check digit (ISO/IEC 7812-1). */
function cardNumber(count: number): string {
  const digits = `4${String(count).padStart(14, '0')}`;
  let sum = 0;
  for (let i = 0; i < digits.length; i++) {
    const digit = Number(digits[i]) * (i % 2 === 0 ? 2 : 1);
    sum += digit > 9 ? digit - 9 : digit;
  }
  return `${digits}${(10 - (sum % 10)) % 10}`;
}
