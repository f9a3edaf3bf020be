/**
 * `cordon/client`: Cordon's API for an application, typed, without dependencies. For Node, Workers, Deno, and for
 * browsers through one's own proxy; a key never belongs into a page.
 */
import { Alerts } from './alerts.ts';
import { Backtests } from './backtests.ts';
import {
  type Evaluation,
  type EvaluationRequest,
  Evaluations,
  type OnUnreachable,
  type Outcome,
  type ToldEvaluation,
  type Verdict,
} from './evaluations.ts';
import { Feeds } from './feeds.ts';
import { Changes, Versions } from './history.ts';
import { Journal } from './journal.ts';
import { Leases } from './leases.ts';
import { Line, type LineOptions } from './line.ts';
import { Lists } from './lists.ts';
import { BlockList, Keys, Merchants } from './merchants.ts';
import { CustomerPasskeys } from './passkeys.ts';
import { DecisionRecord } from './record.ts';
import { Switches } from './switches.ts';

export type { AlertBurst, AlertMessage, AlertOverview, AlertTry, SentAlert } from './alerts.ts';
export type { Backtest, BacktestRequest, LimitTried, StoppedCounts } from './backtests.ts';
export { CordonError, type Failure, type Fault } from './cordon-error.ts';
export {
  type Attempt,
  type Card,
  type Decision,
  mayProceed,
  type OnUnreachable,
  type Outcome,
  type Reason,
  type Verdict,
} from './evaluations.ts';
export type { Feed, FeedKind, FeedOptions, FeedSource } from './feeds.ts';
export type {
  Change,
  ChangePage,
  ChangeQuery,
  Comparison,
  Difference,
  Restored,
  Version,
  VersionPage,
} from './history.ts';
export type { DeadLetter, DeadLetterPage, Erased, Person, Reconciled, Replayed } from './journal.ts';
export type { Lease, LeasePage, LeaseRequest, NewLease, Renewal } from './leases.ts';
export type { Fetch } from './line.ts';
export type {
  Imported,
  ImportOptions,
  ListItem,
  ListItemPage,
  ListItemRequest,
  ListItemType,
  ListName,
  ListQuery,
} from './lists.ts';
export type { Blocks, Configuration, Hold, Key, KeyRequest, Lifted, NewKey, Payer, Scope } from './merchants.ts';
export type { Passkey, PasskeyOptionsRequest, Passkeys, RegistrationJson } from './passkeys.ts';
export type {
  DecisionFilter,
  DecisionPage,
  Explanation,
  RecordedDecision,
  RecordedOutcome,
  Stats,
  StatsQuestion,
  Total,
} from './record.ts';
export type {
  AttackedSegment,
  AttackLevel,
  AttackMode,
  AttackModeRequest,
  Bypass,
  DrainRequest,
  DrainTarget,
  OriginDrain,
  OriginPlace,
  OriginPosition,
  SwitchPositions,
  SwitchRequest,
  Turn,
} from './switches.ts';
export type { Evaluation, EvaluationRequest, ToldEvaluation };

export interface ClientOptions extends LineOptions {
  /** What `evaluate` decides while Cordon cannot be asked. All other calls throw. */
  readonly onUnreachable: OnUnreachable;
}

export interface Cordon {
  readonly onUnreachable: OnUnreachable;
  /**
   * Asks before a payment. With an idempotency key the call may be repeated: same payload, same answer.
   * Throws a CordonError where Cordon was asked and said no: a bad key, a faulty attempt.
   */
  evaluate(request: EvaluationRequest, options?: { readonly idempotencyKey?: string | undefined }): Promise<Verdict>;
  /** The evaluation on record, with its outcome. */
  evaluation(id: string): Promise<ToldEvaluation>;
  /** Tells what became of a payment. `pending` and `unknown` are settled by a later word. */
  reportOutcome(id: string, outcome: Outcome): Promise<ToldEvaluation>;
  readonly merchants: Merchants;
  readonly keys: Keys;
  readonly blocks: BlockList;
  readonly leases: Leases;
  readonly lists: Lists;
  readonly passkeys: CustomerPasskeys;
  readonly versions: Versions;
  readonly changes: Changes;
  readonly switches: Switches;
  readonly feeds: Feeds;
  readonly alerts: Alerts;
  readonly record: DecisionRecord;
  readonly backtests: Backtests;
  readonly journal: Journal;
}

/** Throws a TypeError for options that can never work; makes no call. */
export function createClient({ onUnreachable, ...options }: ClientOptions): Cordon {
  if (!['block', 'allow', 'throw'].includes(onUnreachable)) {
    throw new TypeError("onUnreachable must be 'block', 'allow' or 'throw'");
  }
  const line = new Line(options);
  const evaluations = new Evaluations(line, onUnreachable);
  return {
    onUnreachable,
    evaluate: (request, { idempotencyKey } = {}) => evaluations.evaluate(request, idempotencyKey),
    evaluation: (id) => evaluations.tell(id),
    reportOutcome: (id, outcome) => evaluations.report(id, outcome),
    merchants: new Merchants(line),
    keys: new Keys(line),
    blocks: new BlockList(line),
    leases: new Leases(line),
    lists: new Lists(line),
    passkeys: new CustomerPasskeys(line),
    versions: new Versions(line),
    changes: new Changes(line),
    switches: new Switches(line),
    feeds: new Feeds(line),
    alerts: new Alerts(line),
    record: new DecisionRecord(line),
    backtests: new Backtests(line),
    journal: new Journal(line),
  };
}
