/**
 * What a merchant's expressions are told of an attempt (docs/rules.md). Pure: `now` in ms since the epoch. What is not
 * known is null; texts that somebody could make long are cut.
 */
import type { Attempt } from '../attempt/attempt.ts';
import { schemeOf } from '../attempt/card-schemes.ts';
import { countedPrefix } from '../attempt/ip-prefix.ts';
import type { Facts } from '../expression/facts.ts';
import { FACT_LIST_LIMIT, FACT_TEXT_LIMIT } from '../expression/facts.ts';
import type { Provenance } from '../network/country-mismatch.ts';
import type { Risk } from '../network/risk.ts';
import { riskLevelOf } from './evaluation.ts';

/** What is known beside the attempt itself. */
export interface Beside {
  /** Null in the API. */
  readonly route: string | null;
  readonly provenance: Pick<Provenance, 'cardCountry' | 'billingCountry'>;
  /** The domain of the payer's e-mail, in lower case. */
  readonly emailDomain: string | null;
  /** Of the payer's session: null where it is not known whether he has one. */
  readonly session: { readonly isPresent: boolean; readonly bornAt: number | null } | null;
  readonly risk: Risk | undefined;
  readonly now: number;
  /** Which facts somebody asks for: what costs more than a look is told to him alone. */
  readonly asks: ReadonlySet<string>;
}

const NO_COUNTS: Facts['counts'] = new Map();
const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
/** The first of January 1970 was one. */
const THURSDAY = 4;

export function factsOf(attempt: Attempt, beside: Beside): Facts {
  const { route, provenance, emailDomain, session, risk, now, asks } = beside;
  const { kind, whence, card, payer, amountMinor: amount, currency } = attempt;
  const { cardCountry, billingCountry } = provenance;
  const day = Math.floor(now / DAY_MS);
  return {
    attempt: {
      kind,
      route,
      amount,
      currency,
      billing_country: billingCountry,
      hour: Math.floor(now / HOUR_MS) % 24,
      weekday: ((day + THURSDAY - 1) % 7) + 1,
    },
    ip: addressFacts(whence, asks),
    card: {
      present: card !== null,
      bin: card?.bin ?? null,
      country: cardCountry,
      scheme: asks.has('card.scheme') && card !== null && card.bin !== null ? schemeOf(card.bin) : null,
      fingerprint: card?.fingerprint ?? null,
    },
    customer: payer.kind === 'customer' ? { verified: true, id: cut(payer.id) } : GUEST,
    email: { domain: emailDomain === null ? null : cut(emailDomain) },
    session: {
      present: session?.isPresent ?? null,
      age_seconds: ageSeconds(session?.bornAt ?? null, now),
    },
    risk: riskFacts(risk),
    counts: NO_COUNTS,
  };
}

const GUEST = { verified: false, id: null } as const;
const NOWHERE = { address: null, prefix: null, country: null, asn: null, is_ipv6: null } as const;
const NOT_ASSESSED = { score: null, level: null, signals: null } as const;

function addressFacts(whence: Attempt['whence'], asks: Beside['asks']): Facts['ip'] {
  if (whence === null) return NOWHERE;
  const { ip, country, asn } = whence;
  return {
    address: ip.text,
    prefix: asks.has('ip.prefix') ? countedPrefix(ip) : null,
    country,
    asn,
    is_ipv6: ip.text.includes(':'),
  };
}

/** Of what is enforced alone, as the score is. */
function riskFacts(risk: Risk | undefined): Facts['risk'] {
  if (risk === undefined) return NOT_ASSESSED;
  const { score, contributions } = risk;
  const signals = contributions.filter(({ mode }) => mode === 'enforce').map(({ source }) => source);
  return { score, level: riskLevelOf(score), signals: [...new Set(signals)].slice(0, FACT_LIST_LIMIT) };
}

function ageSeconds(bornAt: number | null, now: number): number | null {
  return bornAt === null ? null : Math.max(0, Math.floor((now - bornAt) / 1000));
}

function cut(text: string): string {
  return text.slice(0, FACT_TEXT_LIMIT);
}
