/**
 * A server of the shop that is down, told to whom the merchant names: by what isolates say, and by the look of the alerts
 * object, which alone says that all are back.
 */
import { env } from 'cloudflare:workers';
import { beforeEach, expect, it } from 'vitest';
import type { Gate } from '../../src/gate/gate.ts';
import type { PlaceEvent } from '../../src/gate/place-health.ts';
import { configure } from '../api/backend.ts';
import type { StandInReceiver } from '../support/receiver.ts';
import { alertsOf, alertsTo, live, MINUTE, receiving, ring, watched } from './stage.ts';

const pool = [{ url: 'https://nl.acme.example' }, { url: 'https://de.acme.example', priority: 2 }];
const place = 'nl.acme.example';

let receiver: StandInReceiver;
beforeEach(() => {
  receiver = receiving();
});

async function shop(change: object = {}): Promise<string> {
  const merchant = await watched({ ...alertsTo(), origin: { pool, ...change } });
  await ring(merchant);
  return merchant;
}

const seen = (merchant: string, ...events: readonly PlaceEvent[]) =>
  (env.GATE.getByName(merchant) as unknown as DurableObjectStub<Gate>).hearOrigin({ events });
const falls: PlaceEvent = { kind: 'failed', place, why: 'lost' };
const passes: PlaceEvent = { kind: 'passed', place };

it('is told by name when the look finds it, and its end when all are back', async () => {
  const merchant = await shop();
  await seen(merchant, falls);
  await live(merchant, 11 * MINUTE);
  expect(receiver.types).toEqual(['origin_down.began']);
  expect(receiver.arrived[0]?.body).toContain(place);
  await seen(merchant, passes, passes, passes);
  await live(merchant, 11 * MINUTE);
  expect(receiver.types).toEqual(['origin_down.began', 'origin_down.ended']);
});

it('is told at once by the isolate that saw it, and not twice when it flaps', async () => {
  const merchant = await shop();
  for (let n = 0; n < 3; n++) {
    await seen(merchant, falls);
    await alertsOf(merchant).notice({ kind: 'origin_down', places: [place] });
    await seen(merchant, ...Array(48).fill(passes));
  }
  await live(merchant, 4 * MINUTE, 1_000);
  expect(receiver.types).toEqual(['origin_down.began']);
});

it('is over when the server is no more', async () => {
  const merchant = await shop();
  await seen(merchant, falls);
  await live(merchant, 11 * MINUTE);
  await configure(merchant, { ...alertsTo(), origin: { pool: pool.slice(1), health: { path: '/healthz' } } });
  await live(merchant, 11 * MINUTE);
  expect(receiver.types).toEqual(['origin_down.began', 'origin_down.ended']);
});

it('is looked for of one server that is checked, and not of one that nobody checks', async () => {
  for (const [health, types] of [
    [undefined, []],
    [{ path: '/healthz' }, ['origin_down.began']],
  ] as const) {
    const merchant = await shop({ pool: pool.slice(0, 1), health });
    await seen(merchant, falls);
    await live(merchant, 11 * MINUTE);
    expect(receiver.types).toEqual(types);
  }
});
