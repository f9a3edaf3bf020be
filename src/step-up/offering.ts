/**
 * Which methods a payer is offered, and the ticket that he is offered them by.
 */
import type { Attempt, Card } from '../attempt/attempt.ts';
import { boundOf, customerOf } from './binding.ts';
import { METHOD_STRENGTHS, type MethodName } from './method-name.ts';
import { allOverAt } from './pass.ts';
import type { StepUpSettings } from './settings.ts';
import { writeTicket } from './ticket.ts';

export interface Terms {
  /** The strength that meets everything that was found. */
  readonly demanded: number;
  /** 0 to 100. */
  readonly riskScore: number;
  readonly attempt: Pick<Attempt, 'kind' | 'payer'>;
  /** What the route does with; null: all. */
  readonly narrowed: readonly MethodName[] | null;
}

/** What only a verified customer can have. */
const FOR_CUSTOMERS: readonly MethodName[] = ['passkey'];

/** In order; none where nothing is for this payer. Nobody is there to be asked about a renewal. */
export function methodsFor(settings: Pick<StepUpSettings, 'methods' | 'byRisk'>, terms: Terms): readonly MethodName[] {
  const { demanded, riskScore, attempt, narrowed } = terms;
  if (attempt.kind === 'renewal') return [];
  const byRisk = settings.byRisk.find(({ above }) => riskScore > above);
  const isGuest = attempt.payer.kind === 'guest';
  return (byRisk ?? settings).methods.filter(
    (name) =>
      METHOD_STRENGTHS[name] >= demanded &&
      (narrowed === null || narrowed.includes(name)) &&
      !(isGuest && FOR_CUSTOMERS.includes(name)),
  );
}

/** By name, what a payer is asked for; none where nothing is for him. */
export function askedIn(methods: readonly MethodName[]): readonly MethodName[] {
  return methods[0] === '3ds' ? ['3ds'] : methods.filter((name) => name !== '3ds');
}

/** What is done about it: the processor is asked where that comes first, or a page runs the others. */
export function offerIn(
  methods: readonly MethodName[],
):
  | { readonly kind: 'none'; readonly because: 'none_fits' }
  | { readonly kind: 'request_3ds' }
  | { readonly kind: 'offered'; readonly methods: readonly MethodName[]; readonly at: null } {
  const asked = askedIn(methods);
  const [first] = asked;
  if (first === undefined) return { kind: 'none', because: 'none_fits' };
  return first === '3ds' ? { kind: 'request_3ds' } : { kind: 'offered', methods: asked, at: null };
}

export interface Ticketing {
  readonly merchant: string;
  readonly digestKey: CryptoKey;
  readonly stepUp: Pick<StepUpSettings, 'challengeMs'> & { readonly ticketKey: CryptoKey };
}

export interface Asking {
  readonly evaluation: string;
  readonly attempt: Attempt;
  /** Further names of cards in the request. */
  readonly others: readonly Card[];
  readonly methods: readonly MethodName[];
  readonly riskScore: number;
  /** How many times as hard a method that can be made harder is to be, as under attack; absent: as the risk asks for. */
  readonly effort?: number;
  /** Where the challenge is: name, and port where it has one. */
  readonly host: string;
  /** ms since the epoch. */
  readonly now: number;
}

export interface Issued {
  readonly token: string;
  readonly url: string;
  /** ms since the epoch. */
  readonly expiresAt: number;
  /** From then on no pass of it is good. */
  readonly allOverAt: number;
}

export const CHALLENGE_PATH = '/.cordon/challenge/';

export async function issueTicket(asking: Asking, { merchant, digestKey, stepUp }: Ticketing): Promise<Issued> {
  const { evaluation, attempt, others, methods, riskScore, effort = 1, host, now } = asking;
  const [bound, customer] = await Promise.all([boundOf(attempt, others, digestKey), customerOf(attempt, digestKey)]);
  const expiresAt = Math.floor((now + stepUp.challengeMs) / 1000) * 1000;
  const ticket = { merchant, evaluation, bound, methods, riskScore, effort, customer, expiresAt };
  const token = await writeTicket(ticket, stepUp.ticketKey);
  return { token, url: `https://${host}${CHALLENGE_PATH}${token}`, expiresAt, allOverAt: allOverAt(ticket) };
}
