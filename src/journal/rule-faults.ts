/**
 * Says in the log that a merchant's rule has no result: once a minute and rule in each isolate, whatever comes.
 */
import { log } from './log.ts';

const MINUTE_MS = 60_000;
/** Rules remembered, so that no configuration can fill an isolate. */
const REMEMBERED = 1_000;

/** When each was last said, in ms since the epoch. */
const said = new Map<string, number>();

/** To be told the name of a rule that has no result. `now` in ms since the epoch. */
export function ruleFaults(merchant: string, now: number): (rule: string) => void {
  return (rule) => {
    const key = `${merchant}|${rule}`;
    const last = said.get(key);
    if (last !== undefined && now - last < MINUTE_MS) return;
    if (said.size >= REMEMBERED) said.clear();
    said.set(key, now);
    log({ event: 'rule_faulty', merchant, rule });
  };
}
