// Lines of Cordon's log out of whatever carries them: a dev server's output, or what `wrangler tail --format json` says.
// Pure. What is no line of a known event is passed over: banners, other Workers' words, URLs of requests.

import { stripVTControlCharacters } from 'node:util';
import { EVENTS, type EventName } from '../../src/journal/events.ts';
import type { TailFilter } from './operation-words.ts';

export interface LogLine {
  event: EventName;
  level: 'info' | 'error';
  /** ms since the epoch. */
  at: number;
  fields: Readonly<Record<string, unknown>>;
}

/** A line of a log as it stands there; null for anything else. `at`: when it was seen. */
export function readLogLine(written: string, at: number): LogLine | null {
  // A dev server frames errors in colours, whatever NO_COLOR says.
  const text = stripVTControlCharacters(written);
  const start = text.indexOf('{"event":"');
  if (start < 0) return null;
  const said = parse(text.slice(start).trimEnd());
  if (typeof said !== 'object' || said === null) return null;
  const { event, ...fields } = said as { event: EventName };
  if (!Object.hasOwn(EVENTS, event)) return null;
  return { event, level: EVENTS[event].level, at, fields };
}

interface TailedEvent {
  logs?: { message?: unknown[]; timestamp?: number }[];
  exceptions?: { name?: unknown; timestamp?: number }[];
  outcome?: unknown;
}

/** The lines in one event of `wrangler tail --format json`. Its request, with URL and headers, is not looked at. */
export function readTailedEvent(text: string, now: number): LogLine[] {
  const { logs = [], outcome } = (parse(text) ?? {}) as TailedEvent;
  const lines = logs.flatMap(({ message = [], timestamp = now }) =>
    message.map((one) => readLogLine(String(one), timestamp)).filter((line) => line !== null),
  );
  // What the platform ends speaks no line of its own: out of time or memory.
  const isEnded = typeof outcome === 'string' && /^exceeded[A-Za-z]{1,20}$/.test(outcome);
  if (!isEnded) return lines;
  return [...lines, { event: 'unexpected_error', level: 'error', at: now, fields: { error: outcome } }];
}

/** One JSON document after the other, on a line each or indented over many. */
export class Documents {
  #held: string[] = [];

  /** The document that ends with this line. */
  add(line: string): string | null {
    if (this.#held.length === 0 && !line.startsWith('{')) return null;
    this.#held.push(line);
    const isWhole = line === '}' || (this.#held.length === 1 && line.trimEnd().endsWith('}'));
    if (!isWhole) return null;
    const document = this.#held.join('\n');
    this.#held = [];
    return document;
  }
}

export function isWanted({ fields }: LogLine, { merchant, decision, rule }: TailFilter): boolean {
  if (merchant !== undefined && fields.merchant !== merchant) return false;
  if (decision !== undefined && fields.decision !== decision) return false;
  return rule === undefined || reasonsOf(fields).some((reason) => isAbout(reason, rule));
}

/** A reason is `code`, or `code:rule`, then `/mode`. */
function isAbout(reason: string, rule: string): boolean {
  const known = reason.replace(/\/(?:enforce|shadow|off)$/, '');
  return known === rule || known.split(':').includes(rule);
}

export function reasonsOf({ reasons }: LogLine['fields']): string[] {
  return Array.isArray(reasons) ? reasons.map(String) : [];
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
