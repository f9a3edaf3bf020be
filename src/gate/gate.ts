/**
 * The gate: one Durable Object a merchant, holding its counters, reservations, blocks and last good configuration.
 * Here is what manages it; what payments ask of it is in payment-gate.ts. Every method may be called twice.
 */
import { log, nameOf } from '../journal/log.ts';
import type { ListName, Name } from '../lists/item.ts';
import type { Lease } from '../network/lease.ts';
import type * as passkeys from '../step-up/passkey-record.ts';
import type { AttackState } from './attack-desk.ts';
import { BlockList, type Held, type HeldPage, type Payer, type RuleLife } from './block-list.ts';
import { type BudgetGrant, type BudgetRequest, Budgets } from './budgets.ts';
import type { Bypass } from './bypass.ts';
import { type Coming, ConfigHistory } from './config-history.ts';
import type { ConfigVersion, KeptConfig, Origin, RawWrite, Turn, TurnRequest } from './config-messages.ts';
import type { Caller, NotLetIn, Scope } from './gate-messages.ts';
import { IdentityChecks } from './identity-checks.ts';
import type { BegunCheck, IdentityCheck, IdentityHeard, IdentityWord } from './identity-messages.ts';
import type { Added, ApiKey, NewKey } from './key-ring.ts';
import type * as leasing from './lease-messages.ts';
import type { LedgerPage, LedgerRecord, LedgerStretch } from './ledger-messages.ts';
import { LedgerPages } from './ledger-pages.ts';
import type * as listing from './list-messages.ts';
import { OriginGate } from './origin-gate.ts';
import { type OutcomeTally, tallyOutcomes } from './outcome-tally.ts';
import { Passkeys } from './passkeys.ts';
import type { TurnedAttackMode } from './switches.ts';
import { WriteTurns } from './write-turns.ts';

export class Gate extends OriginGate {
  readonly #blocks: BlockList;
  readonly #budgets: Budgets;
  readonly #pages: LedgerPages;
  readonly #history: ConfigHistory;
  readonly #identity: IdentityChecks;
  readonly #passkeys: Passkeys;
  readonly #turns = new WriteTurns();

  constructor(ctx: DurableObjectState, env: Cloudflare.Env) {
    super(ctx, env);
    this.#blocks = new BlockList(this.shelf);
    this.#budgets = new Budgets(ctx.storage.sql);
    this.#pages = new LedgerPages(ctx.storage.sql);
    this.#history = new ConfigHistory(ctx.storage.sql);
    this.#identity = new IdentityChecks(ctx.storage.sql, (now) => this.housekeeping.ensureAlarm(now));
    this.#passkeys = new Passkeys(ctx.storage.sql, this.nonces);
  }

  /** Null when the caller may. */
  refuse(caller: Caller, scope: Scope): NotLetIn | null {
    return this.desk.refuse(caller, scope);
  }

  /** Adds a key. It may no more than whoever makes it, and just that where no scope is named. */
  addKey(key: Omit<NewKey, 'scopes'>, scopes: readonly Scope[] | null, caller: Caller): Added {
    const granted = scopes ?? this.keys.scopesOf(caller);
    const refusal = granted.map((scope) => this.keys.refuse(caller, scope)).find((it) => it !== null);
    if (refusal !== undefined) return refusal;
    this.keys.add({ ...key, scopes: granted });
    return { kind: 'added', scopes: granted };
  }

  /** Hands out look-ups at a provider. Asked twice, it gives twice: it may give too few, never too many. */
  takeBudget(request: BudgetRequest): BudgetGrant {
    return this.#budgets.take(request, Date.now());
  }

  findIdentityCheck(evaluation: string): IdentityCheck | null {
    return this.#identity.find(evaluation);
  }

  beginIdentityCheck(begun: BegunCheck): boolean {
    return this.#identity.begin(begun, Date.now());
  }

  hearIdentityCheck(word: IdentityWord): IdentityHeard {
    return this.#identity.hear(word);
  }

  revokeKey(id: string): boolean {
    return this.keys.revoke(id);
  }

  listKeys(): readonly ApiKey[] {
    return this.keys.list();
  }

  listBlocks(rules: readonly RuleLife[], page: { after: string; limit: number }): HeldPage {
    return this.#blocks.list(rules, page, Date.now());
  }

  liftBlock(key: string, rules: readonly RuleLife[]): Held | null {
    return this.#blocks.lift(key, rules, Date.now());
  }

  /** Lifts holds on a payer, from behind `after`, and says which. */
  unblock(payer: Payer, rules: readonly RuleLife[], after: string, shared?: readonly string[]): HeldPage {
    const page = { after, shared, now: Date.now() };
    return this.ctx.storage.transactionSync(() => this.#blocks.unblock(payer, rules, page));
  }

  /** In force at the next request. */
  addLease(lease: leasing.NewLease, maxActive: number): leasing.LeaseAdded {
    const now = Date.now();
    const added = this.leases.add(lease, maxActive, now);
    this.housekeeping.ensureAlarm(now);
    return added;
  }

  renewLease(renewal: leasing.Renewal): leasing.Renewed {
    return this.leases.renew(renewal, Date.now());
  }

  /** Gone at the next request; null where there is no such lease. */
  revokeLease(id: string): Lease | null {
    return this.leases.revoke(id, Date.now());
  }

  listLeases(page: { after: string; limit: number }): leasing.LeasePage {
    return this.leases.list(page, Date.now());
  }

  /** In force at the next attempt. */
  putListItems(putting: listing.Putting): listing.Put {
    const now = Date.now();
    const put = this.ctx.storage.transactionSync(() => this.lists.put(putting, now));
    this.housekeeping.ensureAlarm(now);
    return put;
  }

  /** Gone at the next attempt. */
  removeListItem(list: ListName, name: Name): listing.Removed {
    return this.ctx.storage.transactionSync(() => this.lists.remove(list, name, Date.now()));
  }

  listItems(query: listing.ItemQuery): listing.ItemPage {
    return this.lists.list(query, Date.now());
  }

  /** Which of these names the deny list holds. */
  deniedNames(names: readonly Name[]): readonly Name[] {
    return this.lists.denied(names, Date.now());
  }

  /** For a copy of the denied addresses that has all changes up to `after`. */
  addressChanges(after: number, limit: number): listing.AddressChanges {
    return this.lists.addressChanges(after, limit);
  }

  listsWord(): listing.ListsWord | null {
    return this.lists.word;
  }

  /** A customer's, the oldest first. */
  passkeysOf(customer: string): readonly passkeys.Passkey[] {
    return this.#passkeys.of(customer);
  }

  enrolPasskey(passkey: passkeys.NewPasskey, challenge: passkeys.SignedChallenge, most: number): passkeys.Enrolled {
    const now = Date.now();
    return this.ctx.storage.transactionSync(() => this.#passkeys.enrol(passkey, challenge, most, now));
  }

  /** Takes a signature that was found right, once. */
  usePasskey(use: passkeys.PasskeyUse): passkeys.PasskeyUsed {
    const now = Date.now();
    return this.ctx.storage.transactionSync(() => this.#passkeys.use(use, now));
  }

  removePasskey(customer: string, id: string): passkeys.Passkey | null {
    return this.#passkeys.remove(customer, id);
  }

  /** All that a customer had: how many. */
  forgetPasskeys(customer: string): number {
    return this.#passkeys.forget(customer);
  }

  /** Of customers and cards, by the names that their histories are kept under: how many had one. */
  forgetHistories(names: readonly string[]): number {
    return this.histories.forget(names, Date.now());
  }

  /**
   * Keeps a configuration as the last good one. Returns what is kept instead where that was written later. `origin`:
   * who wrote it, where that is known.
   */
  offerConfig(offered: KeptConfig, staleForMs: number, origin?: Origin): KeptConfig | null {
    const now = Date.now();
    const before = this.config.kept;
    const isKept = this.config.keep(offered, staleForMs, now);
    this.#turns.end(offered.writtenAt);
    this.#remember(offered, isKept, { before, now, origin });
    if (!isKept) return this.config.kept;
    const rooms = [this.keys, this.leases, this.lists, this.switches, this.attacks, this.origins, this.#passkeys];
    if (offered.json === null) for (const one of rooms) one.clear(now);
    return null;
  }

  /** Attack mode by hand; null: the watch alone says. In force at the next attempt. */
  turnAttackMode(turned: TurnedAttackMode | null): void {
    this.switches.turnAttackMode(turned);
  }

  /** How attack mode stands, by the watch and by hand. */
  attackState(): AttackState {
    return this.attacks.stateAt(Date.now());
  }

  /** Turns the bypass; what it is now. Every attempt that is judged from here on sends its isolate back to read. */
  turnBypass(said: Bypass): Bypass {
    return this.switches.turnBypass(said);
  }

  /** The last word about one, over or not. */
  bypass(): Bypass | null {
    this.switches.forgetOld(Date.now());
    return this.switches.bypass;
  }

  /** Asked before a configuration is written. */
  takeTurn(request: TurnRequest): Turn {
    return this.#turns.take(request, this.config.kept, Date.now());
  }

  /** The write was given up. */
  endTurn(writtenAt: number): void {
    this.#turns.end(writtenAt);
  }

  /** What was in force, the newest first. */
  configVersions(): readonly ConfigVersion[] {
    return this.#history.list(this.config.kept, Date.now());
  }

  /** The text of a version; null where it is not kept. */
  configText(version: string): string | null {
    return this.#history.text(version) ?? (this.config.kept?.hash === version ? this.config.kept.json : null);
  }

  /** The version that a write of the API came after. */
  versionBefore(writtenAt: number): string | null {
    return this.#history.versionBefore(writtenAt);
  }

  /** Not null for the first who asks about a raw write: he puts it on record. */
  claimRawWrite(version: string): RawWrite | null {
    return this.#history.claimRaw(version);
  }

  /** True for the first who asks about a faulty configuration. */
  claimFaulty(version: string): boolean {
    return this.#history.claimFaulty(version, Date.now());
  }

  /** Which configuration is kept, without its text. */
  keptVersion(): Omit<KeptConfig, 'json'> | null {
    const { kept } = this.config;
    return kept === null ? null : this.config.withBeside({ hash: kept.hash, writtenAt: kept.writtenAt });
  }

  /** What became of the attempts of a stretch of time that were let through; times in ms since the epoch. */
  tallyOutcomes(from: number, to: number): OutcomeTally {
    return tallyOutcomes(this.ctx.storage.sql, from, to);
  }

  /** What is on record, a stretch of time at a time. */
  ledgerPage(stretch: LedgerStretch): LedgerPage {
    return this.#pages.page(stretch);
  }

  ledgerRecords(ids: readonly string[]): readonly LedgerRecord[] {
    return this.#pages.records(ids);
  }

  lastGoodConfig(): KeptConfig | null {
    const { kept } = this.config;
    return kept === null ? null : this.config.withBeside(kept);
  }

  // What was in force matters less than what is: a history that cannot be written stops nobody who writes.
  #remember(config: KeptConfig, isKept: boolean, coming: Coming): void {
    const { before, origin } = coming;
    if (before?.hash === config.hash && before.writtenAt === config.writtenAt) return;
    if (!isKept && origin?.isWrite !== true) return;
    try {
      if (isKept) this.#history.add(config, coming);
      else this.#history.addOvertaken(config, coming);
    } catch (error) {
      log({ event: 'configuration_not_in_history', config_version: config.hash, error: nameOf(error) });
    }
  }
}
