/**
 * What comes in as the body of an API call: read as far as it may be long, as UTF-8, and refused in words that help.
 */
import { env, exports } from 'cloudflare:workers';
import { describe, expect, it } from 'vitest';
import { cards } from '../support/card-numbers.ts';
import { api, attempt, newMerchant, problemOf } from './backend.ts';

const MB = 1024 * 1024;
const encoder = new TextEncoder();

/** Sends a body whose length nobody declares; how many bytes of it were taken, and the answer. */
async function sendStream(
  method: string,
  path: string,
  { megabytes, key = env.CORDON_ADMIN_KEY, type = 'application/json' }: Sent,
) {
  let taken = 0;
  const body = new ReadableStream<Uint8Array>({
    pull(controller) {
      if (taken >= megabytes * MB) return controller.close();
      taken += MB / 16;
      controller.enqueue(new Uint8Array(MB / 16).fill(0x20));
    },
  });
  const headers = { authorization: `Bearer ${key}`, 'content-type': type };
  const url = `https://localhost/.cordon/v1${path}`;
  const answer = await exports.default.fetch(new Request(url, { method, headers, body }));
  return { taken, problem: await problemOf(answer) };
}

interface Sent {
  readonly megabytes: number;
  readonly key?: string;
  readonly type?: string;
}

async function sendBytes(method: string, path: string, body: Uint8Array, type = 'application/json') {
  const headers = { authorization: `Bearer ${env.CORDON_ADMIN_KEY}`, 'content-type': type };
  return exports.default.fetch(`https://localhost/.cordon/v1${path}`, { method, headers, body });
}

/** As a client writes it that knows nothing of UTF-8. */
const latin1 = (text: string) => Uint8Array.from(text, (letter) => letter.charCodeAt(0));

describe('a body without a length', () => {
  it.each([
    ['an evaluation', 'POST', '/evaluations'],
    ['a configuration', 'PUT', '/merchants/{id}'],
    ['a key', 'POST', '/merchants/{id}/keys'],
  ])('is read no further than %s may be long', async (_, method, path) => {
    const merchant = await newMerchant();
    const { taken, problem } = await sendStream(method, path.replace('{id}', merchant), { megabytes: 48 });
    expect(problem).toEqual([413, 'too_large']);
    expect(taken).toBeLessThan(8 * MB);
  });

  it('of somebody with a made-up key fills no memory either', async () => {
    const merchant = await newMerchant();
    const key = `ck_${'0'.repeat(56)}${merchant}`;
    const { taken, problem } = await sendStream('POST', '/evaluations', { megabytes: 48, key });
    expect(problem).toEqual([413, 'too_large']);
    expect(taken).toBeLessThan(8 * MB);
  });

  it('is taken where it is short', async () => {
    const merchant = await newMerchant();
    const body = new Blob([JSON.stringify({ merchant, attempt })]).stream();
    const headers = { authorization: `Bearer ${env.CORDON_ADMIN_KEY}` };
    const request = new Request('https://localhost/.cordon/v1/evaluations', { method: 'POST', headers, body });
    expect((await exports.default.fetch(request)).status).toBe(200);
  });
});

describe('a body that is not UTF-8', () => {
  it.each([
    [
      'an evaluation',
      'POST',
      '/evaluations',
      '{"merchant":"{id}","attempt":{"ip":"203.0.113.9","customer_id":"J\xf6rg"}}',
      'application/json',
    ],
    ['a configuration', 'PUT', '/merchants/{id}', '{"id":"{id}","mode":"sh\xe4dow"}', 'application/json'],
    [
      'an import',
      'POST',
      '/merchants/{id}/lists/deny',
      'type,value,reason\ncustomer_id,J\xf6rg,old list\n',
      'text/csv',
    ],
  ])('is not taken for %s: two payers would become one', async (_, method, path, text, type) => {
    const merchant = await newMerchant();
    const body = latin1(text.replaceAll('{id}', merchant));
    const answer = await sendBytes(method, path.replace('{id}', merchant), body, type);
    expect(answer.status).toBe(400);
    expect(await answer.json()).toMatchObject({ code: 'invalid_request', detail: 'the body is not UTF-8' });
  });

  it('is another thing than one that begins with a mark of UTF-8', async () => {
    const merchant = await newMerchant();
    const body = encoder.encode(`\ufeff${JSON.stringify({ merchant, attempt })}`);
    expect((await sendBytes('POST', '/evaluations', body)).status).toBe(200);
  });
});

describe('JSON that is not read', () => {
  const [card = ''] = cards(1);
  const numbered = `"a":${card}`;
  it.each([
    ['', 'the body must be JSON'],
    ['{"merchant":', 'the body must be JSON'],
    ['{"merchant":"a","merchant":"b"}', 'a name occurs twice in one object'],
    ['{"attempt":{"amount":9007199254740993}}', '/attempt/amount is a number that not every reader reads alike'],
    [`${'['.repeat(65)}${']'.repeat(65)}`, 'the body is nested more than 64 deep'],
    [`{"${card}":1,"${card}":2}`, expect.not.stringContaining(card)],
    [`{${numbered},${numbered}}`, 'a name occurs twice in one object'],
  ])('%s is refused with what is wrong, and never with a card number', async (body, detail) => {
    const merchant = await newMerchant();
    for (const [method, path] of [
      ['POST', '/evaluations'],
      ['PUT', `/merchants/${merchant}`],
    ] as const) {
      const answer = await api(method, path, { body });
      expect([answer.status, await answer.json()]).toMatchObject([400, { code: 'invalid_request', detail }]);
    }
  });
});
