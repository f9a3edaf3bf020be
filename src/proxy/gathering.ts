/**
 * What is known of whoever tries something: asked about the address as early as may be, weighed with each attempt.
 */
import type { Route } from '../config/policy.ts';
import { type Gathered, type Gathering, gather } from '../network/reputation.ts';
import { NOTHING_WEIGHED, type Weighed, weigh } from '../network/risk-findings.ts';
import type { Origins, Tried } from './attempt-reader.ts';
import type { Guarding } from './guarding.ts';

/** Asks about the address; null where nothing is to be asked. */
export function beginGathering({ edge, visit, route, inForce, caller, now, afterwards }: Guarding): Gathering | null {
  const { policy } = inForce;
  const { reputation } = policy;
  if (reputation === null || visit.whence === null || caller.isKnown) return null;
  // A renewal comes from a server, unless anybody may send one.
  if (route.kind === 'renewal' && route.access === 'server') return null;
  const { sources } = edge.environment;
  // Nobody outside hears of a server of the merchant's: a lease may hold the address, and only the gate knows. Without
  // one the request is refused anyway. Where anybody may use the route, as in shadow, providers are all that speaks.
  const rules = caller.isUnproven ? { ...reputation, providers: [] } : reputation;
  return gather(visit.whence, rules, { sources, asker: policy, now, afterwards });
}

/** Null where no table is asked, or all are at hand: always, but in a fresh isolate. */
export function readTables({ edge, inForce, now, afterwards }: Guarding): Promise<void> | null {
  const { tables } = inForce.policy;
  return tables === null ? null : edge.environment.sources.tables.prepare(tables, now, afterwards);
}

/** Most of what comes to a GraphQL route pays nothing: nobody is asked before that is known. */
export function isGatheredEarly({ graphql }: Route): boolean {
  return graphql === null;
}

/** By what it is told where card and payer belong; null where nobody asks. */
export function originsOf({ edge, visit, inForce }: Guarding): Origins | null {
  const { reputation, network, asks } = inForce.policy;
  if (reputation === null && !network.payerCountry && !asksProvenance(asks)) return null;
  return { tables: edge.environment.sources.tables, timeZone: visit.timeZone };
}

function asksProvenance(asks: ReadonlySet<string> | null): boolean {
  return asks !== null && (asks.has('card.country') || asks.has('attempt.billing_country'));
}

/** What the attempt is told by all of it. */
export function weighAttempt(
  { edge, visit, inForce }: Guarding,
  { provenance }: Tried,
  gathered: Gathered | null,
): Weighed {
  const { reputation } = inForce.policy;
  const { whence } = visit;
  if (gathered === null || reputation === null || whence === null) return NOTHING_WEIGHED;
  const { tables } = edge.environment.sources;
  return weigh(gathered, { whence, provenance, tables }, reputation);
}
