/**
 * The counters' verdicts as findings.
 */
import type { Verdict } from '../velocity/admission.ts';
import type { Finding } from './reason.ts';

/** A payment's own time limit is about this long: by then a place has usually become free. */
const IN_FLIGHT_RETRY_SECONDS = 5;

/** One finding for each rule that would not admit the attempt. */
export function velocityFindings(verdicts: readonly Verdict[]): readonly Finding[] {
  const findings: Finding[] = [];
  for (const verdict of verdicts) {
    const finding = findingOf(verdict);
    if (finding !== null) findings.push(finding);
  }
  return findings;
}

function findingOf({ rule, mode, state, count, inFlight, limit }: Verdict): Finding | null {
  switch (state) {
    case 'open':
      return null;
    case 'shut':
      return { code: 'velocity', rule, mode, consequence: 'block', message: `${count} failures, limit ${limit}` };
    case 'busy': {
      const message = `${count} failures and ${inFlight} in flight, limit ${limit}`;
      return {
        code: 'in_flight',
        rule,
        mode,
        consequence: 'block',
        message,
        retryAfterSeconds: IN_FLIGHT_RETRY_SECONDS,
      };
    }
  }
}
