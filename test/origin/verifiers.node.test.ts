/**
 * The examples for origins, in each language: they take what Cordon signs, and nothing that is changed, old, incomplete,
 * somebody else's or shown twice. Keys come from a key set that a rotation changes.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { AUTHORITY, KeyServer, makeKey, type Signing, signedRequest } from '../support/verifiers/signing-cordon.ts';
import { type Seen, VERIFIERS, type Verifier } from '../support/verifiers/verifiers.ts';

const key = makeKey();
const NOW = Date.now();
const MINUTE = 60_000;

const request = (signing: Signing = {}, now = NOW) => signedRequest(key, now, signing);
const withHeader = (seen: Seen, name: string, value: string | null): Seen => {
  const { [name]: _, ...headers } = seen.headers;
  return { ...seen, headers: value === null ? headers : { ...headers, [name]: value } };
};
const changed = (name: string) => (seen: Seen) => withHeader(seen, name, `${seen.headers[name]}x`);
const without = (name: string) => (usual: readonly string[]) => usual.filter((it) => it !== name);

const GOOD: readonly (readonly [string, Seen])[] = [
  ['a payment', request()],
  ['a page', request({ method: 'GET', body: '', headers: { 'cordon-evaluation': null, 'cordon-decision': null } })],
  ['no query', request({ target: '/api/pay' })],
  ['an empty query', request({ target: '/api/pay?' })],
  ['a question mark in the query', request({ target: '/api/pay?a=b?c=%C3%A4' })],
  ['a body that is no text', request({ body: '\u0000\u00ff' })],
  [
    'a client’s own signature behind',
    behind(request(), 'sig1=("@method");keyid="a"', `sig1=:${btoa('x'.repeat(64))}:`),
  ],
  ['a clock that is a little behind', request({}, NOW + 4_000)],
  ['a stream', request({ headers: { 'content-digest': null, 'cordon-body': 'streamed' } })],
];

/** [what is wrong, the request, why it is refused] */
const BAD: readonly (readonly [string, Seen, RegExp])[] = [
  ['no signature', withHeader(request(), 'signature', null), /not signed/],
  ['no input', withHeader(request(), 'signature-input', null), /not signed/],
  ['another label', request({ label: 'sig1' }), /not signed/],
  ['Cordon’s behind another', behindOther(request()), /not signed/],
  ['another method', { ...request(), method: 'PUT' }, /wrong signature/],
  ['another path', { ...request(), target: '/api/refund?step=1' }, /wrong signature/],
  ['a path that means the same', { ...request(), target: '/api/./pay?step=1' }, /wrong signature/],
  ['another query', { ...request(), target: '/api/pay?step=2' }, /wrong signature/],
  ['no query any more', { ...request(), target: '/api/pay' }, /wrong signature/],
  ['another body', { ...request(), body: Buffer.from('{}') }, /another body/],
  ['one bit of the body', { ...request(), body: flipped(request().body) }, /another body/],
  ['a body that none was', { ...request({ body: '' }), body: Buffer.from('x') }, /another body/],
  ['another digest', changed('content-digest')(request()), /wrong signature/],
  ...['x-forwarded-for', 'x-forwarded-host', 'x-forwarded-proto', 'content-type'].map(
    (name) => [`another ${name}`, changed(name)(request()), /wrong signature/] as const,
  ),
  ...['cordon-evaluation', 'cordon-decision', 'cordon-risk-score'].map(
    (name) => [`another ${name}`, changed(name)(request()), /wrong signature/] as const,
  ),
  ['a header of Cordon’s that it did not sign', withHeader(request(), 'cordon-request-3ds', 'true'), /not covered/],
  ['a header of Cordon’s taken off', withHeader(request(), 'cordon-decision', null), /missing/],
  ['another server, signed for', request({ host: 'de.origin.acme.example' }), /not this server/],
  ['another server, sent to', withHeader(request(), 'host', 'de.origin.acme.example'), /not this server/],
  ['no host', withHeader(request(), 'host', null), /not this server/],
  ['too old', request({}, NOW - MINUTE), /time/],
  ['from a future', request({}, NOW + MINUTE), /time/],
  [
    'good for longer than Cordon makes any',
    request({ parameters: { expires: `${Math.floor(NOW / 1000) + 3_600}` } }),
    /time/,
  ],
  ['no time', request({ parameters: { created: null } }), /time/],
  ['no end', request({ parameters: { expires: null } }), /time/],
  ['no nonce', request({ parameters: { nonce: null } }), /nonce/],
  ['a short nonce', request({ parameters: { nonce: '"1"' } }), /nonce/],
  ['no key', request({ parameters: { keyid: null } }), /unknown key/],
  ['an unknown key', request({ parameters: { keyid: '"other"' } }), /unknown key/],
  ['somebody else’s key', signedRequest({ ...makeKey(), kid: key.kid }, NOW), /wrong signature/],
  ['another algorithm', request({ parameters: { alg: '"hmac-sha256"' } }), /alg/],
  ['another purpose', request({ parameters: { tag: '"web-bot-auth"' } }), /tag/],
  ['no purpose', request({ parameters: { tag: null } }), /tag/],
  ...['@method', '@authority', '@path', '@query', 'x-forwarded-host', 'x-forwarded-proto'].map(
    (name) => [`${name} left out`, request({ covered: without(name) }), /not all is covered/] as const,
  ),
  ['the body left out', request({ covered: without('content-digest') }), /body is not covered/],
  ['the address left out', request({ covered: without('x-forwarded-for') }), /x-forwarded-for is not covered/],
  ['the decision left out', request({ covered: without('cordon-decision') }), /cordon-decision is not covered/],
  ['something twice', request({ covered: (usual) => [...usual, '@method'] }), /covered/],
  [
    'a stream that says nothing',
    request({ headers: { 'content-digest': null, 'cordon-body': 'x' } }),
    /body is not covered/,
  ],
  ['another base', request({ tamper: (base) => base.replace('allow', 'allow ') }), /wrong signature/],
  ['a signature cut short', withHeader(request(), 'signature', 'cordon=:AAAA:'), /not signed/],
];

function behind(seen: Seen, input: string, signature: string): Seen {
  const { headers } = seen;
  const more = { signature: `${headers.signature}, ${signature}` };
  return { ...seen, headers: { ...headers, ...more, 'signature-input': `${headers['signature-input']}, ${input}` } };
}

function behindOther(seen: Seen): Seen {
  const { headers } = seen;
  const input = `sig1=("@method"), ${headers['signature-input']}`;
  return {
    ...seen,
    headers: { ...headers, 'signature-input': input, signature: `sig1=:AAAA:, ${headers.signature}` },
  };
}

function flipped(body: Buffer): Buffer {
  const other = Buffer.from(body);
  other[0] = (other[0] ?? 0) ^ 1;
  return other;
}

describe.each(Object.entries(VERIFIERS))('in %s', (language, make) => {
  // Where its interpreter is missing, every test below is counted as skipped, and this says why.
  if (make === null) {
    it.skip(`NOT RUN: this machine has no ${language}, or not what the example needs`, () => {});
    return;
  }
  const server = new KeyServer();
  const folders: string[] = [];
  const begun: Verifier[] = [];
  let keysUrl: string;
  let verifier: Verifier;

  const begin = () => {
    const folder = mkdtempSync(join(tmpdir(), 'cordon-verifier-'));
    folders.push(folder);
    const made = make({ keysUrl, authority: AUTHORITY, folder });
    begun.push(made);
    return made;
  };

  beforeAll(async () => {
    server.keys = [{ kty: 'EC', crv: 'P-256', x: 'x', y: 'y', kid: 'cordon.1', use: 'enc' }, key.jwk];
    keysUrl = await server.listen();
    verifier = begin();
  });
  afterAll(() => {
    for (const one of begun) one.end();
    for (const folder of folders) rmSync(folder, { recursive: true });
    server.close();
  });

  it.each(GOOD)('takes %s', async (_, seen) => {
    expect(await verifier.verify(seen, NOW)).toMatchObject({ ok: true });
  });

  it('tells what Cordon said', async () => {
    expect(await verifier.verify(request(), NOW)).toEqual({
      ok: true,
      evaluation: 'ev_1',
      decision: 'allow',
      riskScore: 12,
      ip: '203.0.113.9',
      isBodySigned: true,
    });
  });

  it('says of a stream that its body is nobody’s', async () => {
    const seen = request({ headers: { 'content-digest': null, 'cordon-body': 'streamed' } });
    expect(await verifier.verify(seen, NOW)).toMatchObject({ ok: true, isBodySigned: false });
  });

  it('says of a page that nothing was judged', async () => {
    const nothing = { 'cordon-evaluation': null, 'cordon-decision': null, 'cordon-risk-score': null };
    const told = await verifier.verify(request({ headers: nothing }), NOW);
    expect(told).toMatchObject({ ok: true, evaluation: null, decision: null, riskScore: null });
  });

  it.each(BAD)('refuses %s', async (_, seen, why) => {
    expect(await verifier.verify(seen, NOW)).toEqual({ ok: false, why: expect.stringMatching(why) });
  });

  it('refuses any bit of the signature changed', async () => {
    const seen = request();
    const bytes = Buffer.from((seen.headers.signature ?? '').slice('cordon=:'.length, -1), 'base64');
    for (let bit = 0; bit < 512; bit += 29) {
      const other = Buffer.from(bytes);
      other[bit >> 3] = (other[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      const forged = withHeader(seen, 'signature', `cordon=:${other.toString('base64')}:`);
      expect(await verifier.verify(forged, NOW), `bit ${bit}`).toMatchObject({ ok: false });
    }
    expect(await verifier.verify(seen, NOW)).toMatchObject({ ok: true });
  });

  it('takes a request once', async () => {
    const seen = request();
    expect(await verifier.verify(seen, NOW)).toMatchObject({ ok: true });
    expect(await verifier.verify(seen, NOW)).toEqual({ ok: false, why: 'seen before' });
  });

  it('does not count what was refused as seen', async () => {
    const seen = request();
    await verifier.verify({ ...seen, body: Buffer.from('{}') }, NOW);
    expect(await verifier.verify(seen, NOW)).toMatchObject({ ok: true });
  });

  describe('the keys', () => {
    it('are asked for once, and again when they are old', async () => {
      const fresh = begin();
      const before = server.asked;
      await fresh.verify(request(), NOW);
      await fresh.verify(request(), NOW);
      expect(server.asked - before).toBe(1);
      await fresh.verify(request({}, NOW + 6 * MINUTE), NOW + 6 * MINUTE);
      expect(server.asked - before).toBe(2);
    });

    it('are not asked for by every stranger', async () => {
      const fresh = begin();
      const before = server.asked;
      for (let i = 0; i < 20; i++) await fresh.verify(request({ parameters: { keyid: `"other-${i}"` } }), NOW);
      expect(server.asked - before).toBe(1);
    });

    it('after a rotation are found without anybody’s help', async () => {
      const fresh = begin();
      await fresh.verify(request(), NOW);
      const next = makeKey();
      server.keys = [next.jwk, key.jwk];
      const later = NOW + 15_000;
      expect(await fresh.verify(signedRequest(next, later), later)).toMatchObject({ ok: true });
      expect(await fresh.verify(request({}, later), later)).toMatchObject({ ok: true });
      server.keys = [next.jwk];
      const gone = later + 6 * MINUTE;
      expect(await fresh.verify(request({}, gone), gone)).toEqual({ ok: false, why: 'unknown key' });
      server.keys = [key.jwk];
    });

    it('stay as they are while they cannot be fetched', async () => {
      const fresh = begin();
      await fresh.verify(request(), NOW);
      server.isDown = true;
      const later = NOW + 6 * MINUTE;
      expect(await fresh.verify(request({}, later), later)).toMatchObject({ ok: true });
      server.isDown = false;
    });

    // The others answer one request after the other here.
    it.runIf(language === 'TypeScript')('that are here wait for nobody’s made-up one', async () => {
      const fresh = begin();
      await fresh.verify(request(), NOW);
      let answer = () => {};
      server.until = new Promise((resolve) => {
        answer = resolve;
      });
      const later = NOW + 15_000;
      const stranger = fresh.verify(request({ parameters: { keyid: '"other"' } }, later), later);
      const told = await Promise.race([fresh.verify(request({}, later), later), stranger]);
      server.until = null;
      answer();
      expect(told).toMatchObject({ ok: true });
      expect(await stranger).toEqual({ ok: false, why: 'unknown key' });
    });

    it('that were never fetched let nobody in', async () => {
      server.isDown = true;
      const fresh = begin();
      expect(await fresh.verify(request(), NOW)).toEqual({ ok: false, why: 'unknown key' });
      server.isDown = false;
    });
  });
});
