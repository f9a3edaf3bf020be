/**
 * The gate: one Durable Object a merchant, holding its counters, reservations, blocks and last good configuration.
 * It only coordinates; who the caller is and what a refusal looks like is settled elsewhere. Every method may be
 * called twice.
 */
import { DurableObject } from 'cloudflare:workers';
import type { Lease } from '../network/lease.ts';
import { textOfAdmission } from './admission-text.ts';
import { Admissions } from './admissions.ts';
import { Attempts } from './attempts.ts';
import { BlockList, type Held, type HeldPage, type Payer, type RuleLife } from './block-list.ts';
import { Book } from './book.ts';
import { type BudgetGrant, type BudgetRequest, Budgets } from './budgets.ts';
import { CardNames } from './card-names.ts';
import { Desk } from './desk.ts';
import type {
  Admission,
  AdmitRequest,
  Caller,
  Closing,
  Evaluated,
  EvaluateRequest,
  Heard,
  KeptConfig,
  KnownConfig,
  Nonce,
  NotLetIn,
  ProcessorWord,
  Report,
  Reported,
  Scope,
  Settled,
  Settlement,
  Told,
} from './gate-messages.ts';
import { Housekeeping } from './housekeeping.ts';
import { type Added, type ApiKey, KeyRing, type NewKey } from './key-ring.ts';
import { Labels } from './labels.ts';
import { LastGoodConfig } from './last-good-config.ts';
import type * as leasing from './lease-messages.ts';
import { Leases } from './leases.ts';
import { Ledger } from './ledger.ts';
import { Nonces } from './nonces.ts';
import { OpenPlaces } from './open-places.ts';
import { Payments } from './payments.ts';
import { ProcessorDesk } from './processor-desk.ts';
import { Register } from './register.ts';
import { Reservations } from './reservations.ts';
import { type Said, saidIn, settlementOf, textsOf } from './settlement-text.ts';
import { VisitsOnRecord } from './visits-on-record.ts';

/** The longest `reservation_seconds` that a configuration may ask for. */
const LONGEST_RESERVATION_MS = 3_600_000;

export class Gate extends DurableObject {
  readonly #book: Book;
  readonly #admissions: Admissions;
  readonly #housekeeping: Housekeeping;
  readonly #keys: KeyRing;
  readonly #desk: Desk;
  readonly #processors: ProcessorDesk;
  readonly #names: CardNames;
  readonly #blocks: BlockList;
  readonly #leases: Leases;
  readonly #budgets: Budgets;
  readonly #config: LastGoodConfig;

  constructor(ctx: DurableObjectState, env: Cloudflare.Env) {
    super(ctx, env);
    const { storage } = ctx;
    const { sql } = storage;
    const ledger = new Ledger(sql);
    const open = new OpenPlaces();
    const reservations = new Reservations(sql);
    this.#names = new CardNames(sql);
    const nonces = new Nonces(sql, (now) => this.#housekeeping.ensureAlarm(now));
    const payments = new Payments(sql);
    const leases = new Leases(sql);
    this.#leases = leases;
    const atomically = <T>(work: () => T): T => storage.transactionSync(work);
    const shelf = { ledger, reservations, open, names: this.#names, payments, leases, nonces, atomically };
    this.#book = new Book(shelf);
    this.#admissions = new Admissions({ ...shelf, book: this.#book, onRecord: new VisitsOnRecord(sql) });
    this.#housekeeping = new Housekeeping({ storage, ledger, open, book: this.#book });
    this.#keys = new KeyRing(sql);
    this.#blocks = new BlockList(shelf);
    this.#budgets = new Budgets(sql);
    const register = new Register(sql);
    const labels = new Labels(sql);
    const attempts = new Attempts({ ...shelf, register });
    const judging = { book: this.#book, admissions: this.#admissions, keys: this.#keys };
    this.#desk = new Desk({ ...judging, ledger, register, attempts, labels });
    this.#processors = new ProcessorDesk({ ...shelf, book: this.#book, labels, attempts });
    for (const reservation of register.open(Date.now(), LONGEST_RESERVATION_MS)) open.add(reservation);
    this.#config = new LastGoodConfig(ledger);
    void ctx.blockConcurrencyWhile(() => this.#housekeeping.wake());
  }

  /** `admit` as text both ways (gate-client.ts). */
  async admitText(request: string): Promise<string> {
    const asked = JSON.parse(request) as AdmitRequest;
    return textOfAdmission(await this.admit(asked), asked);
  }

  /** `settle` as text. What is kept of the attempt is a text of its own: a success only puts it on record. */
  async settleText(word: string, keptText: string): Promise<Settled['kind']> {
    const said = saidIn(word, keptText);
    return (this.#settleAtOnce(said) ?? (await this.settle(settlementOf(said)))).kind;
  }

  /** `evaluate` as text. */
  async evaluateText(request: string): Promise<string> {
    return JSON.stringify(await this.evaluate(JSON.parse(request) as EvaluateRequest));
  }

  /** `report` as text. */
  async reportText(report: string): Promise<string> {
    return JSON.stringify(await this.report(JSON.parse(report) as Report));
  }

  /** Judges an attempt and reserves its place under all of its counters or none. */
  admit(request: AdmitRequest): Admission {
    const now = Date.now();
    if (this.#config.isNewerThan(request.config, now)) return { kind: 'stale_config' };
    const admission = this.#admissions.admit(request, now);
    this.#housekeeping.scheduleWriteDown(now);
    return admission;
  }

  /** Judges an attempt for the API and puts it on record, durably before the reply. */
  evaluate(request: EvaluateRequest): Evaluated {
    const now = Date.now();
    if (this.#config.isNewerThan(request.config, now)) return { kind: 'stale_config' };
    const evaluated = this.ctx.storage.transactionSync(() => this.#desk.evaluate(request, now));
    this.#housekeeping.ensureAlarm(now);
    this.#housekeeping.scheduleWriteDown(now);
    return evaluated;
  }

  /** Records the outcome of an evaluation that is on record. */
  report(report: Report): Reported {
    const now = Date.now();
    return this.ctx.storage.transactionSync(() => this.#desk.report(report, now));
  }

  /** Takes in what a processor says; durable before the reply. */
  hear(said: readonly ProcessorWord[]): readonly Heard[] {
    const now = Date.now();
    const heard = this.ctx.storage.transactionSync(() => said.map((one) => this.#processors.hear(one, now)));
    this.#housekeeping.ensureAlarm(now);
    return heard;
  }

  /** Judges several attempts of one request. All are admitted or none holds a place. */
  admitAll(requests: readonly AdmitRequest[]): readonly Admission[] {
    const now = Date.now();
    if (requests.some(({ config }) => this.#config.isNewerThan(config, now))) return [{ kind: 'stale_config' }];
    const admissions = this.ctx.storage.transactionSync(() => this.#admissions.admitAll(requests, now));
    this.#housekeeping.scheduleWriteDown(now);
    return admissions;
  }

  /** Uses up the nonce of a signed request that touches no counter, under the newest policy; durable before the reply. */
  useNonce(nonce: Nonce, evaluation: string, config?: KnownConfig): ReturnType<Nonces['use']> | 'stale_config' {
    const now = Date.now();
    const isStale = config !== undefined && this.#config.isNewerThan(config, now);
    return isStale ? 'stale_config' : this.#admissions.useNonce(nonce, evaluation, now);
  }

  /** Records what became of a request; durable before the reply. */
  close({ settlements, joins }: Closing): void {
    const now = Date.now();
    this.ctx.storage.transactionSync(() => {
      for (const names of joins) this.#names.join(names, now);
      for (const one of settlements) this.#book.settle({ ...one, keptText: textsOf(one).kept }, now);
    });
    this.#housekeeping.ensureAlarm(now);
  }

  /** An evaluation as it was answered, and its outcome. */
  tell(evaluation: string, caller: Caller): Told {
    return this.#desk.tell(evaluation, caller, Date.now());
  }

  /** Null when the caller may. */
  refuse(caller: Caller, scope: Scope): NotLetIn | null {
    return this.#desk.refuse(caller, scope);
  }

  /** Adds a key. It may no more than whoever makes it, and just that where no scope is named. */
  addKey(key: Omit<NewKey, 'scopes'>, scopes: readonly Scope[] | null, caller: Caller): Added {
    const granted = scopes ?? this.#keys.scopesOf(caller);
    const refusal = granted.map((scope) => this.#keys.refuse(caller, scope)).find((it) => it !== null);
    if (refusal !== undefined) return refusal;
    this.#keys.add({ ...key, scopes: granted });
    return { kind: 'added', scopes: granted };
  }

  /** Hands out look-ups at a provider. Asked twice, it gives twice: it may give too few, never too many. */
  takeBudget(request: BudgetRequest): BudgetGrant {
    return this.#budgets.take(request, Date.now());
  }

  revokeKey(id: string): boolean {
    return this.#keys.revoke(id);
  }

  listKeys(): readonly ApiKey[] {
    return this.#keys.list();
  }

  listBlocks(rules: readonly RuleLife[], page: { after: string; limit: number }): HeldPage {
    return this.#blocks.list(rules, page, Date.now());
  }

  liftBlock(key: string, rules: readonly RuleLife[]): Held | null {
    return this.#blocks.lift(key, rules, Date.now());
  }

  /** Lifts holds on a payer, from behind `after`, and says which. */
  unblock(payer: Payer, rules: readonly RuleLife[], after: string): HeldPage {
    const now = Date.now();
    return this.ctx.storage.transactionSync(() => this.#blocks.unblock(payer, rules, { after, now }));
  }

  /** Whether a lease holds an address, for a request that touches no counter. */
  leaseOf(question: leasing.LeaseQuestion, config: KnownConfig): leasing.LeaseAnswer {
    const now = Date.now();
    return this.#config.isNewerThan(config, now) ? { kind: 'stale_config' } : this.#leases.answer(question, now);
  }

  /** In force at the next request. */
  addLease(lease: leasing.NewLease, maxActive: number): leasing.LeaseAdded {
    const now = Date.now();
    const added = this.#leases.add(lease, maxActive, now);
    this.#housekeeping.ensureAlarm(now);
    return added;
  }

  renewLease(renewal: leasing.Renewal): leasing.Renewed {
    return this.#leases.renew(renewal, Date.now());
  }

  /** Gone at the next request; null where there is no such lease. */
  revokeLease(id: string): Lease | null {
    return this.#leases.revoke(id, Date.now());
  }

  listLeases(page: { after: string; limit: number }): leasing.LeasePage {
    return this.#leases.list(page, Date.now());
  }

  /** Null, with nothing done, for what takes more than one row. */
  #settleAtOnce(said: Said): Settled | null {
    const now = Date.now();
    const settled = this.#book.settleAtOnce(said, now);
    if (settled !== null) this.#housekeeping.ensureAlarm(now);
    return settled;
  }

  /** Records an outcome and counts a failure. The reply waits until both are durable (output gate). */
  settle(settlement: Settlement): Settled {
    const now = Date.now();
    const settled = this.#book.settle(settlement, now);
    this.#housekeeping.ensureAlarm(now);
    return settled;
  }

  /** Keeps a configuration as the last good one. Returns what is kept instead where that was written later. */
  offerConfig(offered: KeptConfig, staleForMs: number): KeptConfig | null {
    if (!this.#config.keep(offered, staleForMs, Date.now())) return this.#config.kept;
    if (offered.json === null) {
      this.#keys.clear();
      this.#leases.clear();
    }
    return null;
  }

  /** Which configuration is kept, without its text. */
  keptVersion(): Omit<KeptConfig, 'json'> | null {
    const { kept } = this.#config;
    return kept === null ? null : { hash: kept.hash, writtenAt: kept.writtenAt };
  }

  lastGoodConfig(): KeptConfig | null {
    return this.#config.kept;
  }

  override alarm(): Promise<void> {
    return this.#housekeeping.step(Date.now());
  }
}
