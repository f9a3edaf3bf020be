/**
 * Times as the contract writes them: RFC 3339 in UTC. Pure but for what it remembers of times before.
 */

/** Most times that are told share their second with one before; V8 prints a date by `printf`, 8,000 instructions each. */
const seconds = new Map<number, string>();
const SECONDS_LIMIT = 100;

/** `ms` since the epoch, a whole number. */
export function timeText(ms: number): string {
  const second = Math.floor(ms / 1000);
  const text = seconds.get(second) ?? secondText(second);
  return `${text}${String(ms - second * 1000).padStart(3, '0')}Z`;
}

function secondText(second: number): string {
  const text = new Date(second * 1000).toISOString().slice(0, -'000Z'.length);
  if (seconds.size >= SECONDS_LIMIT) seconds.clear();
  seconds.set(second, text);
  return text;
}
