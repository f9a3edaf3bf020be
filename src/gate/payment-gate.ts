/**
 * The gate as payments need it: what admits, judges and counts. It only coordinates; who the caller is and what a
 * refusal looks like is settled elsewhere. Every method may be called twice.
 */
import { DurableObject } from 'cloudflare:workers';
import { textOfAdmission } from './admission-text.ts';
import { Admissions } from './admissions.ts';
import type { Amendment } from './amendment.ts';
import { AttackDesk } from './attack-desk.ts';
import { Attempts } from './attempts.ts';
import { Book } from './book.ts';
import { CardNames } from './card-names.ts';
import type { AnswerLeave, AnswerResult, Asked, AskedChallenge } from './challenge-messages.ts';
import { Challenges } from './challenges.ts';
import type { KnownConfig } from './config-messages.ts';
import { Desk } from './desk.ts';
import type {
  Admission,
  AdmitRequest,
  Caller,
  Closing,
  Evaluated,
  EvaluateRequest,
  Heard,
  ProcessorWord,
  Report,
  Reported,
  Settled,
  Settlement,
  StoredEvaluation,
  Told,
} from './gate-messages.ts';
import { Histories } from './histories.ts';
import { Housekeeping } from './housekeeping.ts';
import { KeyRing } from './key-ring.ts';
import { Labels } from './labels.ts';
import { LastGoodConfig } from './last-good-config.ts';
import type * as leasing from './lease-messages.ts';
import { Leases } from './leases.ts';
import { Ledger } from './ledger.ts';
import { Lists } from './lists.ts';
import type { Nonce } from './nonce-messages.ts';
import { Nonces } from './nonces.ts';
import { OpenPlaces } from './open-places.ts';
import { OriginDesk } from './origin-desk.ts';
import { Payments } from './payments.ts';
import { ProcessorDesk } from './processor-desk.ts';
import { Register } from './register.ts';
import { Reservations } from './reservations.ts';
import { type Said, saidIn, settlementOf, textsOf } from './settlement-text.ts';
import { callAlone, type TextCall } from './shared-calls.ts';
import type { Shelf } from './shelf.ts';
import { Switches } from './switches.ts';
import { VisitsOnRecord } from './visits-on-record.ts';

/** The longest `reservation_seconds` that a configuration may ask for. */
const LONGEST_RESERVATION_MS = 3_600_000;

export abstract class PaymentGate extends DurableObject {
  protected readonly shelf: Shelf & { readonly leases: Leases };
  readonly #book: Book;
  readonly #admissions: Admissions;
  protected readonly housekeeping: Housekeeping;
  protected readonly keys: KeyRing;
  protected readonly desk: Desk;
  readonly #processors: ProcessorDesk;
  readonly #names: CardNames;
  readonly #challenges: Challenges;
  protected readonly leases: Leases;
  protected readonly lists: Lists;
  protected readonly histories: Histories;
  protected readonly attacks: AttackDesk;
  protected readonly nonces: Nonces;
  protected readonly config: LastGoodConfig;
  protected readonly switches: Switches;
  protected readonly origins: OriginDesk;

  constructor(ctx: DurableObjectState, env: Cloudflare.Env) {
    super(ctx, env);
    const { storage } = ctx;
    const { sql } = storage;
    const ledger = new Ledger(sql);
    const open = new OpenPlaces();
    const reservations = new Reservations(sql);
    this.#names = new CardNames(sql);
    const nonces = new Nonces(sql, (now) => this.housekeeping.ensureAlarm(now));
    this.nonces = nonces;
    const challenges = new Challenges(sql, ledger, (now) => this.housekeeping.ensureAlarm(now));
    this.#challenges = challenges;
    const payments = new Payments(sql);
    const leases = new Leases(sql);
    this.leases = leases;
    const lists = new Lists(sql);
    this.lists = lists;
    this.switches = new Switches(sql, Date.now());
    const histories = new Histories(sql, this.#names);
    this.histories = histories;
    const attacks = new AttackDesk({ sql, histories, switches: this.switches });
    this.attacks = attacks;
    const atomically = <T>(work: () => T): T => storage.transactionSync(work);
    const counting = { ledger, reservations, open, names: this.#names, payments, attacks, atomically };
    const shelf = { ...counting, leases, nonces, challenges };
    this.shelf = shelf;
    this.#book = new Book(shelf);
    this.#admissions = new Admissions({ ...shelf, lists, book: this.#book, onRecord: new VisitsOnRecord(sql) });
    this.housekeeping = new Housekeeping({ storage, ledger, open, lists, histories, attacks, book: this.#book });
    this.keys = new KeyRing(sql);
    const register = new Register(sql);
    const labels = new Labels(sql);
    const attempts = new Attempts({ ...shelf, register });
    const judging = { book: this.#book, admissions: this.#admissions, keys: this.keys, challenges };
    this.desk = new Desk({ ...judging, ledger, register, attempts, labels });
    this.#processors = new ProcessorDesk({ ...shelf, book: this.#book, labels, attempts, histories });
    for (const reservation of register.open(Date.now(), LONGEST_RESERVATION_MS)) open.add(reservation);
    this.origins = new OriginDesk(sql);
    this.config = new LastGoodConfig(ledger, { switches: this.switches, lists, origins: this.origins });
    void ctx.blockConcurrencyWhile(() => this.housekeeping.wake());
  }

  /** `admit` as text both ways (text-calls.ts). */
  admitText(request: string): string {
    const asked = JSON.parse(request) as AdmitRequest;
    return textOfAdmission(this.admit(asked), asked);
  }

  /** `settle` as text. What is kept of the attempt is a text of its own: a success only puts it on record. */
  settleText(word: string, keptText: string): Settled['kind'] {
    const said = saidIn(word, keptText);
    return (this.#settleAtOnce(said) ?? this.settle(settlementOf(said))).kind;
  }

  /** `evaluate` as text. */
  evaluateText(request: string): string {
    return JSON.stringify(this.evaluate(JSON.parse(request) as EvaluateRequest));
  }

  /** `report` as text. */
  reportText(report: string): string {
    return JSON.stringify(this.report(JSON.parse(report) as Report));
  }

  /** Calls of several requests, each as if it came alone: one that fails is told by null, to be asked again by itself. */
  answerAll(calls: readonly TextCall[]): readonly (string | null)[] {
    return calls.map((call) => {
      try {
        return callAlone(this, call);
      } catch {
        return null;
      }
    });
  }

  /** Judges an attempt and reserves its place under all of its counters or none. */
  admit(request: AdmitRequest): Admission {
    const now = Date.now();
    if (this.config.isNewerThan(request.config, now)) return { kind: 'stale_config' };
    const admission = this.#admissions.admit(request, now);
    this.housekeeping.scheduleWriteDown(now);
    return admission;
  }

  /** Judges an attempt for the API and puts it on record, durably before the reply. */
  evaluate(request: EvaluateRequest): Evaluated {
    const now = Date.now();
    if (this.config.isNewerThan(request.config, now)) return { kind: 'stale_config' };
    const evaluated = this.ctx.storage.transactionSync(() => this.desk.evaluate(request, now));
    this.housekeeping.ensureAlarm(now);
    this.housekeeping.scheduleWriteDown(now);
    return evaluated;
  }

  /** Puts on record what was found of an evaluation after it was judged; null where there is none. */
  amend(amendment: Amendment): StoredEvaluation | null {
    const now = Date.now();
    return this.ctx.storage.transactionSync(() => this.desk.amend(amendment, now));
  }

  /** Records the outcome of an evaluation that is on record. */
  report(report: Report): Reported {
    const now = Date.now();
    return this.ctx.storage.transactionSync(() => this.desk.report(report, now));
  }

  /** Takes in what a processor says; durable before the reply. */
  hear(said: readonly ProcessorWord[]): readonly Heard[] {
    const now = Date.now();
    const heard = this.ctx.storage.transactionSync(() => said.map((one) => this.#processors.hear(one, now)));
    this.shelf.reservations.lookAgain();
    this.housekeeping.ensureAlarm(now);
    return heard;
  }

  /** Judges several attempts of one request. All are admitted or none holds a place. */
  admitAll(requests: readonly AdmitRequest[]): readonly Admission[] {
    const now = Date.now();
    if (requests.some(({ config }) => this.config.isNewerThan(config, now))) return [{ kind: 'stale_config' }];
    const admissions = this.ctx.storage.transactionSync(() => this.#admissions.admitAll(requests, now));
    this.housekeeping.scheduleWriteDown(now);
    return admissions;
  }

  /** Uses up the nonce of a signed request that touches no counter, under the newest policy; durable before the reply. */
  useNonce(nonce: Nonce, evaluation: string, config?: KnownConfig): ReturnType<Nonces['use']> | 'stale_config' {
    const now = Date.now();
    const isStale = config !== undefined && this.config.isNewerThan(config, now);
    return isStale ? 'stale_config' : this.#admissions.useNonce(nonce, evaluation, now);
  }

  /** Whoever was turned away after all has not used it. */
  freeNonce(key: string, evaluation: string): void {
    this.nonces.free(key, evaluation);
  }

  /** Records what became of a request; durable before the reply. */
  close({ settlements, joins }: Closing): void {
    const now = Date.now();
    this.ctx.storage.transactionSync(() => {
      for (const names of joins) this.#names.join(names, now);
      for (const one of settlements) this.#book.settle({ ...one, keptText: textsOf(one).kept }, now);
    });
    this.shelf.reservations.lookAgain();
    this.housekeeping.ensureAlarm(now);
  }

  /** An evaluation as it was answered, and its outcome. */
  tell(evaluation: string, caller: Caller): Told {
    return this.desk.tell(evaluation, caller, Date.now());
  }

  /** Counts a challenge as unanswered. */
  askChallenge(asked: AskedChallenge): Asked {
    const now = Date.now();
    return this.ctx.storage.transactionSync(() => this.#challenges.ask(asked, now));
  }

  /** Whether one more answer is looked at. Asked twice, it counts twice: it may let too few be looked at, never too many. */
  answerChallenge(answered: AskedChallenge): AnswerLeave {
    const now = Date.now();
    return this.ctx.storage.transactionSync(() => this.#challenges.answer(answered, now));
  }

  /** What became of an answer; a failed one that is told twice counts twice. */
  concludeChallenge(evaluation: string, result: AnswerResult): void {
    const now = Date.now();
    this.ctx.storage.transactionSync(() => this.#challenges.conclude(evaluation, result, now));
  }

  /** Whether a lease holds an address, for a request that touches no counter. */
  leaseOf(question: leasing.LeaseQuestion, config: KnownConfig): leasing.LeaseAnswer {
    const now = Date.now();
    return this.config.isNewerThan(config, now) ? { kind: 'stale_config' } : this.leases.answer(question, now);
  }

  /** Null, with nothing done, for what takes more than one row. */
  #settleAtOnce(said: Said): Settled | null {
    const now = Date.now();
    const settled = this.#book.settleAtOnce(said, now);
    if (settled !== null) this.housekeeping.ensureAlarm(now);
    return settled;
  }

  /** Records an outcome and counts a failure. The reply waits until both are durable (output gate). */
  settle(settlement: Settlement): Settled {
    const now = Date.now();
    const settled = this.#book.settle(settlement, now);
    this.shelf.reservations.lookAgain();
    this.housekeeping.ensureAlarm(now);
    return settled;
  }

  override alarm(): Promise<void> {
    return this.housekeeping.step(Date.now());
  }
}
