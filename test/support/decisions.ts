/**
 * Made-up decisions of a shop, as entries of the record: the same ones for the same numbers.
 */
import { furtherTry } from '../../src/gate/evaluation-id.ts';
import type { DecisionEntry, Entry, OutcomeEntry } from '../../src/journal/entry.ts';

export interface Shop {
  readonly merchant: string;
  /** When the first decision fell, ms since the epoch; one follows the other by `everyMs`. */
  readonly from: number;
  readonly everyMs: number;
}

const COUNTRIES = ['NL', 'NL', 'NL', 'NL', 'NL', 'NL', 'DE', 'DE', 'FR', 'BE', 'US', 'VN'];
const ROUTES = ['pay', 'pay', 'pay', 'pay', 'pay', 'pay', 'pay', 'pay', 'pay', 'wallet'];
const DECLINES = ['do_not_honor', 'incorrect_cvc', 'insufficient_funds'];

/** The id of decision `at` of a shop. */
export function idOf({ merchant, from, everyMs }: Shop, at: number): string {
  const time = (from + at * everyMs).toString(16).padStart(12, '0');
  return `ev_${time}${hash(at).toString(16).padStart(20, '0')}${merchant}`;
}

/** A few in a hundred are refused, one in ten fails, one in two hundred is rare in every way. */
export function decisionOf(shop: Shop, at: number, change: Partial<DecisionEntry> = {}): DecisionEntry {
  const { merchant } = shop;
  const draw = hash(at);
  const isRare = at % 20_000 === 777;
  const isRefused = draw % 100 < 4;
  const wouldBeRefused = isRefused || draw % 100 < 7;
  const id = idOf(shop, at);
  const ip = `${80 + (draw % 40)}.${(draw >>> 6) % 256}.${(draw >>> 3) % 256}.${draw % 251}`;
  const isFailed = !isRefused && draw % 10 === 3;
  const time = shop.from + at * shop.everyMs;
  const told = {
    kind: 'outcome',
    merchant,
    at: time + 900,
    evaluation: id,
    try: null,
    payment_id: `pi_${draw}`,
  } as const;
  const outcome: OutcomeEntry = {
    ...told,
    status: isFailed ? 'failed' : 'succeeded',
    decline_reason: isFailed ? (DECLINES[draw % 3] ?? null) : null,
    decline_code: isFailed ? 'generic_decline' : null,
    contradicted: false,
    told_by: 'answer',
  };
  return {
    kind: 'decision',
    id,
    merchant,
    at: time,
    decision: isRefused ? 'block' : 'allow',
    would_be: wouldBeRefused ? 'block' : 'allow',
    mode: 'enforce',
    source: 'proxy',
    route: isRare ? 'rare' : (ROUTES[draw % ROUTES.length] ?? 'pay'),
    attempt_kind: 'payment',
    country: isRare ? 'IS' : (COUNTRIES[draw % COUNTRIES.length] ?? 'NL'),
    asn: isRare ? 64_500 : 1_000 + (draw % 300),
    ip,
    ip_prefix: `${ip.slice(0, ip.lastIndexOf('.'))}.0/24`,
    bin: isRare ? '999999' : String(400_000 + (draw % 500)),
    card: `fp_${String(draw % 60_000).padStart(43, '0')}`,
    customer: draw % 3 === 0 ? `cus_${draw % 20_000}` : null,
    session: `se_${String(draw % 70_000).padStart(22, '0')}`,
    amount: 100 + (draw % 20_000),
    currency: 'EUR',
    risk_score: draw % 60,
    risk_level: 'normal',
    risk: {
      confidence: 1,
      contributions: [{ source: 'hosting', score: draw % 60, message: 'a data centre', mode: 'enforce' }],
      silent: [],
    },
    reasons: reasonsOf(isRefused, wouldBeRefused, isRare),
    counts: ['card_ip', 'guest_card', 'guest_ip', 'customer'].map((rule) => ({
      rule,
      mode: 'enforce',
      state: 'open',
      count: draw % 3,
      in_flight: 0,
      limit: 4,
    })),
    config_version: '5f2d0c7a9e1b4c3d8a6f0e9d7c5b3a19',
    lease: null,
    challenge: null,
    timing: { read: 1, judge: 3, origin: 240 },
    origin: 200,
    repeats: null,
    outcome: isRefused || draw % 50 === 7 ? null : outcome,
    ...change,
  };
}

/** What else is heard of decision `at`: of some a further try, a challenge, a dispute. */
export function wordsOf(shop: Shop, at: number): readonly Entry[] {
  const { merchant } = shop;
  const { id: evaluation, at: time, outcome } = decisionOf(shop, at);
  const draw = hash(at);
  const known = { merchant, at: time + 60_000, evaluation };
  return [
    ...(outcome !== null && draw % 90 === 5
      ? [{ ...outcome, try: furtherTry('', `ch_${draw}`).slice(1), status: 'failed', at: time + 5_000 } as const]
      : []),
    ...(draw % 200 === 9 ? [{ ...known, kind: 'challenge', what: 'passed', method: 'turnstile' } as const] : []),
    ...(draw % 400 === 11 ? [{ ...known, kind: 'label', label: 'dispute' } as const] : []),
  ];
}

function reasonsOf(isRefused: boolean, wouldBeRefused: boolean, isRare: boolean): DecisionEntry['reasons'] {
  const rare = isRare ? [{ code: 'tor', message: 'an exit of Tor', mode: 'shadow' } as const] : [];
  if (!wouldBeRefused) return rare;
  const mode = isRefused ? 'enforce' : 'shadow';
  return [
    ...rare,
    { code: 'velocity', rule: isRefused ? 'card_ip' : 'guest_ip', message: '4 failures, limit 4', mode },
  ];
}

/** A number that looks like chance (Knuth's multiplicative hash). */
function hash(at: number): number {
  return Math.imul(at + 1, 2_654_435_761) >>> 0;
}
