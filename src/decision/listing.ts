/**
 * What the merchant's deny and allow lists are asked about an attempt, and what they say of it. A merchant whose lists
 * are empty is asked nothing. Pure.
 */
import { type Attempt, type Card, namesOf as cardNamesOf } from '../attempt/attempt.ts';
import { type Hit, type ItemType, isTypable, type Listed, type ListQuestion, type ListsInUse } from '../lists/item.ts';
import { namesOf } from '../lists/names.ts';
import { type AllowStake, allowStake, denyFindings, liftByItems, type Standing } from './list-lifting.ts';
import type { Finding } from './reason.ts';

/** Whom the question is about: his attempt, and what else he calls the card. */
export interface Asking extends Standing {
  readonly attempt: Attempt;
  readonly others: readonly Card[];
}

/** A question, and what hangs on the answer. */
export interface Listing {
  readonly question: ListQuestion;
  readonly stake: AllowStake['kind'];
}

/** Undefined where there is nothing by which he could stand there. `isEnforced`: whether who is denied is refused. */
export function listingOf(asking: Asking, lists: ListsInUse, isEnforced: boolean): Listing | undefined {
  const { attempt, others } = asking;
  const names = namesOf(identitiesOf(attempt, others), lists.types);
  if (names.length === 0) return undefined;
  const allow = speakersFor(
    attempt,
    lists,
    names.map(([type]) => type),
  );
  const { kind, ...hanging } = allowStake(asking, allow);
  return { question: { names, allow, isEnforced, ...hanging }, stake: kind };
}

/** What a stranger can type speaks for nobody; of whom the merchant vouches for it speaks. */
function speakersFor({ payer }: Attempt, { allow }: ListsInUse, named: readonly ItemType[]): readonly ItemType[] {
  const isVouchedFor = payer.kind === 'customer';
  return [...allow].filter((type) => named.includes(type) && (isVouchedFor || !isTypable(type)));
}

function identitiesOf(attempt: Attempt, others: readonly Card[]) {
  const { whence, payer, email = null } = attempt;
  const { ip = null, country = null, asn = null } = whence ?? {};
  const cards = [attempt.card, ...others].filter((card) => card !== null);
  return {
    ip: ip?.text ?? null,
    country,
    asn,
    cards: cards.flatMap((card) => cardNamesOf({ ...attempt, card })),
    bins: cards.flatMap(({ bin, issuer }) => [...new Set([bin?.slice(0, SHORT_BIN), issuer ?? bin])].filter(isKnown)),
    customer: payer.kind === 'customer' ? payer.id : null,
    email,
  };
}

const SHORT_BIN = 6;

function isKnown(text: string | null | undefined): text is string {
  return text !== null && text !== undefined;
}

/** The findings under what the lists say; `listed` undefined: nobody asked. */
export function findingsUnderLists(
  findings: readonly Finding[],
  listed: Listed | undefined,
  mode: Finding['mode'],
): readonly Finding[] {
  if (listed === undefined) return findings;
  return [...denyFindings(listed, mode), ...liftByItems(findings, listed.allow)];
}

/** As if every item that may speak for him did: for whoever asks before the gate has answered. */
export function hopedFor({ question }: Listing): readonly Hit[] {
  return question.allow.map((type) => ({ type, reason: '' }));
}
