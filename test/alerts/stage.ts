/**
 * A merchant who is alerted, an alerts object of his own, and a clock that the test moves.
 */
import { runDurableObjectAlarm, runInDurableObject } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import { onTestFinished, vi } from 'vitest';
import type { AlertCalls } from '../../src/alerts/alert-calls.ts';
import type { Alerts } from '../../src/alerts/alerts.ts';
import type { AlertOverview } from '../../src/alerts/overview.ts';
import { api, configure } from '../api/backend.ts';
import { START } from '../gate/asking.ts';
import { RECEIVER, StandInReceiver } from '../support/receiver.ts';

export const SECOND = 1_000;
export const MINUTE = 60 * SECOND;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;

export const alertsTo = (change: Record<string, unknown> = {}) => ({
  alerts: { url: RECEIVER, secret_name: 'CORDON_ALERT_TESTS', ...change },
});

/** Until the running test is over: whoever is alerted, and nothing on the console. */
export function receiving(): StandInReceiver {
  vi.spyOn(console, 'error').mockReturnValue();
  vi.spyOn(console, 'log').mockReturnValue();
  onTestFinished(() => {
    vi.unstubAllGlobals();
    vi.restoreAllMocks();
    vi.useRealTimers();
  });
  return new StandInReceiver();
}

let made = 0;
let clock = START;

/** A merchant of the test's own; the clock stands still. */
export async function watched(change: Record<string, unknown> = alertsTo()): Promise<string> {
  const id = `watched${++made}`;
  // A timer would keep an object in memory: without them it is evicted at once.
  vi.useFakeTimers({ toFake: ['Date', 'setTimeout', 'clearTimeout'] });
  vi.setSystemTime(clock);
  await configure(id, change);
  return id;
}

export function pass(ms: number): void {
  clock = Date.now() + ms;
  vi.setSystemTime(clock);
}

/** The object's calls, as the Worker makes them. */
export function alertsOf(merchant: string): AlertCalls {
  return objectOf(merchant) as unknown as AlertCalls;
}

export function objectOf(merchant: string): DurableObjectStub<Alerts> {
  return env.ALERTS.getByName(merchant) as unknown as DurableObjectStub<Alerts>;
}

/** Its alarm comes now, whatever the time; false where none was set. */
export function ring(merchant: string): Promise<boolean> {
  return runDurableObjectAlarm(objectOf(merchant));
}

/** Time passes, and the alarm comes as often as it is due. */
export async function live(merchant: string, ms: number, step = 5 * MINUTE): Promise<void> {
  for (let passed = 0; passed < ms; passed += step) {
    pass(Math.min(step, ms - passed));
    const at = await alarmOf(merchant);
    if (at !== null && at <= Date.now()) await ring(merchant);
  }
}

export function alarmOf(merchant: string): Promise<number | null> {
  return runInDurableObject(objectOf(merchant), (_, { storage }) => storage.getAlarm());
}

export async function overview(merchant: string): Promise<AlertOverview> {
  return (await api('GET', `/merchants/${merchant}/alerts`)).json();
}
