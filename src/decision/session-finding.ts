/**
 * What a payment's session, the lack of one, or its use has to say: a signal, never a proof. Who opens a page has one.
 */
import type { SessionReading, SessionRules } from '../attempt/session-cookie.ts';
import type { Reuse } from '../velocity/session-use.ts';
import type { Finding } from './reason.ts';

type Rules = Pick<SessionRules, 'minAgeMs' | 'maxAgeMs'> & Pick<Finding, 'mode'>;

/** One finding, or none for a session that is as it should be. */
export function sessionFindings({ kind }: SessionReading, rules: Rules): readonly Finding[] {
  if (kind === 'good') return [];
  return [noSession(rules.mode, describe(kind, rules))];
}

type ReuseRules = Pick<Finding, 'mode'> & { readonly most: Readonly<Record<Reuse, number | null>> };

/** One finding for each thing that the session was used with too many of. */
export function reuseFindings(reuse: readonly Reuse[], { mode, most }: ReuseRules): readonly Finding[] {
  return reuse.map((things) => noSession(mode, `the session came with more than ${most[things]} ${things} in an hour`));
}

function noSession(mode: Finding['mode'], message: string): Finding {
  return { code: 'no_session', mode, consequence: 'challenge', message };
}

function describe(kind: Exclude<SessionReading['kind'], 'good'>, { minAgeMs, maxAgeMs }: Rules): string {
  switch (kind) {
    case 'absent':
      return 'no session cookie came with the payment';
    case 'doubled':
      return 'the session cookie came more than once';
    case 'malformed':
      return 'the session cookie is malformed';
    case 'forged':
      return 'the session cookie is not signed for this merchant';
    case 'future':
      return 'the session cookie is from the future';
    case 'stale':
      return `the session cookie is older than ${maxAgeMs / 1000} s`;
    case 'young':
      return `the visit began less than ${minAgeMs / 1000} s ago`;
  }
}
