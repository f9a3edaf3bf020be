/**
 * Answers that are rare and allowed, or rare and not, on the runtime itself: none of them is an error of Cordon's own.
 */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { BareClient, SHOP_HOST } from '../support/bare-client.ts';
import { payRoute } from '../support/bare-merchant.ts';
import { BareWorkerd } from '../support/bare-workerd.ts';
import { RawOrigin } from '../support/raw-origin.ts';

let bare: BareWorkerd;
let client: BareClient;
let says = '';
const origin = new RawOrigin(({ socket }) => void socket.end(says));
beforeAll(async () => {
  const url = await origin.listen();
  bare = await BareWorkerd.start();
  client = new BareClient(bare.ports.https);
  bare.kv.putMerchant({ id: 'acme', hosts: [SHOP_HOST], origin: { pool: [{ url }] }, routes: [payRoute] });
});
afterAll(async () => {
  client.close();
  origin.close();
  await bare.dispose();
});

const answering = (...lines: string[]) => {
  says = `HTTP/1.1 ${lines.join('\r\n')}`;
};

describe('of a payment', () => {
  it.each([
    ['a status that there is not', '999 Odd'],
    ['an upgrade that nobody asked for', '101 Switching Protocols'],
  ])('%s is no answer: 502, with the evaluation', async (_, status) => {
    answering(status, 'upgrade: h2c', 'connection: upgrade', 'content-length: 1', '', 'x');
    const { status: told, headers } = await client.pay({ card: '4242424242424242', ip: '203.0.113.9' });
    expect([told, headers['cordon-evaluation']]).toEqual([502, expect.stringMatching(/^ev_/)]);
  });

  describe.each(['204 No Content', '205 Reset Content', '304 Not Modified'])('%s arrives', (status) => {
    it.each([
      ['without content', ['content-length: 0', '', '']],
      ['without the content that the server wrote', ['content-length: 5', '', 'hello']],
      ['without what it wrote in chunks', ['transfer-encoding: chunked', '', '5\r\nhello\r\n0\r\n\r\n']],
      ['without what it wrote till the end', ['content-type: text/plain', '', 'hello']],
    ])('%s', async (_, lines) => {
      answering(status, ...lines);
      const { status: told, body } = await client.pay({ card: '4242424242424242', ip: '203.0.113.9' });
      expect([told, body]).toEqual([Number(status.slice(0, 3)), '']);
    });
  });
});

describe('of a page', () => {
  const look = (method = 'GET') =>
    client.send({ method, path: '/x', headers: { 'cf-connecting-ip': '203.0.113.9' }, body: '' });

  it('a status that there is not is no answer', async () => {
    answering('600 Odd', 'content-length: 1', '', 'x');
    expect((await look()).status).toBe(502);
  });

  it.each(['200 OK', '404 Not Found'])('the length of what HEAD did not ask for stays (%s)', async (status) => {
    answering(status, 'content-type: text/html', 'content-length: 1234', '', '');
    expect((await look('HEAD')).headers['content-length']).toBe('1234');
  });

  it('a cookie that is no ASCII stays as it is, byte for byte, without the server’s domain', async () => {
    answering('200 OK', 'set-cookie: n=žluť; Domain=127.0.0.1', 'set-cookie: b=2', 'content-length: 1', '', 'x');
    const cookies = (await look()).headers['set-cookie'] ?? [];
    expect(cookies.map((cookie) => Buffer.from(cookie, 'latin1').toString())).toEqual(['n=žluť', 'b=2']);
  });
});
