/**
 * A message as its receiver reads it: `type`, `timestamp` and `data`, as Standard Webhooks recommends.
 */
import { type AlertKind, docsOf, wordsOf } from './alert-kinds.ts';
import type { Burst, Turn } from './burst.ts';

export interface Message {
  /** The same from try to try, so that a receiver knows a repeat. */
  readonly id: string;
  readonly type: string;
  readonly burst: string;
  readonly body: string;
}

interface Told {
  readonly merchant: string;
  readonly now: number;
}

export function messageOf(burst: Burst, turn: Turn, { merchant, now }: Told): Message {
  const type = `${burst.kind}.${turn}`;
  const data = { merchant, state: turn, ...toldBurst(burst) };
  return { id: newId('msg'), type, burst: burst.id, body: bodyOf(type, data, now) };
}

/** What a test call sends. It belongs to no burst. */
export function testMessage({ merchant, now }: Told): Message {
  const data = { merchant, summary: 'A test: whoever reads this would have read an alert.', docs: 'docs/alerts.md' };
  return { id: newId('msg'), type: 'test', burst: '', body: bodyOf('test', data, now) };
}

/** A burst as messages and the API tell it. */
export function toldBurst({ id, kind, beganAt, lastAt, endedAt, count, found }: Burst) {
  const { kind: _, ...details } = found;
  const { summary, action } = wordsOf(found);
  return {
    id,
    kind: kind satisfies AlertKind,
    began_at: timeOf(beganAt),
    last_at: timeOf(lastAt),
    ended_at: endedAt === null ? null : timeOf(endedAt),
    count,
    summary: endedAt === null ? summary : `Over. ${summary}`,
    action: endedAt === null ? action : 'Nothing: it is over.',
    docs: docsOf(kind),
    details: snakeCased(details) as Readonly<Record<string, unknown>>,
  };
}

export function newId(prefix: 'msg' | 'al'): string {
  return `${prefix}_${crypto.getRandomValues(new Uint8Array(12)).toHex()}`;
}

export function timeOf(ms: number): string {
  return new Date(ms).toISOString();
}

function bodyOf(type: string, data: unknown, now: number): string {
  return JSON.stringify({ type, timestamp: timeOf(now), data });
}

/** Names as the wire has them, times as it writes them. */
function snakeCased(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(snakeCased);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, inner]) => [
      name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`),
      name === 'silentSince' ? timeOf(Number(inner)) : snakeCased(inner),
    ]),
  );
}
