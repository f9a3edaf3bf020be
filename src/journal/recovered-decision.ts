/**
 * A decision as the gate can still tell it: why it was answered so, and who it was as far as the counters name him.
 * Country, network and route are not among it. Pure.
 */
import type { Attempt } from '../attempt/attempt.ts';
import { parseIp } from '../attempt/ip-address.ts';
import { evaluate, type Occasion, wouldBe } from '../decision/evaluation.ts';
import type { Finding } from '../decision/reason.ts';
import { velocityFindings } from '../decision/velocity-findings.ts';
import type { LedgerRecord } from '../gate/ledger-messages.ts';
import { isPayers } from '../velocity/identity.ts';
import { decisionEntry } from './decision-entry.ts';
import type { DecisionEntry } from './entry.ts';
import { countOf } from './rule-counts.ts';

/** What stands where the route would. */
export const RECOVERED_ROUTE = '(recovered)';

/** Null for a record that cannot be read. */
export function recoveredDecision({ source, record, verdicts, keys, cards }: LedgerRecord, merchant: string) {
  const known = readRecord(record);
  if (known === null || known.occasion.merchant !== merchant) return null;
  const { early, occasion } = known;
  const findings = [...early, ...velocityFindings(verdicts)];
  const evaluation = evaluate(findings, occasion);
  const attempt = attemptIn(keys, cards);
  return decisionEntry(evaluation, {
    source,
    route: RECOVERED_ROUTE,
    attempt,
    kind: 'payment',
    whence: attempt.whence,
    wouldBe: wouldBe(evaluation, findings, occasion),
    lease: null,
    counts: verdicts.map(countOf),
    timing: null,
    origin: null,
    repeats: null,
    outcome: null,
  }) satisfies DecisionEntry;
}

function readRecord(record: string): { readonly early: readonly Finding[]; readonly occasion: Occasion } | null {
  try {
    const { early, occasion } = JSON.parse(record) as { early?: readonly Finding[]; occasion?: Occasion };
    return early === undefined || occasion === undefined ? null : { early, occasion };
  } catch {
    return null;
  }
}

/** A key is its rule's name and then the identities (velocity/touch.ts), which tell by themselves what they are. */
function attemptIn(keys: readonly string[], cards: readonly string[]): Attempt {
  const parts = keys.flatMap((key) => (JSON.parse(key) as string[]).slice(1));
  const isCard = (part: string) => /^(?:fp|pf|tk|at)_/.test(part);
  const ip = parts.map((part) => parseIp(part.replace(/\/64$/, ''))).find((it) => it !== null) ?? null;
  const session = parts.find((part) => part.startsWith('se_')) ?? null;
  const customer = parts.find(
    (part) => isPayers(part) && !isCard(part) && part !== session && parseIp(part.replace(/\/64$/, '')) === null,
  );
  const [fingerprint = parts.find(isCard)] = cards;
  return {
    kind: 'payment',
    whence: ip === null ? null : { ip, country: null, asn: null },
    payer: customer === undefined ? { kind: 'guest' } : { kind: 'customer', id: customer },
    card: fingerprint === undefined ? null : { fingerprint, formerFingerprints: [], bin: null },
    session,
    amountMinor: null,
    currency: null,
  };
}
