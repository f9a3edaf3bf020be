/**
 * The counters' verdicts as findings.
 */
import { wordsOfAlarm } from '../attack/alarm-words.ts';
import type { Alarm } from '../attack/attacked.ts';
import type { Verdict } from '../velocity/admission.ts';
import type { Finding } from './reason.ts';

/** A payment's own time limit is about this long: by then a place has usually become free. */
const IN_FLIGHT_RETRY_SECONDS = 5;

/** One finding for each rule that would not admit the attempt as it is. */
export function velocityFindings(verdicts: readonly Verdict[]): readonly Finding[] {
  const findings: Finding[] = [];
  for (const verdict of verdicts) {
    const finding = findingOf(verdict);
    // By a BIN a rule has two counters, which may say the same.
    if (finding !== null && !findings.some((one) => isSame(one, finding))) findings.push(finding);
  }
  return findings;
}

function isSame(one: Finding, other: Finding): boolean {
  return one.rule === other.rule && one.message === other.message && one.mode === other.mode;
}

function findingOf(verdict: Verdict): Finding | null {
  const finding = standingOf(verdict);
  if (finding === null || verdict.spared !== true) return finding;
  return {
    ...finding,
    code: 'velocity',
    consequence: 'allow',
    message: `${finding.message}; a clean history is left alone`,
  };
}

function standingOf(verdict: Verdict): Finding | null {
  const { rule, mode, state, inFlight, limit, then, strength } = verdict;
  switch (state) {
    case 'open':
      return null;
    case 'shut': {
      if (verdict.alarm !== undefined) return attackFinding(verdict, verdict.alarm);
      const message = `${countedIn(verdict)}, limit ${limit}`;
      return { code: 'velocity', rule, mode, consequence: then ?? 'block', message, ...demanding(strength) };
    }
    case 'busy': {
      const message = `${countedIn(verdict)} and ${inFlight} in flight, limit ${limit}`;
      // Who is challenged or looked at need not wait until there is room.
      if (then !== undefined) {
        return { code: 'velocity', rule, mode, consequence: then, message, ...demanding(strength) };
      }
      const retryAfterSeconds = IN_FLIGHT_RETRY_SECONDS;
      return { code: 'in_flight', rule, mode, consequence: 'block', message, retryAfterSeconds };
    }
  }
}

/** In a segment that is attacked: `bin:424242 is under attack: 31 of 47 failed, 11% are usual`. */
function attackFinding({ mode, then, strength }: Verdict, alarm: Alarm): Finding {
  const never = alarm.isNew ? ', and nothing of it was ever paid' : '';
  const message = `${wordsOfAlarm(alarm)}${never}`;
  return {
    code: 'attack_mode',
    rule: alarm.segment,
    mode,
    consequence: then ?? 'block',
    message,
    ...demanding(strength),
  };
}

function demanding(strength: number | undefined): Pick<Finding, 'strength'> {
  return strength === undefined ? {} : { strength };
}

/** Such as `4 distinct cards failed`. */
function countedIn({ count, counts, of }: Verdict): string {
  if (counts === undefined) return `${count} failures`;
  const words = counts.replaceAll('_', ' ');
  if (!counts.startsWith('distinct_')) return `${count} ${words}`;
  return `${count} ${words} ${of === 'attempts' ? 'tried' : 'failed'}`;
}
