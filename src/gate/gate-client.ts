/**
 * The Worker's side of the gate: finds the merchant's object, asks with a time limit, and turns every failure into a
 * named arm. What an unavailable gate means is the policy's word, not this file's.
 */

import { log, nameOf } from '../journal/log.ts';
import type { ListName, Name } from '../lists/item.ts';
import type { Lease } from '../network/lease.ts';
import type {
  Enrolled,
  NewPasskey,
  Passkey,
  PasskeyUse,
  PasskeyUsed,
  SignedChallenge,
} from '../step-up/passkey-record.ts';
import type { Amendment } from './amendment.ts';
import type { AttackState } from './attack-desk.ts';
import type { Held, HeldPage, Payer, RuleLife } from './block-list.ts';
import type { BudgetGrant, BudgetRequest } from './budgets.ts';
import type { Bypass } from './bypass.ts';
import type { AnswerLeave, AnswerResult, Asked, AskedChallenge } from './challenge-messages.ts';
import type { ConfigVersion, KeptConfig, KnownConfig, Origin, RawWrite, Turn, TurnRequest } from './config-messages.ts';
import { Deadlines } from './deadline.ts';
import type { Drain } from './drain.ts';
import type { Gate } from './gate.ts';
import type {
  Admission,
  AdmitRequest,
  Caller,
  Closing,
  Evaluated,
  EvaluateRequest,
  Heard,
  NotLetIn,
  ProcessorWord,
  Report,
  Reported,
  Scope,
  Settled,
  Settlement,
  StoredEvaluation,
  Told,
} from './gate-messages.ts';
import type { BegunCheck, IdentityCheck, IdentityHeard, IdentityWord } from './identity-messages.ts';
import type { Added, ApiKey, NewKey } from './key-ring.ts';
import type {
  LeaseAdded,
  LeaseAnswer,
  LeasePage,
  LeaseQuestion,
  NewLease,
  Renewal,
  Renewed,
} from './lease-messages.ts';
import type { LedgerPage, LedgerRecord, LedgerStretch } from './ledger-messages.ts';
import type { AddressChanges, ItemPage, ItemQuery, ListsWord, Put, Putting, Removed } from './list-messages.ts';
import type { Nonce, NonceUse } from './nonce-messages.ts';
import type { OriginHeard, OriginNews, OriginWord } from './origin-messages.ts';
import type { OutcomeTally } from './outcome-tally.ts';
import { callAlone, type SharedCalls, type TextCall, type TextCalls } from './shared-calls.ts';
import type { TurnedAttackMode } from './switches.ts';

export type GateAnswer<T> = { readonly kind: 'answered'; readonly value: T } | { readonly kind: 'unavailable' };

/** The deployment's gates. */
export interface Gates {
  readonly namespace: DurableObjectNamespace<Gate>;
  /** workerd knows no jurisdictions and throws: a local deployment has one place only. */
  readonly haveJurisdictions: boolean;
  /** The time limits of the request that asks; without them a call has its own. */
  readonly limits?: Deadlines;
  /** What the request that asks has asked by before: to find the object anew costs as much as a timer. */
  readonly kept?: KeptStub;
  /** What the isolate's requests ask together. */
  readonly shared?: SharedCalls | undefined;
  /** Who wants to know that the gate of a merchant who is watched did not answer. Never throws, and nobody waits for it. */
  readonly onUnavailable?: ((merchant: string) => void) | undefined;
}

/** The stub of one request for one gate. One that fails is not kept: what is broken stays so. */
export interface KeptStub {
  address: GateAddress | null;
  stub: GateCalls | null;
}

/** Where a merchant's gate lives. A jurisdiction is part of its identity, a location only a hint at its birth. */
export interface GateLocation {
  readonly location?: DurableObjectLocationHint | undefined;
  readonly jurisdiction?: DurableObjectJurisdiction | undefined;
}

export interface GateAddress {
  readonly merchant: string;
  readonly gate: GateLocation;
  /** Whether somebody is to be alerted when it does not answer. */
  readonly isWatched?: boolean;
}

/** The gate's calls as they arrive here. (The platform's own mapped type distributes over unions and loses them.) */
export interface GateCalls extends TextCalls {
  admit(request: AdmitRequest): Promise<Admission>;
  settle(settlement: Settlement): Promise<Settled>;
  evaluate(request: EvaluateRequest): Promise<Evaluated>;
  amend(amendment: Amendment): Promise<StoredEvaluation | null>;
  report(report: Report): Promise<Reported>;
  tell(evaluation: string, caller: Caller): Promise<Told>;
  hear(said: readonly ProcessorWord[]): Promise<readonly Heard[]>;
  admitAll(requests: readonly AdmitRequest[]): Promise<readonly Admission[]>;
  useNonce(nonce: Nonce, evaluation: string, config?: KnownConfig): Promise<NonceUse | 'stale_config'>;
  freeNonce(key: string, evaluation: string): Promise<void>;
  askChallenge(asked: AskedChallenge): Promise<Asked>;
  answerChallenge(answered: AskedChallenge): Promise<AnswerLeave>;
  concludeChallenge(evaluation: string, result: AnswerResult): Promise<void>;
  close(closing: Closing): Promise<void>;
  refuse(caller: Caller, scope: Scope): Promise<NotLetIn | null>;
  addKey(key: Omit<NewKey, 'scopes'>, scopes: readonly Scope[] | null, caller: Caller): Promise<Added>;
  takeBudget(request: BudgetRequest): Promise<BudgetGrant>;
  findIdentityCheck(evaluation: string): Promise<IdentityCheck | null>;
  beginIdentityCheck(begun: BegunCheck): Promise<boolean>;
  hearIdentityCheck(word: IdentityWord): Promise<IdentityHeard>;
  revokeKey(id: string): Promise<boolean>;
  listKeys(): Promise<readonly ApiKey[]>;
  listBlocks(rules: readonly RuleLife[], page: { after: string; limit: number }): Promise<HeldPage>;
  liftBlock(key: string, rules: readonly RuleLife[]): Promise<Held | null>;
  unblock(payer: Payer, rules: readonly RuleLife[], after: string, shared?: readonly string[]): Promise<HeldPage>;
  leaseOf(question: LeaseQuestion, config: KnownConfig): Promise<LeaseAnswer>;
  addLease(lease: NewLease, maxActive: number): Promise<LeaseAdded>;
  renewLease(renewal: Renewal): Promise<Renewed>;
  revokeLease(id: string): Promise<Lease | null>;
  ledgerPage(stretch: LedgerStretch): Promise<LedgerPage>;
  ledgerRecords(ids: readonly string[]): Promise<readonly LedgerRecord[]>;
  listLeases(page: { after: string; limit: number }): Promise<LeasePage>;
  putListItems(putting: Putting): Promise<Put>;
  removeListItem(list: ListName, name: Name): Promise<Removed>;
  listItems(query: ItemQuery): Promise<ItemPage>;
  deniedNames(names: readonly Name[]): Promise<readonly Name[]>;
  addressChanges(after: number, limit: number): Promise<AddressChanges>;
  listsWord(): Promise<ListsWord | null>;
  passkeysOf(customer: string): Promise<readonly Passkey[]>;
  enrolPasskey(passkey: NewPasskey, challenge: SignedChallenge, most: number): Promise<Enrolled>;
  usePasskey(use: PasskeyUse): Promise<PasskeyUsed>;
  removePasskey(customer: string, id: string): Promise<Passkey | null>;
  forgetPasskeys(customer: string): Promise<number>;
  forgetHistories(names: readonly string[]): Promise<number>;
  offerConfig(offered: KeptConfig, staleForMs: number, origin?: Origin): Promise<KeptConfig | null>;
  takeTurn(request: TurnRequest): Promise<Turn>;
  endTurn(writtenAt: number): Promise<void>;
  configVersions(): Promise<readonly ConfigVersion[]>;
  configText(version: string): Promise<string | null>;
  versionBefore(writtenAt: number): Promise<string | null>;
  claimRawWrite(version: string): Promise<RawWrite | null>;
  claimFaulty(version: string): Promise<boolean>;
  keptVersion(): Promise<Omit<KeptConfig, 'json'> | null>;
  lastGoodConfig(): Promise<KeptConfig | null>;
  tallyOutcomes(from: number, to: number): Promise<OutcomeTally>;
  turnAttackMode(turned: TurnedAttackMode | null): Promise<void>;
  attackState(): Promise<AttackState>;
  turnBypass(said: Bypass): Promise<Bypass>;
  bypass(): Promise<Bypass | null>;
  hearOrigin(news: OriginNews): Promise<OriginHeard>;
  originWord(): Promise<OriginWord>;
  turnDrain(drain: Drain): Promise<Drain | null>;
}

const ANSWER_TIMEOUT_MS = 5_000;
const LATE = Symbol('late');

/**
 * Asks a merchant's gate. What fails is asked once more on a fresh stub, for every method may run twice; an
 * overloaded object is left alone (Cloudflare: "do not retry").
 */
export function askGate<T>(
  gates: Gates,
  address: GateAddress,
  ask: (gate: GateCalls) => Promise<T>,
): Promise<GateAnswer<T>> {
  return answered(
    gates,
    address,
    askTwice(gates, address, () => ask(keptGate(gates, address)), ask),
  );
}

/**
 * Asks a merchant's gate once: for calls whose answer says what they changed, which a second one could not say again.
 * Whoever hears `unavailable` does not know whether it was done.
 */
export function askGateOnce<T>(
  gates: Gates,
  address: GateAddress,
  ask: (gate: GateCalls) => Promise<T>,
): Promise<GateAnswer<T>> {
  return answered(
    gates,
    address,
    Promise.try(() => ask(openGate(gates, address))),
  );
}

async function answered<T>(
  { limits = new Deadlines(), onUnavailable }: Gates,
  { merchant, isWatched = false }: GateAddress,
  answer: Promise<T>,
): Promise<GateAnswer<T>> {
  try {
    const value = await limits.within(ANSWER_TIMEOUT_MS, answer, LATE);
    if (value === LATE) throw LATE;
    return { kind: 'answered', value };
  } catch (error) {
    if (isWatched) onUnavailable?.(merchant);
    log({ event: 'gate_unavailable', merchant, error: reasonOf(error) });
    return { kind: 'unavailable' };
  }
}

/**
 * As `askGate`, for a call of texts: together with those of other requests where the gate is asked often. The second
 * time it is asked alone: whatever was wrong may have been somebody else's.
 */
export function askText<T>(
  gates: Gates,
  address: GateAddress,
  call: TextCall,
  read: (text: string) => T,
): Promise<GateAnswer<T>> {
  const { shared } = gates;
  const alone = (gate: GateCalls) => callAlone(gate, call).then(read);
  if (shared === undefined) return askGate(gates, address, alone);
  const first = () => {
    const together = shared.ask(address, call, () => openGate(gates, address));
    return together === null ? alone(keptGate(gates, address)) : together.then(read);
  };
  return answered(gates, address, askTwice(gates, address, first, alone));
}

function askTwice<T>(
  gates: Gates,
  address: GateAddress,
  first: () => Promise<T>,
  second: (gate: GateCalls) => Promise<T>,
): Promise<T> {
  const again = (error: unknown): Promise<T> => {
    if (gates.kept !== undefined) gates.kept.stub = null;
    if ((error as { overloaded?: boolean }).overloaded === true) throw error;
    return second(openGate(gates, address));
  };
  try {
    return first().catch(again);
  } catch (error) {
    return Promise.try(again, error);
  }
}

function keptGate(gates: Gates, address: GateAddress): GateCalls {
  const { kept } = gates;
  if (kept === undefined) return openGate(gates, address);
  if (kept.stub !== null && kept.address === address) return kept.stub;
  kept.address = address;
  kept.stub = openGate(gates, address);
  return kept.stub;
}

function openGate({ namespace, haveJurisdictions }: Gates, { merchant, gate }: GateAddress): GateCalls {
  const { jurisdiction, location } = gate;
  const here = jurisdiction === undefined || !haveJurisdictions ? namespace : namespace.jurisdiction(jurisdiction);
  const stub = location === undefined ? here.getByName(merchant) : here.getByName(merchant, { locationHint: location });
  return stub as unknown as GateCalls;
}

/** As the platform marks its errors; what an error says in words may quote what was asked. */
function reasonOf(error: unknown): string {
  if (error === LATE) return 'timeout';
  const marks = error as { readonly overloaded?: boolean; readonly durableObjectReset?: boolean } | null;
  if (marks?.overloaded === true) return 'overloaded';
  return marks?.durableObjectReset === true ? 'reset' : nameOf(error);
}
