/**
 * The gate's side of webhooks: finds whose attempt a processor speaks of, and settles it once, however often and in
 * whatever order it is told. A failure of nobody's attempt is counted under what the event itself tells.
 */
import type { Attempts } from './attempts.ts';
import type { Book } from './book.ts';
import type { CardNames } from './card-names.ts';
import { furtherTry, timeOf } from './evaluation-id.ts';
import type { Heard, ProcessorWord, Word } from './gate-messages.ts';
import type { Labels } from './labels.ts';
import type { Ledger, OutcomeRow } from './ledger.ts';
import type { Payments } from './payments.ts';

interface Rooms {
  readonly book: Book;
  readonly ledger: Ledger;
  readonly names: CardNames;
  readonly payments: Payments;
  readonly labels: Labels;
  readonly attempts: Attempts;
}

/** Processors tell the time to the second. */
const CLOCK_MS = 1_000;

/** An attempt that a word may be about. */
interface Candidate {
  readonly id: string;
  readonly startedAt: number;
  readonly outcome: OutcomeRow | null;
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
    const id = this.#whose(said);
    if (id !== null) labels.put(id, said.labels, now);
    const failures = () => this.#failuresOf(said.paymentIds);
    if (said.word === null) return { kind: id === null ? 'ignored' : 'labelled', evaluation: id, failures: failures() };
    const kind = id === null ? this.#hearStranger(said, said.word, now) : this.#settle(id, said, now);
    const evaluation = kind === 'stranger' ? said.stranger.evaluation : id;
    if (kind === 'stranger') labels.put(said.stranger.evaluation, said.labels, now);
    if (id !== null) for (const link of links) this.#rooms.payments.claim(link, id, now);
    return { kind, evaluation, failures: failures() };
  }

  /** Whose attempt it is: by the ids it is known under, else by its card if that is in flight. */
  #whose(said: ProcessorWord): string | null {
    const { payments } = this.#rooms;
    const linked = payments.of(linksOf(said));
    const named = [...new Set([...(said.evaluation === null ? [] : [said.evaluation]), ...linked])];
    const known = named.filter((id) => this.#isMeant(id, said)).map((id) => this.#candidate(id));
    const isAwaited = known.some((one) => isOpen(one) && isFree(one, said) && isInTime(one.startedAt, said));
    if (isAwaited) return this.#choose(known, said);
    const isStranger = known.length === 0 && linked.length > 0;
    const all = isStranger ? [] : [...known, ...this.#inFlight(said, named)];
    return all.length === 0 ? null : this.#choose(all, said);
  }

  /** A payment that a client has named may be anybody's: only what waits for a payer at the same address is meant. */
  #isMeant(id: string, { onlyFrom }: ProcessorWord): boolean {
    const attempt = this.#rooms.attempts.find(id);
    if (attempt === null || onlyFrom === undefined) return attempt !== null;
    const isWaiting = this.#rooms.ledger.outcome(id)?.status === 'pending';
    return isWaiting && attempt.places.some(({ key }) => (JSON.parse(key) as string[]).slice(1).includes(onlyFrom));
  }

  #inFlight({ cards, ...said }: ProcessorWord, known: readonly string[]): readonly Candidate[] {
    const { attempts, names } = this.#rooms;
    const ids = attempts.inFlight(names.of(cards)).filter((id) => !known.includes(id));
    return ids.map((id) => this.#candidate(id)).filter(({ startedAt }) => isInTime(startedAt, said));
  }

  /** One payment may have seen several attempts, and one attempt several tries. */
  #choose(known: readonly Candidate[], said: ProcessorWord): string {
    const { tryId } = said;
    const candidates = known.toSorted((a, b) => a.startedAt - b.startedAt);
    const own = tryId === null ? undefined : candidates.find(({ outcome }) => outcome?.tryId === tryId);
    if (own !== undefined) return own.id;
    const free = candidates.filter((one) => isFree(one, said));
    const chosen = chooseByTime(free, said);
    if (chosen !== undefined) return chosen.id;
    const last = candidates.at(-1)?.id ?? '';
    return tryId === null ? last : furtherTry(this.#rooms.attempts.find(last)?.evaluation ?? last, tryId);
  }

  #candidate(id: string): Candidate {
    return { id, startedAt: timeOf(id), outcome: this.#rooms.ledger.outcome(id) };
  }

  #settle(id: string, said: ProcessorWord, now: number): Heard['kind'] {
    const { attempts, book, ledger } = this.#rooms;
    const attempt = attempts.find(id);
    if (attempt === null || said.word === null) return 'ignored';
    // Its time was over before this word came: a place that was given back is not taken again.
    if (attempt.reservedUntil !== null && attempt.reservedUntil <= now) ledger.putUnknown(id, attempt.reservedUntil);
    const { reservedUntil: _, record: __, ...kept } = attempt;
    const alsoKnownAs = said.cards.slice(0, 1);
    const told = { ...said.word, tryId: said.tryId, links: linksOf(said), alsoKnownAs };
    return book.settle({ ...kept, ...told, evaluation: id }, now).kind;
  }

  #hearStranger(said: ProcessorWord, word: Word, now: number): Heard['kind'] {
    const { book, payments } = this.#rooms;
    const { stranger, isKept = false } = said;
    const isNothing = stranger.places.length === 0 && !isKept;
    if (word.status !== 'failed' || isNothing) return 'ignored';
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

  #failuresOf(paymentIds: readonly string[]): number {
    const { payments, ledger } = this.#rooms;
    const outcomes = payments.of(paymentIds).map((id) => ledger.outcome(id));
    return outcomes.filter((outcome) => outcome !== null && outcome.counted >= 1).length;
  }
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

/** Nobody's last word yet. */
function isOpen({ outcome }: Candidate): boolean {
  return outcome === null || outcome.status === 'pending' || outcome.status === 'unknown';
}

/** Not known to be about another try. */
function isFree({ outcome }: Candidate, { tryId }: ProcessorWord): boolean {
  return tryId === null || (outcome?.tryId ?? null) === null;
}

function isInTime(startedAt: number, { occurredAt }: Pick<ProcessorWord, 'occurredAt'>): boolean {
  return occurredAt === null || startedAt < occurredAt + CLOCK_MS;
}
