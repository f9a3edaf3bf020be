/**
 * Receivers of alerts on the runtime of production, over real connections and with real alarms: what hangs, drips, leads
 * elsewhere or breaks off holds nothing up, and what was not delivered outlives a kill.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { Webhook } from 'standardwebhooks';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { fetchOnLoopback } from '../../commands/cordon/loopback-fetch.ts';
import { type Cordon, createClient } from '../../src/client/client.ts';
import { ADMIN_KEY, ALERT_SECRET } from '../support/bare-config.ts';
import { BareWorkerd } from '../support/bare-workerd.ts';

const COMMAND = join(import.meta.dirname, '../../commands/cordon.ts');
const PATIENCE = { timeout: 30_000, interval: 50 };

interface Arrived {
  readonly headers: Record<string, string>;
  readonly body: string;
}

class Receiver {
  readonly arrived: Arrived[] = [];
  reply: (response: ServerResponse, request: IncomingMessage) => void = (response) => response.writeHead(204).end();
  readonly #server = createServer(async (request, response) => {
    const body = await text(request);
    this.arrived.push({ headers: request.headers as Record<string, string>, body });
    this.reply(response, request);
  });

  async listen(): Promise<string> {
    this.#server.listen(0, '127.0.0.1');
    await once(this.#server, 'listening');
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  close(): void {
    this.#server.closeAllConnections();
    this.#server.close();
  }
}

const receiver = new Receiver();
const elsewhere = new Receiver();
let bare: BareWorkerd;
let receiverUrl: string;
let elsewhereUrl: string;
let made = 0;

beforeAll(async () => {
  [receiverUrl, elsewhereUrl] = await Promise.all([receiver.listen(), elsewhere.listen()]);
  bare = await BareWorkerd.start();
});
afterAll(async () => {
  await bare.dispose();
  for (const one of [receiver, elsewhere]) one.close();
});
beforeEach(() => {
  for (const one of [receiver, elsewhere]) one.arrived.length = 0;
  receiver.reply = (response) => response.writeHead(204).end();
});

const url = () => `https://127.0.0.1:${bare.ports.https}`;
const cordon = (): Cordon =>
  createClient({ url: url(), key: ADMIN_KEY, onUnreachable: 'throw', fetch: fetchOnLoopback });

async function newMerchant(): Promise<string> {
  const id = `teller${++made}`;
  const alerts = { url: `${receiverUrl}/hook`, secret_name: 'CORDON_ALERT_OPS' };
  await cordon().merchants.put(id, { id, alerts });
  return id;
}

const typeOf = ({ body, headers }: Arrived) =>
  (new Webhook(ALERT_SECRET).verify(body, headers) as { type: string }).type;

describe('the command line', () => {
  async function run(words: readonly string[]): Promise<{ code: number | null; out: string }> {
    const child = spawn(process.execPath, [COMMAND, ...words], {
      env: { PATH: process.env.PATH, NO_COLOR: '1', CORDON_URL: url(), CORDON_ADMIN_KEY: ADMIN_KEY },
    });
    const ended = new Promise<number | null>((resolve) => child.once('close', resolve));
    const out = await text(child.stdout);
    return { code: await ended, out };
  }

  it('sends a test that the official library takes, lists it, and sends it again', async () => {
    const merchant = await newMerchant();
    const { code, out } = await run(['alerts', 'test', merchant]);
    expect([code, out]).toEqual([0, expect.stringMatching(/^msg_\w+: delivered \(answer 204, \d+ ms\)\n$/)]);
    expect(receiver.arrived.map(typeOf)).toEqual(['test']);
    const [message = ''] = out.split(':');
    const listed = await run(['alerts', merchant]);
    expect(listed.out).toMatch(
      new RegExp(`Alerts go to ${receiverUrl}/hook[\\s\\S]*Nothing is or was wrong[\\s\\S]*${message}`),
    );
    expect((await run(['alerts', 'resend', merchant, message])).out).toContain('delivered');
    expect(receiver.arrived.map(({ headers }) => headers['webhook-id'])).toEqual([message, message]);
  });
});

describe('a receiver that', () => {
  it('leads elsewhere is not followed', async () => {
    const merchant = await newMerchant();
    receiver.reply = (response) => response.writeHead(307, { location: `${elsewhereUrl}/` }).end();
    expect(await cordon().alerts.test(merchant)).toMatchObject({ result: 'redirected', status: 307 });
    expect(elsewhere.arrived).toEqual([]);
  });

  it('answers without end is left at its status', async () => {
    const merchant = await newMerchant();
    let written = 0;
    receiver.reply = (response) => {
      response.writeHead(200);
      const chunk = Buffer.alloc(65_536);
      const pour = () => {
        if (response.destroyed) return;
        written += chunk.length;
        if (response.write(chunk)) setImmediate(pour);
        else response.once('drain', pour);
      };
      pour();
    };
    expect(await cordon().alerts.test(merchant)).toMatchObject({ result: 'delivered', status: 200 });
    await new Promise((resolve) => setTimeout(resolve, 300));
    const after = written;
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect(written).toBe(after);
  });

  it('breaks off is one that cannot be reached', async () => {
    const merchant = await newMerchant();
    receiver.reply = (response) => response.destroy();
    expect(await cordon().alerts.test(merchant)).toMatchObject({ result: 'unreachable', status: null });
  });

  it('drips its first line, or never answers, is late after fifteen seconds', { timeout: 40_000 }, async () => {
    const [dripping, silent] = [await newMerchant(), await newMerchant()];
    let calls = 0;
    receiver.reply = (response) => {
      if (calls++ === 0) return;
      const drip = setInterval(() => response.socket?.write('HTTP/1.1 1'), 500);
      response.once('close', () => clearInterval(drip));
    };
    const told = await Promise.all([dripping, silent].map((merchant) => cordon().alerts.test(merchant)));
    for (const one of told) {
      expect(['late', 'unreachable']).toContain(one.result);
      expect(one.duration_ms).toBeLessThan(17_000);
    }
    expect(told.some(({ result, duration_ms }) => result === 'late' && duration_ms >= 14_500)).toBe(true);
  });
});

it('a faulty configuration that is written past the API is told by a real alarm, through a kill', {
  timeout: 90_000,
}, async () => {
  const merchant = await newMerchant();
  receiver.reply = (response) => response.writeHead(500).end('no');
  bare.kv.entries.set(`merchant:${merchant}`, { value: '{"id":', metadata: null });
  // The isolate that wrote it has nothing of it: whoever asks meets the faulty one.
  await cordon().evaluate({ merchant, attempt: { ip: '203.0.113.9', card: { number: '4242424242424242' } } });
  await vi.waitFor(() => expect(receiver.arrived.map(typeOf)).toEqual(['configuration_faulty.began']), PATIENCE);
  await bare.kill();
  receiver.reply = (response) => response.writeHead(200).end();
  await bare.restart();
  await vi.waitFor(() => expect(receiver.arrived).toHaveLength(2), PATIENCE);
  expect(new Set(receiver.arrived.map(({ headers }) => headers['webhook-id'])).size).toBe(1);
  expect(receiver.arrived.map(typeOf)).toEqual(['configuration_faulty.began', 'configuration_faulty.began']);
});
