/**
 * The gate's side of webhooks: finds whose attempt a processor speaks of, and settles it once, however often and in
 * whatever order it is told. A failure of nobody's attempt is counted under what the event itself tells.
 */
import { addressMark } from '../velocity/payer-marks.ts';
import { watchedNames } from '../velocity/sparing.ts';
import type { Touch } from '../velocity/touch.ts';
import type { Attempts, KnownAttempt } from './attempts.ts';
import type { Book } from './book.ts';
import type { CardNames } from './card-names.ts';
import { CLOCK_MS, evaluationOf, furtherTry, timeOf } from './evaluation-id.ts';
import type { Heard, Kept, ProcessorWord, Word } from './gate-messages.ts';
import type { Histories } from './histories.ts';
import type { Labels } from './labels.ts';
import type { Ledger, OutcomeRow } from './ledger.ts';
import type { Payments } from './payments.ts';
import { OUTCOME_KEPT_MS } from './sweep.ts';

interface Rooms {
  readonly book: Book;
  readonly ledger: Ledger;
  readonly names: CardNames;
  readonly payments: Payments;
  readonly labels: Labels;
  readonly attempts: Attempts;
  readonly histories: Histories;
}

const SPOILING: readonly string[] = ['dispute', 'fraud_warning', 'refund'];

/** An attempt that a word may be about, or a further try of one. */
interface Candidate {
  readonly id: string;
  readonly startedAt: number;
  readonly outcome: OutcomeRow | null;
  readonly attempt: KnownAttempt;
}

/** `isSure`: it could be about no attempt with another card. */
interface Choice {
  readonly id: string;
  readonly isSure: boolean;
}

export class ProcessorDesk {
  readonly #rooms: Rooms;

  constructor(rooms: Rooms) {
    this.#rooms = rooms;
  }

  /** `now` in ms since the epoch. */
  hear(said: ProcessorWord, now: number): Heard {
    const { labels } = this.#rooms;
    const links = linksOf(said);
    const choice = this.#whose(said);
    const id = choice?.id ?? null;
    if (id !== null) labels.put(id, said.labels, now);
    if (said.labels.some((label) => SPOILING.includes(label))) this.#spoil(id, said, now);
    const failures = () => this.#rooms.payments.failuresOf(said.paymentIds);
    if (said.word === null) return { kind: id === null ? 'ignored' : 'labelled', evaluation: id, failures: failures() };
    const kind = choice === null ? this.#hearStranger(said, said.word, now) : this.#settle(choice, said, now);
    const evaluation = kind === 'stranger' ? said.stranger.evaluation : id;
    if (kind === 'stranger') labels.put(said.stranger.evaluation, said.labels, now);
    if (id !== null) for (const link of links) this.#rooms.payments.claim(link, id, now);
    return { kind, evaluation, failures: failures() };
  }

  /** A payment that turned out bad earns nobody trust, whether it is still on record or left it long ago. */
  #spoil(id: string | null, { paymentIds }: ProcessorWord, now: number): void {
    const { attempts, histories } = this.#rooms;
    const places = id === null ? [] : (attempts.find(id)?.places ?? []);
    histories.spoil(watchedNames(places), now);
    histories.spoilPaid(paymentIds);
  }

  /** Whose attempt it is: by the ids it is known under, else by its card if that is in flight. */
  #whose(said: ProcessorWord): Choice | null {
    const { payments } = this.#rooms;
    if (this.#isStrangersTry(said)) return null;
    const linked = payments.of(linksOf(said));
    const named = [...new Set([...(said.evaluation === null ? [] : [said.evaluation]), ...linked])];
    const known = this.#candidates(named).filter((one) => isMeant(one, said));
    const isAwaited = known.some((one) => isOpen(one) && this.#isFree(one, said) && isInTime(one.startedAt, said));
    if (isAwaited) return this.#choose(known, said);
    const isStranger = known.length === 0 && linked.length > 0;
    const all = isStranger ? [] : [...known, ...this.#inFlight(said, named)];
    return this.#choose(all, said);
  }

  /** A try that was counted as nobody's stays so; only the newest of them are taken over by a later attempt. */
  #isStrangersTry({ tryId }: ProcessorWord): boolean {
    const { payments, ledger, attempts } = this.#rooms;
    if (tryId === null) return false;
    return payments.of([tryId]).some((id) => ledger.outcome(id)?.tryId === tryId && attempts.find(id) === null);
  }

  #inFlight({ cards, ...said }: ProcessorWord, known: readonly string[]): readonly Candidate[] {
    const { attempts, names } = this.#rooms;
    const ids = attempts.inFlight(names.of(cards)).filter((id) => !known.includes(id));
    return this.#candidates(ids).filter(({ startedAt }) => isInTime(startedAt, said));
  }

  /** One payment may have seen several attempts, and one attempt several tries, each with another card. */
  #choose(known: readonly Candidate[], said: ProcessorWord): Choice | null {
    const { tryId } = said;
    const candidates = known.toSorted((a, b) => a.startedAt - b.startedAt);
    const last = candidates.at(-1);
    if (last === undefined) return null;
    const own = tryId === null ? undefined : candidates.find(({ outcome }) => outcome?.tryId === tryId);
    const free = candidates.filter((one) => this.#isFree(one, said));
    const chosen = own ?? chooseByTime(free, said);
    if (chosen !== undefined)
      return { id: chosen.id, isSure: candidates.every((one) => this.#isSameCard(one, chosen)) };
    return { id: furtherTry(last.attempt.evaluation, tryId ?? said.event), isSure: false };
  }

  #isSameCard(one: Candidate, other: Candidate): boolean {
    return one === other || this.#rooms.names.areOne(one.attempt.cards ?? [], other.attempt.cards ?? []);
  }

  /** Not known to be about another try, or of another card. */
  #isFree({ id, outcome, attempt }: Candidate, { tryId, cards }: ProcessorWord): boolean {
    const isOther = id !== evaluationOf(id) || (tryId !== null && (outcome?.tryId ?? null) !== null);
    return !isOther && !this.#rooms.names.areTwo(attempt.cards ?? [], cards);
  }

  #candidates(ids: readonly string[]): readonly Candidate[] {
    const { attempts, ledger } = this.#rooms;
    return ids.flatMap((id) => {
      const attempt = attempts.find(id);
      return attempt === null ? [] : [{ id, startedAt: timeOf(id), outcome: ledger.outcome(id), attempt }];
    });
  }

  #settle({ id, isSure }: Choice, said: ProcessorWord, now: number): Heard['kind'] {
    const { attempts, book, names } = this.#rooms;
    const attempt = attempts.find(id);
    if (attempt === null || said.word === null) return 'ignored';
    // Its time was over before this word came: a place that was given back is not taken again.
    book.endIfOver({ ...attempt, evaluation: id }, now);
    const { reservedUntil: _, record: __, row: ___, keptText, ...kept } = attempt;
    const { cards = [] } = attempt;
    const isFirstTry = id === evaluationOf(id);
    if (isFirstTry && isSure) names.suggest([...cards.slice(0, 1), ...said.cards.slice(0, 1)], now);
    const touched = isFirstTry && cards.length > 0 ? {} : names.ofTry(attempt, { ...said.stranger, cards: said.cards });
    const told = { ...said.word, tryId: said.tryId, links: linksOf(said) };
    // A further try is another payment, perhaps of another card: what it earns is kept with it.
    const own = isFirstTry ? keptText : keptTextOf({ ...kept, ...touched });
    const keeping = own === undefined ? {} : { keptText: own };
    return book.settle({ ...kept, ...touched, ...told, ...keeping, evaluation: id }, now).kind;
  }

  #hearStranger(said: ProcessorWord, word: Word, now: number): Heard['kind'] {
    const { book, payments } = this.#rooms;
    const { stranger, occurredAt, isKept = false } = said;
    // What is known of older ones is gone: it cannot be told from a repeat, and most processors sign no time.
    const isForgotten = occurredAt !== null && occurredAt <= now - OUTCOME_KEPT_MS;
    const isNothing = stranger.places.length === 0 && !isKept;
    if (word.status !== 'failed' || isNothing || isForgotten) return 'ignored';
    const links = linksOf(said);
    if (payments.of(links).some((id) => this.#isToldBy(id, said))) return 'exists';
    book.settleStranger({ ...stranger, ...word, tryId: said.tryId, links }, now);
    return 'stranger';
  }

  /** Whether what is on record is this try, counted under no less than this word could be. */
  #isToldBy(id: string, { tryId, stranger }: ProcessorWord): boolean {
    const { ledger } = this.#rooms;
    const outcome = ledger.outcome(id);
    if (outcome === null || (tryId !== null && outcome.tryId !== null && outcome.tryId !== tryId)) return false;
    return stranger.places.length === 0 || ledger.keptAttempt(id)?.places.length !== 0;
  }
}

function keptTextOf({ places, guest, reservationMs, cards = [] }: Kept): string {
  return JSON.stringify({ places, guest, reservationMs, cards } satisfies Kept);
}

/** Every id under which the same try may be spoken of again. An event without any is known by itself. */
function linksOf({ tryId, paymentIds, event }: ProcessorWord): readonly string[] {
  const ids = [...(tryId === null ? [] : [tryId]), ...paymentIds];
  return ids.length === 0 ? [event] : [...new Set(ids)];
}

/** The attempt that was under way when it happened. Where the clock cannot tell, the one that says the same. */
function chooseByTime(candidates: readonly Candidate[], said: ProcessorWord): Candidate | undefined {
  const { occurredAt, word } = said;
  const isSame = ({ outcome }: Candidate) => outcome !== null && outcome.status === word?.status;
  if (occurredAt === null) return candidates.findLast(isOpen) ?? candidates.findLast(isSame) ?? candidates.at(-1);
  const before = candidates.filter(({ startedAt }) => startedAt <= occurredAt);
  const about = candidates.filter((one) => !before.includes(one) && isInTime(one.startedAt, said));
  const possible = [...before.slice(-1), ...about];
  const among = possible.length === 0 ? candidates : possible;
  return among.findLast(isSame) ?? among.findLast(isOpen) ?? among.at(-1);
}

/** A payment that a client has named may be anybody's: only what waits for a payer at the same address is meant. */
function isMeant({ outcome, attempt }: Candidate, { onlyFrom }: ProcessorWord): boolean {
  if (onlyFrom === undefined) return true;
  if (outcome?.status !== 'pending') return false;
  const { places, payer = [] } = attempt;
  if (payer.length > 0) return payer.includes(addressMark(onlyFrom));
  return places.some((place) => identitiesOf(place).includes(onlyFrom));
}

// A key is its rule's name and then the identities: see velocity/touch.ts.
function identitiesOf({ key }: Touch): readonly string[] {
  return (JSON.parse(key) as string[]).slice(1);
}

/** Nobody's last word yet. */
function isOpen({ outcome }: Candidate): boolean {
  return outcome === null || outcome.status === 'pending' || outcome.status === 'unknown';
}

function isInTime(startedAt: number, { occurredAt }: Pick<ProcessorWord, 'occurredAt'>): boolean {
  return occurredAt === null || startedAt < occurredAt + CLOCK_MS;
}
