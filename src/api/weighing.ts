/**
 * What is known of an attempt that a backend asks about. The caller vouches for what it says of it.
 */
import type { Whence } from '../attempt/attempt.ts';
import { issuerDigitsOf, parseCardNumber } from '../attempt/card-number.ts';
import type { Policy } from '../config/policy.ts';
import type { Provenance } from '../network/country-mismatch.ts';
import { checkNetwork, meetPayer, type NetworkFinding } from '../network/network-rules.ts';
import { type Asking, gather, type Sources } from '../network/reputation.ts';
import { NOTHING_WEIGHED, type Weighed, weigh } from '../network/risk-findings.ts';
import type { Tables } from '../network/tables.ts';
import type { ApiAttempt } from './schemas.ts';

export interface Weighing extends Pick<Asking, 'now' | 'afterwards'> {
  readonly policy: Policy;
  readonly sources: Sources;
}

/** Whether somebody outside is asked, so that only a caller whose key was looked at may cause it. */
export function asksProviders({ mode, reputation }: Policy): boolean {
  return mode !== 'off' && reputation !== null && reputation.providers.length > 0;
}

/** A renewal comes from nowhere: of it nothing is known. */
export async function weighAsked(
  said: ApiAttempt,
  whence: Whence | null,
  { policy, sources, now, afterwards }: Weighing,
): Promise<Weighed> {
  const { mode, reputation } = policy;
  if (mode === 'off' || reputation === null || whence === null) return NOTHING_WEIGHED;
  const gathered = await gather(whence, reputation, { sources, asker: policy, now, afterwards });
  const { tables } = sources;
  return weigh(gathered, { whence, provenance: provenanceOf(said, tables), tables }, reputation);
}

/** What the rules about countries and networks say. */
export function networkFindings(
  said: ApiAttempt,
  whence: Whence | null,
  { policy: { network }, tables }: { readonly policy: Policy; readonly tables: Tables },
): readonly NetworkFinding[] {
  if (whence === null) return [];
  const findings = checkNetwork(whence, network);
  if (findings.length === 0 || !network.payerCountry) return findings;
  const { cardCountry } = provenanceOf(said, tables);
  return meetPayer(findings, { country: whence.country, cardCountry }, network);
}

/** The processor knows a card's country better than a table does. */
export function provenanceOf(said: ApiAttempt, tables: Tables): Provenance {
  const { card, billing_country: billing, time_zone: timeZone = null } = said;
  const { number, bin, country } = card ?? {};
  const digits = number === undefined ? bin : issuerDigitsOf(parseCardNumber(number) ?? '');
  const cardCountry = knownCountry(country) ?? (digits === undefined ? null : tables.issuerCountry(digits));
  return { hasCard: card !== undefined, cardCountry, billingCountry: knownCountry(billing), timeZone };
}

function knownCountry(code: string | undefined): string | null {
  return code === undefined || code === 'XX' || code === 'T1' ? null : code;
}
