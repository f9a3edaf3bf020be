/**
 * What is known of whoever sends a request to a protected route before a byte of its body is read: by address alone.
 * On a server route the allowlist speaks first, and whom it knows is spared the rules about countries and networks.
 */
import type { Whence } from '../attempt/attempt.ts';
import type { Policy, Route } from '../config/policy.ts';
import type { Finding } from '../decision/reason.ts';
import { type Standing, standingFindings, standingOf } from '../network/allowlist.ts';
import { checkNetwork } from '../network/network-rules.ts';

export interface Caller {
  readonly findings: readonly Finding[];
  /** One of the merchant's own servers: spared whatever is about addresses. */
  readonly isKnown: boolean;
  /** May not use the route, whatever the request says. */
  readonly isStranger: boolean;
  /** May use it only where a lease holds the address, which the gate alone knows. */
  readonly isUnproven: boolean;
}

const NOBODY: Caller = { findings: [], isKnown: false, isStranger: false, isUnproven: false };
const OWN_SERVER: Caller = { findings: [], isKnown: true, isStranger: false, isUnproven: false };

/** `now` in ms since the epoch. A caller without an address is nobody's: it is refused as such. */
export function checkCaller(whence: Whence | null, { route, policy, now }: Occurrence): Caller {
  if (whence === null) return NOBODY;
  const network = checkNetwork(whence, policy.network);
  if (route.access === 'shopper') return { ...NOBODY, findings: network };
  const standing: Standing = route.accepts.has('static') ? standingOf(whence, policy.allowlist, now) : UNASKED;
  if (standing.kind === 'listed') return OWN_SERVER;
  const access = standingFindings(standing, policy.network.modes);
  const isRefused = access.some(({ mode }) => mode === 'enforce');
  const mayBeLeased = policy.leases !== null && route.accepts.has('leased');
  const findings = [...access, ...network];
  return { findings, isKnown: false, isStranger: isRefused && !mayBeLeased, isUnproven: isRefused && mayBeLeased };
}

const UNASKED: Standing = { kind: 'unasked' };

interface Occurrence {
  readonly route: Route;
  readonly policy: Policy;
  readonly now: number;
}
