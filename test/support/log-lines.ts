/**
 * The log as an operator's tools see it: every line that was written by whatever way, and what is wrong with any.
 */
import { vi } from 'vitest';
import { EVENTS, type EventName } from '../../src/journal/events.ts';
import { LINE_LIMIT } from '../../src/journal/log.ts';

const WAYS = ['log', 'error', 'warn', 'info', 'debug', 'trace'] as const;
const OBEYED = /[\p{Cc}\p{Cf}\u2028\u2029]/u;

/** Lines from now on; `vi.restoreAllMocks()` ends it. */
export function captureLog(): () => readonly string[] {
  const spies = WAYS.map((way) => vi.spyOn(console, way).mockImplementation(() => {}));
  return () => spies.flatMap(({ mock }) => mock.calls.map((args) => args.map(String).join(' ')));
}

/** What a line must not be, or hold; empty for a good one. */
export function faultsOf(line: string, planted: readonly string[]): readonly string[] {
  const faults = planted.filter((secret) => line.includes(secret)).map((secret) => `holds ${secret}`);
  if (line.length > LINE_LIMIT) faults.push(`is ${line.length} long`);
  if (OBEYED.test(line)) faults.push('has a character that a terminal obeys');
  return [...faults, ...shapeFaults(line)].map((fault) => `${fault}: ${line.slice(0, 300)}`);
}

function shapeFaults(line: string): readonly string[] {
  try {
    const { event, ...fields } = JSON.parse(line) as { event: EventName } & Record<string, unknown>;
    if (!(event in EVENTS)) return [`is of no known event (${event})`];
    const known = Object.keys(EVENTS[event].fields);
    return Object.keys(fields)
      .filter((name) => !known.includes(name) && name !== 'cut')
      .map((name) => `has the field ${name}`);
  } catch {
    return ['is no JSON'];
  }
}

export function eventsIn(lines: readonly string[]): ReadonlySet<string> {
  return new Set(lines.map((line) => (JSON.parse(line) as { event: string }).event));
}
