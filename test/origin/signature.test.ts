/**
 * What is signed on the way to the origin, read by another implementation of RFC 9421, and that nothing
 * of it can be changed. That the origin gets it so is shown in test/proxy/signed-requests.test.ts.
 */
import { httpbis } from 'http-message-signatures';
import { describe, expect, it } from 'vitest';
import { signedHeaders } from '../../src/origin/signature.ts';
import { digestOf } from '../support/signer.ts';
import { BODY, type Change, coveredBy, inputOf, JUDGED, key, PLACE, pair, requestOf, TOLD } from './signed-payment.ts';

const NOW = Date.now();

const sign = (change: Change = {}, place = PLACE) => signedHeaders(requestOf(change), place, { key, now: NOW });

interface Seen {
  readonly method?: string;
  readonly url?: string;
  readonly headers: Headers;
}

/** Whether the other implementation takes it. */
async function isTaken({ method = 'POST', url = `${PLACE.url}/api/pay?a=1`, headers }: Seen): Promise<boolean> {
  const verify = (data: Uint8Array, signature: Uint8Array) =>
    crypto.subtle.verify('Ed25519', pair.publicKey, new Uint8Array(signature), new Uint8Array(data));
  const keyLookup = async ({ tag }: { tag?: unknown }) => (tag === 'cordon' ? { verify } : null);
  const message = { method, url, headers: Object.fromEntries(headers) };
  return (await httpbis.verifyMessage({ keyLookup } as never, message as never).catch(() => false)) === true;
}

describe('a signature', () => {
  it('is one that another implementation takes', async () => {
    expect(await isTaken({ headers: await sign() })).toBe(true);
  });

  it('covers where the request goes, its body, whose it is, and what was decided', async () => {
    expect(coveredBy(await sign())).toEqual([
      '@method',
      '@authority',
      '@path',
      '@query',
      'content-digest',
      'x-forwarded-for',
      'x-forwarded-host',
      'x-forwarded-proto',
      'cordon-evaluation',
      'cordon-decision',
      'cordon-risk-score',
      'content-type',
    ]);
  });

  it('says since when and until when it is good, whose it is, and what for', async () => {
    const created = Math.floor(NOW / 1000);
    const parameters = inputOf(await sign()).replace(/^.*\)/, '');
    expect(parameters).toMatch(
      new RegExp(
        `^;created=${created};expires=${created + 60};nonce="[0-9a-f-]{36}";keyid="kid";alg="ed25519";tag="cordon"$`,
      ),
    );
  });

  it('is another one each time', async () => {
    const [one, two] = [await sign(), await sign()];
    expect(one.get('signature')).not.toBe(two.get('signature'));
  });

  it('leaves the headers of the request alone, which may go to another place', async () => {
    const request = requestOf();
    await signedHeaders(request, PLACE, { key, now: NOW });
    expect([...request.headers]).toEqual([...new Headers(JUDGED)]);
  });

  it.each<[string, Change, Seen]>([
    [
      'without a query',
      { at: { pathname: '/api/pay', search: '' } },
      { url: `${PLACE.url}/api/pay`, headers: new Headers() },
    ],
    ['without a body', { method: 'GET', body: null }, { method: 'GET', headers: new Headers() }],
    ['with a stream', { body: new Blob(['x']).stream() }, { headers: new Headers() }],
    ['that nobody judged', { headers: TOLD }, { headers: new Headers() }],
    ['to the root', { at: { pathname: '/', search: '' } }, { url: `${PLACE.url}/`, headers: new Headers() }],
    [
      'with escapes',
      { at: { pathname: '/a%20b', search: '?%C3%A4=%2f' } },
      { url: `${PLACE.url}/a%20b?%C3%A4=%2f`, headers: new Headers() },
    ],
  ])('stands on a request %s', async (_, change, seen) => {
    const headers = await sign(change);
    expect(await isTaken({ ...seen, headers })).toBe(true);
  });

  it('names the port where it is not that of https', async () => {
    const headers = await sign({}, { url: 'https://nl.origin.acme.example:8443' });
    expect(await isTaken({ url: 'https://nl.origin.acme.example:8443/api/pay?a=1', headers })).toBe(true);
    expect(await isTaken({ headers })).toBe(false);
  });
});

describe('the body', () => {
  it('is told by its digest', async () => {
    expect((await sign()).get('content-digest')).toBe(await digestOf(BODY));
  });

  it('is told to be none by the digest of nothing', async () => {
    expect((await sign({ body: null })).get('content-digest')).toBe(await digestOf(''));
  });

  it('that goes on as a stream is told to, and that word is covered', async () => {
    const headers = await sign({ body: new Blob(['x']).stream() });
    expect([headers.get('cordon-body'), headers.has('content-digest')]).toEqual(['streamed', false]);
    expect(coveredBy(headers)).toContain('cordon-body');
  });

  it('is what was held, whatever digest the client sent', async () => {
    const headers = await sign({ headers: { ...JUDGED, 'content-digest': await digestOf('another') } });
    expect(headers.get('content-digest')).toBe(await digestOf(BODY));
  });

  it('of a stream: the client’s digest is nobody’s word but its own', async () => {
    const theirs = await digestOf('x');
    const headers = await sign({ body: new Blob(['x']).stream(), headers: { ...TOLD, 'content-digest': theirs } });
    expect([headers.get('content-digest'), coveredBy(headers).includes('content-digest')]).toEqual([theirs, false]);
  });
});

describe('is broken by a change of', () => {
  it.each<[string, Omit<Seen, 'headers'>]>([
    ['the method', { method: 'PUT' }],
    ['the authority', { url: 'https://de.origin.acme.example/api/pay?a=1' }],
    ['the path', { url: `${PLACE.url}/api/pays?a=1` }],
    ['the query', { url: `${PLACE.url}/api/pay?a=2` }],
    ['the query, taken off', { url: `${PLACE.url}/api/pay` }],
  ])('%s', async (_, seen) => {
    expect(await isTaken({ ...seen, headers: await sign() })).toBe(false);
  });

  it.each([...Object.keys(JUDGED), 'content-digest'])('%s', async (name) => {
    const headers = await sign();
    headers.set(name, `${headers.get(name)}x`);
    expect(await isTaken({ headers })).toBe(false);
  });

  it.each(['created', 'expires', 'nonce', 'keyid'])('the parameter %s', async (name) => {
    const headers = await sign();
    const changed = inputOf(headers).replace(
      new RegExp(`(;${name}="?)(.)`),
      (_, before, first) => `${before}${first === '1' ? '2' : '1'}`,
    );
    expect(changed).not.toBe(inputOf(headers));
    headers.set('signature-input', changed);
    expect(await isTaken({ headers })).toBe(false);
  });

  it('the order of what is covered', async () => {
    const headers = await sign();
    headers.set('signature-input', inputOf(headers).replace('"@path" "@query"', '"@query" "@path"'));
    expect(await isTaken({ headers })).toBe(false);
  });

  it('any bit of it', async () => {
    const headers = await sign();
    const bytes = Uint8Array.fromBase64((headers.get('signature') ?? '').slice('cordon=:'.length, -1));
    for (let bit = 0; bit < bytes.length * 8; bit += 37) {
      const other = Uint8Array.from(bytes, (byte, i) => (i === bit >> 3 ? byte ^ (1 << (bit & 7)) : byte));
      headers.set('signature', `cordon=:${other.toBase64()}:`);
      expect(await isTaken({ headers }), `bit ${bit}`).toBe(false);
    }
  });
});

describe('a client’s own signature', () => {
  const theirs = {
    'signature-input': 'sig1=("@method" "@authority");created=1;keyid="theirs";tag="web-bot-auth"',
    signature: `sig1=:${btoa('x'.repeat(64))}:`,
  };

  it('goes on behind Cordon’s, which stays the first', async () => {
    const headers = await sign({ headers: { ...JUDGED, ...theirs } });
    expect(inputOf(headers).endsWith(`, ${theirs['signature-input']}`)).toBe(true);
    expect(headers.get('signature')).toMatch(/^cordon=:[A-Za-z0-9+/]{86}==:, sig1=:/);
    expect(await isTaken({ headers })).toBe(true);
  });

  it.each<[string, Record<string, string>]>([
    [
      'of Cordon’s name',
      {
        'signature-input': theirs['signature-input'].replace('sig1', 'cordon'),
        signature: theirs.signature.replace('sig1', 'cordon'),
      },
    ],
    [
      'of Cordon’s name, beside another',
      {
        'signature-input': `${theirs['signature-input']}, cordon=("@method")`,
        signature: `${theirs.signature}, cordon=:AAAA:`,
      },
    ],
    ['of Cordon’s name in one field', { ...theirs, signature: `${theirs.signature}, cordon=:AAAA:` }],
    ['without its input', { signature: theirs.signature }],
    ['without its bytes', { 'signature-input': theirs['signature-input'] }],
    ['that is malformed', { ...theirs, 'signature-input': 'sig1=("@method"' }],
    ['with a text left open', { ...theirs, 'signature-input': 'sig1=();a="' }],
    [
      'twice',
      { 'signature-input': `${theirs['signature-input']}, ${theirs['signature-input']}`, signature: theirs.signature },
    ],
    ['that is too long', { ...theirs, 'signature-input': `sig1=();a="${'x'.repeat(4_096)}"` }],
    ['that is empty', { signature: '', 'signature-input': '' }],
    ['that is no ASCII', { ...theirs, 'signature-input': 'sig1=();a="ä"' }],
  ])('%s does not go on', async (_, fields) => {
    const headers = await sign({ headers: { ...JUDGED, ...fields } });
    expect(inputOf(headers)).toMatch(/^cordon=\([^)]*\)[^,]*tag="cordon"$/);
    expect(headers.get('signature')).toMatch(/^cordon=:[^:]*:$/);
    expect(await isTaken({ headers })).toBe(true);
  });
});

it('does not vouch for a media type that is no ASCII, and stands all the same', async () => {
  const headers = await sign({ headers: { ...JUDGED, 'content-type': 'text/\u00e4' } });
  expect(coveredBy(headers)).not.toContain('content-type');
  expect(await isTaken({ headers })).toBe(true);
});
