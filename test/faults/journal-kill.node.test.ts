/**
 * SIGKILL of the whole development server, queue and all, in the middle of a mixed run, several times; then the record is
 * compared with the gate, and they agree: each failure that was counted stands in both, each decision once.
 */
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as pause } from 'node:timers/promises';
import { expect, it, onTestFinished } from 'vitest';
import type { BareAnswer } from '../support/bare-client.ts';
import { BareOrigin, declined } from '../support/bare-origin.ts';
import { ADMIN_KEY, KillableServer, LOCAL } from '../support/killable-server.ts';

const LIVES = 3;
const SENDERS = 4;
const LIFE_MS = { least: 600, most: 3_000 };
const TIMEOUT_MS = 240_000;

it(`ledger and record agree after ${LIVES} kills`, { timeout: TIMEOUT_MS }, async () => {
  const origin = new BareOrigin();
  onTestFinished(() => origin.close());
  const url = await origin.listen();
  const server = await KillableServer.prepare();
  onTestFinished(() => server.dispose());
  origin.reply(() => declined(0));
  const told = new Set<string>();
  for (let life = 0; life < LIVES; life++) {
    await server.start();
    expect((await api(server, 'PUT', '/merchants/acme', merchant(url))).status).toBeLessThan(300);
    const senders = Array.from({ length: SENDERS }, (_, n) => sendUntilKilled(server, n, told));
    await pause(LIFE_MS.least + Math.random() * (LIFE_MS.most - LIFE_MS.least));
    await server.kill();
    await Promise.all(senders);
  }
  await server.start();
  const repaired = await reconcile(server);
  const again = await reconcile(server);
  await server.kill();
  const ledger = new DatabaseSync(await server.databaseIn('do/cordon-Gate'), { readOnly: true });
  const record = new DatabaseSync(await server.databaseIn('d1/miniflare-D1DatabaseObject'), { readOnly: true });
  const counted = idsOf(ledger, 'SELECT evaluation AS id FROM outcomes WHERE counted >= 1');
  const recorded = idsOf(record, "SELECT id FROM outcomes WHERE status = 'failed'");
  console.info(`${told.size} told, ${counted.length} counted, ${repaired} were missing from the record`);
  expect(counted.length).toBeGreaterThanOrEqual(told.size);
  expect([...told].filter((id) => !counted.includes(id))).toEqual([]);
  expect(recorded).toEqual(counted);
  expect(again).toBe(0);
  // Totals were counted with the rows.
  const total = (what: string) =>
    Number(
      record.prepare("SELECT sum(count) AS n FROM totals WHERE span = 'day' AND what || '/' || value = ?").get(what)?.n,
    );
  expect(total('outcome/failed')).toBe(recorded.length);
  const decisions = Number(record.prepare('SELECT count(*) AS n FROM decisions').get()?.n);
  expect(total('decision/allow')).toBe(decisions);
  expect(idsOf(record, 'SELECT DISTINCT evaluation AS id FROM outcomes')).toEqual(
    idsOf(record, 'SELECT DISTINCT evaluation AS id FROM outcomes WHERE evaluation IN (SELECT id FROM decisions)'),
  );
  for (const database of [ledger, record]) database.close();
});

const OUT_OF_REACH = 10_000;
const merchant = (origin: string) => ({
  id: 'acme',
  hosts: ['localhost'],
  origin: { pool: [{ url: origin }] },
  routes: [
    {
      name: 'pay',
      match: { methods: ['POST'], path: '/api/pay' },
      fields: { card_number: '/card/number' },
      outcome: { failed: [{ status: [402] }], succeeded: [{ status: [200] }] },
    },
  ],
  card_testing_guard_config: Object.fromEntries(
    ['card_ip', 'guest_user_card', 'guest_ip'].flatMap((rule) => [
      [`${rule}_blocking_status`, 'enabled'],
      [`${rule}_blocking_threshold`, OUT_OF_REACH],
    ]),
  ),
});

function api(server: KillableServer, method: string, path: string, body: unknown): Promise<BareAnswer> {
  const headers = { ...LOCAL, authorization: `Bearer ${ADMIN_KEY}`, 'content-type': 'application/json' };
  return server.client.send({ method, path: `/.cordon/v1${path}`, headers, body: JSON.stringify(body) });
}

/** In turns a declined attempt at the checkout, and one of the API whose outcome is told; notes what was heard of. */
async function sendUntilKilled(server: KillableServer, sender: number, told: Set<string>): Promise<void> {
  const { client } = server;
  const as = { ...LOCAL, 'content-type': 'application/json', 'cf-connecting-ip': `203.0.113.${sender}` };
  const attempt = { ip: '203.0.113.99', card: { number: '4242424242424242' } };
  try {
    for (;;) {
      const paid = await client.send({ headers: as, body: JSON.stringify({ card: { number: '4242424242424242' } }) });
      if (paid.status === 402) told.add(String(paid.headers['cordon-evaluation']));
      const asked = await api(server, 'POST', '/evaluations', { merchant: 'acme', attempt });
      const { id } = JSON.parse(asked.body) as { id: string };
      const heard = await api(server, 'POST', `/evaluations/${id}/outcome`, { status: 'failed' });
      if (heard.status === 200) told.add(id);
    }
  } catch {
    // Killed.
  }
}

/** How much was missing. */
async function reconcile(server: KillableServer): Promise<number> {
  let missing = 0;
  let cursor: string | undefined;
  do {
    const answer = await api(server, 'POST', '/journal/reconcile', { merchant: 'acme', cursor });
    const found = JSON.parse(answer.body) as Record<string, number> & { next_cursor: string | null };
    expect(answer.status, answer.body).toBe(200);
    missing += (found.decisions_added ?? 0) + (found.outcomes_added ?? 0);
    cursor = found.next_cursor ?? undefined;
  } while (cursor !== undefined);
  return missing;
}

function idsOf(database: DatabaseSync, sql: string): readonly string[] {
  return database
    .prepare(sql)
    .all()
    .map(({ id }) => String(id))
    .sort();
}
