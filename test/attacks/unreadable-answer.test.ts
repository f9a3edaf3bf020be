/**
 * Ask for an answer that the outcome reader cannot read.
 */
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { payRoute, putAcme, rule } from '../support/merchant.ts';
import { StandInOrigin } from '../support/origin.ts';
import { pay } from '../support/shopper.ts';

let origin: StandInOrigin;
beforeEach(() => {
  origin = new StandInOrigin();
});
afterEach(() => vi.unstubAllGlobals());

it('drops every header that could make the answer partial, conditional or unreadable', async () => {
  await putAcme();
  const headers = {
    range: 'bytes=0-0',
    'if-none-match': '*',
    'if-match': '*',
    'if-modified-since': 'Sat, 01 Jan 2028 00:00:00 GMT',
    'if-range': '"x"',
    prefer: 'return=minimal',
    'accept-encoding': 'x-odd',
  };
  await pay({ headers });
  const seen = origin.arrived[0]?.headers;
  for (const name of Object.keys(headers))
    expect([name, seen?.get(name) ?? null]).toEqual([name, name === 'accept-encoding' ? 'identity' : null]);
});

it('counts what it cannot read as failed', async () => {
  await putAcme({ card_testing_guard_config: rule('card_ip', 1) });
  origin.answer(() => new Response('<status>succeeded</status>', { headers: { 'content-type': 'text/xml' } }));
  expect((await pay({ headers: { accept: 'text/xml' } })).status).toBe(200);
  expect((await pay()).status).toBe(403);
});

it('reads an answer that the origin compressed all the same', async () => {
  await putAcme({ card_testing_guard_config: rule('card_ip', 1) });
  const ip = '198.18.1.1';
  origin.answer(() => new Response('{"status":"succeeded"}', { headers: { 'content-encoding': 'gzip' } }));
  const answer = await pay({ ip });
  expect([answer.headers.get('content-encoding'), await answer.text()]).toEqual([null, '{"status":"succeeded"}']);
  expect((await pay({ ip })).status).toBe(200);
});

it('cannot hide a decline in a format where only the status is left', async () => {
  const outcome = { failed: [{ json: { '/status': ['failed'] } }], succeeded: [{ status: [200] }] };
  await putAcme({ routes: [{ ...payRoute, outcome }], card_testing_guard_config: rule('card_ip', 1) });
  const ip = '198.18.1.2';
  origin.answer(({ headers }) =>
    headers.get('accept') === 'application/json' ? Response.json({ status: 'failed' }) : new Response('<p>declined'),
  );
  for (const accept of ['text/html', 'application/json;q=0, text/html', '*/*']) {
    await pay({ ip, headers: { accept } });
    expect((await pay({ ip, headers: { accept } })).status).toBe(403);
  }
  expect(origin.arrived.map(({ headers }) => headers.get('accept'))).toEqual(['application/json']);
  origin.answer(() => new Response('<p>declined'));
  expect((await pay({ ip: '198.18.1.3' })).status).toBe(200);
  expect((await pay({ ip: '198.18.1.3' })).status).toBe(403);
});

it('counts a decline whose body breaks off: its status told it', async () => {
  await putAcme({ card_testing_guard_config: rule('card_ip', 1) });
  const ip = '198.18.1.4';
  const half = () => new ReadableStream({ pull: () => Promise.reject(new Error('reset')) });
  origin.answer(() => new Response(half(), { status: 402 }));
  expect((await pay({ ip })).status).toBe(502);
  expect((await pay({ ip })).status).toBe(403);
  origin.answer(() => new Response(half(), { status: 200 }));
  expect((await pay({ ip: '198.18.1.5' })).status).toBe(502);
  expect((await pay({ ip: '198.18.1.5' })).status).toBe(502);
});
