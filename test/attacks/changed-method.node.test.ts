/**
 * Have the runtime make another request of a payment than the one that was judged: workerd sends what bears `Upgrade:
 * websocket` as a GET without a body, whatever method it was. A shop that answers a GET at the same place would tell of
 * another payment, which would count as this card's, though nobody asked its bank.
 */
import { afterEach, beforeEach, expect, it } from 'vitest';
import { type BareAnswer, headersOf } from '../support/bare-client.ts';
import { openShop, type Shop } from '../support/bare-merchant.ts';
import { type Connection, RawOrigin } from '../support/raw-origin.ts';

const CARD = '4242424242424242';
const THRESHOLD = 2;
const ATTEMPT = { card: CARD, ip: '203.0.113.9' };
const back = { name: 'back', match: { methods: ['GET'], path: '/back/{id}' }, payment_id: { request: '{id}' } };
const HANDSHAKE = { connection: 'Upgrade', upgrade: 'websocket', 'sec-websocket-version': '13' };

let origin: RawOrigin;
let shop: Shop;
beforeEach(async () => {
  origin = new RawOrigin(speak);
  const url = await origin.listen();
  shop = await openShop({
    origin: { pool: [{ url }] },
    returns: [{ ...back, outcome: { failed: [{ status: [402] }], succeeded: [{ status: [200] }] } }],
    card_testing_guard_config: { card_ip_blocking_status: 'enabled', card_ip_blocking_threshold: THRESHOLD },
  });
});
afterEach(() => origin.close());

/** Whoever asks for a payment sees one that was paid; whoever pays is declined; a handshake is taken where one comes. */
function speak({ socket, arrived }: Connection): void {
  const head = arrived();
  if (/^upgrade: *websocket/im.test(head) && head.includes('x-socket')) {
    socket.end('HTTP/1.1 101 Switching Protocols\r\nconnection: Upgrade\r\nupgrade: websocket\r\n\r\n');
    return;
  }
  const [status, body] = head.startsWith('GET') ? [200, '{"status":"succeeded"}'] : [402, '{"status":"failed"}'];
  const type = 'content-type: application/json\r\nconnection: close';
  socket.end(`HTTP/1.1 ${status} Said\r\n${type}\r\ncontent-length: ${body.length}\r\n\r\n${body}`);
}

function pay(more: Readonly<Record<string, string>>): Promise<BareAnswer> {
  const body = JSON.stringify({ card: { number: CARD, cvc: '123' } });
  return shop.client().send({ headers: { ...headersOf(ATTEMPT), ...more }, body });
}

it.for(['websocket', 'WebSocket', 'h2c, websocket'])('a payment with Upgrade: %s stays a payment', async (upgrade) => {
  for (let i = 0; i < THRESHOLD; i++) expect((await pay({ ...HANDSHAKE, upgrade })).status).toBe(402);
  expect((await pay({})).status).toBe(403);
  expect(origin.connections).toHaveLength(THRESHOLD);
  for (const connection of origin.connections) {
    expect(connection.arrived()).toMatch(/^POST \/api\/pay /);
    expect(connection.arrived()).not.toMatch(/^upgrade:/im);
    expect(connection.arrived()).toContain(CARD);
  }
});

it('no socket is opened where a payment was judged', async () => {
  expect((await pay({ ...HANDSHAKE, 'x-socket': 'yes' })).status).toBe(402);
});

it('nor on the way back from a bank, whose answer is read', async () => {
  const headers = { ...headersOf(ATTEMPT), ...HANDSHAKE, 'x-socket': 'yes' };
  const answer = await shop.client().send({ method: 'GET', path: '/back/pay_1', headers });
  expect([answer.status, answer.body]).toEqual([200, '{"status":"succeeded"}']);
});

it('what the shop expects of a body that is there already is nobody’s to say', async () => {
  expect((await pay({ expect: '100-continue' })).status).toBe(402);
  expect(origin.connections[0]?.arrived()).not.toMatch(/^expect:/im);
});
