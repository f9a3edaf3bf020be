/**
 * The gate: one Durable Object a merchant, holding its counters, reservations, blocks and last good configuration.
 * Here is what manages it; what payments ask of it is in payment-gate.ts. Every method may be called twice.
 */
import type { Lease } from '../network/lease.ts';
import { BlockList, type Held, type HeldPage, type Payer, type RuleLife } from './block-list.ts';
import { type BudgetGrant, type BudgetRequest, Budgets } from './budgets.ts';
import type { Bypass } from './bypass.ts';
import type { Caller, KeptConfig, NotLetIn, Scope } from './gate-messages.ts';
import type { Added, ApiKey, NewKey } from './key-ring.ts';
import type * as leasing from './lease-messages.ts';
import { PaymentGate } from './payment-gate.ts';

export class Gate extends PaymentGate {
  readonly #blocks: BlockList;
  readonly #budgets: Budgets;

  constructor(ctx: DurableObjectState, env: Cloudflare.Env) {
    super(ctx, env);
    this.#blocks = new BlockList(this.shelf);
    this.#budgets = new Budgets(ctx.storage.sql);
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
  unblock(payer: Payer, rules: readonly RuleLife[], after: string): HeldPage {
    const now = Date.now();
    return this.ctx.storage.transactionSync(() => this.#blocks.unblock(payer, rules, { after, now }));
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

  /** Keeps a configuration as the last good one. Returns what is kept instead where that was written later. */
  offerConfig(offered: KeptConfig, staleForMs: number): KeptConfig | null {
    const now = Date.now();
    this.switches.forgetOld(now);
    if (!this.config.keep(offered, staleForMs, now)) return this.config.kept;
    if (offered.json === null) {
      this.keys.clear();
      this.leases.clear();
      this.switches.clear();
    }
    // The configuration is kept; who offered it hears of a bypass all the same.
    return this.switches.bypass === null ? null : this.config.kept;
  }

  /** Turns the bypass; what it is now. Every attempt that is judged from here on sends its isolate back to read. */
  turnBypass(said: Bypass): Bypass {
    return this.switches.turnBypass(said);
  }

  bypass(): Bypass | null {
    return this.switches.bypass;
  }

  /** Which configuration is kept, without its text. */
  keptVersion(): Omit<KeptConfig, 'json'> | null {
    const { kept } = this.config;
    if (kept === null) return null;
    const { json: _, ...version } = kept;
    return version;
  }

  lastGoodConfig(): KeptConfig | null {
    return this.config.kept;
  }
}
