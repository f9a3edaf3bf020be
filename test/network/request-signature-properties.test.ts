/**
 * Whatever bit of a signed request is changed, in whatever part that is signed: it is refused. And whatever text stands
 * in its headers, reading it ends in an answer.
 */
import * as fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { isDigestOf } from '../../src/network/content-digest.ts';
import { readSignature, type SignatureRules } from '../../src/network/request-signature.ts';
import { makeKey, type SignedAlgorithm, type SigningKey, signedHeaders } from '../support/signer.ts';

const NOW = Date.UTC(2026, 10, 22, 12);
const URL_TEXT = 'https://shop.acme.example/internal/charge?order=7';
const BODY = '{"token":"tok_1"}';
const ALGORITHMS: readonly SignedAlgorithm[] = ['ed25519', 'ecdsa-p256-sha256', 'ecdsa-p384-sha384'];
const PARTS = ['method', 'url', 'body', 'content-digest', 'signature', 'signature-input', 'x-more'] as const;
type Message = Record<(typeof PARTS)[number], string>;

const keys = new Map<SignedAlgorithm, SigningKey>();
const messages = new Map<SignedAlgorithm, Message>();
let rules: SignatureRules;
beforeAll(async () => {
  for (const algorithm of ALGORITHMS) keys.set(algorithm, await makeKey(`key-${algorithm}`, algorithm));
  const known = [...keys.values()].map(({ id, algorithm, pair }) => {
    return [id, { id, algorithm, key: pair.publicKey, expiresAt: null }] as const;
  });
  rules = { windowSeconds: 60, keys: new Map(known) };
  for (const [algorithm, key] of keys) {
    const fields = ['@method', '@target-uri', 'content-digest', 'x-more'];
    const signing = { url: URL_TEXT, body: BODY, key, fields, created: NOW / 1000, alg: algorithm };
    const headers = await signedHeaders({ ...signing, headers: { 'x-more': 'more' } });
    messages.set(algorithm, { method: 'POST', url: URL_TEXT, body: BODY, ...headers } as Message);
  }
});

async function isTaken({ method, url, body, ...headers }: Message): Promise<boolean> {
  const reading = await readSignature({ method, url, headers: new Headers(headers) }, rules, NOW);
  if (reading.kind !== 'good' || reading.signature.digests === null) return false;
  return isDigestOf(reading.signature.digests, new Uint8Array(new TextEncoder().encode(body)));
}

function messageOf(algorithm: SignedAlgorithm): Message {
  const message = messages.get(algorithm);
  if (message === undefined) throw new Error(algorithm);
  return message;
}

const TEXT = /^[!-~](?:[ -~]*[!-~])?$/;

/** Null where no header can hold what comes of it. */
function flipped(message: Message, part: keyof Message, bit: number): Message | null {
  const codes = Array.from(message[part], (character) => character.charCodeAt(0));
  const at = (bit >> 3) % codes.length;
  codes[at] = (codes[at] ?? 0) ^ (1 << (bit & 7));
  const changed = { ...message, [part]: String.fromCharCode(...codes) };
  return part === 'body' || TEXT.test(changed[part]) ? changed : null;
}

describe.each(ALGORITHMS)('%s', (algorithm) => {
  it('is taken as it is', async () => {
    expect(await isTaken(messageOf(algorithm))).toBe(true);
  });

  it.each(PARTS)('is refused with any bit of %s changed', async (part) => {
    const message = messageOf(algorithm);
    await fc.assert(
      fc.asyncProperty(fc.nat({ max: message[part].length * 8 - 1 }), async (bit) => {
        const changed = flipped(message, part, bit);
        fc.pre(changed !== null);
        return changed !== null && !(await isTaken(changed));
      }),
      { numRuns: 150 },
    );
  });
});

it('any two of a request’s parts belong together: none is taken with another key’s', async () => {
  for (const part of ['signature', 'signature-input'] as const) {
    const [one, two] = [messageOf('ed25519'), messageOf('ecdsa-p256-sha256')];
    expect(await isTaken({ ...one, [part]: two[part] })).toBe(false);
  }
});

it('ends in an answer, whatever the headers hold', async () => {
  const piece = fc.constantFrom(
    'sig1',
    '=',
    '(',
    ')',
    '"@method"',
    '"',
    ':',
    ';',
    ',',
    ' ',
    'created',
    '=1',
    '?1',
    '@9',
    '%"',
    '\\',
    '*',
    '-',
    '1e9',
    'AAAA',
  );
  const text = fc.array(piece, { maxLength: 40 }).map((pieces) => pieces.join(''));
  await fc.assert(
    fc.asyncProperty(text, text, async (signature, input) => {
      const headers = new Headers({ signature, 'signature-input': input });
      const reading = await readSignature({ method: 'POST', url: URL_TEXT, headers }, rules, NOW);
      return reading.kind === 'faulty';
    }),
    { numRuns: 500 },
  );
});
