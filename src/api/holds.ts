/**
 * What is shut at a merchant, as an analyst sees it, and how it is opened.
 */
import { emailIdentity } from '../attempt/email-identity.ts';
import { parseIp } from '../attempt/ip-address.ts';
import { countedPrefix } from '../attempt/ip-prefix.ts';
import { readJson } from '../attempt/json-body.ts';
import type { Environment } from '../config/environment.ts';
import type { Policy } from '../config/policy.ts';
import type { Held, Payer, RuleLife } from '../gate/block-list.ts';
import { askGate, askGateOnce } from '../gate/gate-client.ts';
import type { ItemType, Name } from '../lists/item.ts';
import { plainIdentity } from '../velocity/identity.ts';
import type { Count, Dimension, Mode, Then, VelocityRule } from '../velocity/rule.ts';
import { cardsOf } from './identities.ts';
import { type ToldItem, toldOf } from './list-items.ts';
import { deniedItems, payerNames, removeOwn } from './listed-payers.ts';
import type { UnblockRequest } from './schemas.ts';
import { sharedKeys } from './shared-holds.ts';

/** A block as the API tells it. `ip` is the address, or the /64 of an IPv6 one; `card` is Cordon's own fingerprint. */
export interface Hold {
  readonly id: string;
  readonly rule: string;
  /** Of the rule: `shadow` is on record and refuses nobody, nor does a rule that is `off` by now. */
  readonly mode: Mode;
  readonly state: Held['state'];
  readonly card: string | null;
  readonly ip: string | null;
  readonly customer_id: string | null;
  /** Every identity of its key, by dimension: an e-mail and a device are keyed digests. */
  readonly by: Held['identities'];
  /** What it counts, and what becomes of an attempt beyond the limit. */
  readonly counts: Count;
  readonly then: Then;
  /** What is counted: failures, unless `counts` says otherwise. */
  readonly failures: number;
  readonly limit: number;
  readonly since: string | null;
  readonly until: string | null;
}

export class Holds {
  readonly #environment: Environment;

  constructor(environment: Environment) {
    this.#environment = environment;
  }

  /** A page from behind the key `after`; null when the gate does not answer. */
  async list(policy: Policy, page: { after: string; limit: number }) {
    const listed = await askGate(this.#environment.gates, policy, (gate) =>
      gate.listBlocks(livesOf(policy, inForce(policy)), page),
    );
    if (listed.kind === 'unavailable') return null;
    const { held, next } = listed.value;
    const next_cursor = next === null ? null : encode(next);
    const blocks = held.map((one) => holdOf(one, policy));
    const denied = await this.#deniedAmong(blocks, policy);
    return denied && { blocks: blocks.map((one) => ({ ...one, denied_by: denied(one) })), next_cursor };
  }

  /** By which items of the deny list the payers of these are refused too; null when the gate does not answer. */
  async #deniedAmong(blocks: readonly Hold[], policy: Policy): Promise<((hold: Hold) => ItemType[]) | null> {
    const names = (policy.lists?.deny.size ?? 0) === 0 ? [] : blocks.flatMap(namesOfHold);
    if (names.length === 0) return () => [];
    const answer = await askGate(this.#environment.gates, policy, (gate) => gate.deniedNames(names));
    if (answer.kind === 'unavailable') return null;
    const denied = new Set(answer.value.map(([type, value]) => `${type} ${value}`));
    return (hold) => namesOfHold(hold).flatMap(([type, value]) => (denied.has(`${type} ${value}`) ? [type] : []));
  }

  /** Null when the gate does not answer, false when there is no such block. */
  async lift(policy: Policy, id: string): Promise<Hold | false | null> {
    const lives = livesOf(policy, inForce(policy));
    const lifted = await askGateOnce(this.#environment.gates, policy, (gate) => gate.liftBlock(decode(id), lives));
    if (lifted.kind === 'unavailable') return null;
    return lifted.value === null ? false : holdOf(lifted.value, policy);
  }

  /**
   * Lifts every hold on the payer, and tells those that he shares with others. Null when the gate did not answer: then some may have been lifted, and asking again
   * lifts the rest.
   */
  async unblock(policy: Policy, said: UnblockRequest): Promise<Unblocked | null> {
    const payer = await payerOf(said, policy);
    const rules = livesOf(policy, policy.everyRule);
    const keys = await sharedKeys(said, policy);
    const lifted: Hold[] = [];
    const shared: Hold[] = [];
    let count = 0;
    for (let after: string | null = ''; after !== null; ) {
      const from: string = after;
      const page = await askGateOnce(this.#environment.gates, policy, (gate) =>
        gate.unblock(payer, rules, from, from === '' ? keys : []),
      );
      if (page.kind === 'unavailable') return null;
      const { held, next, shared: others = [] } = page.value;
      shared.push(...others.map((one) => holdOf(one, policy)));
      count += held.length;
      lifted.push(...held.slice(0, NAMED_LIMIT - lifted.length).map((one) => holdOf(one, policy)));
      after = next;
    }
    const { gates } = this.#environment;
    const names = await payerNames(said, policy);
    const items = await deniedItems(names, policy, gates);
    const removed = said.remove_deny_items ? await removeOwn(names, policy, { gates, lists: ['deny'] }) : [];
    if (items === null || removed === null) return null;
    const isGone = (id: string) => removed.some((item) => toldOf('deny', item).id === id);
    const told = items.map((item) => toldOf('deny', item));
    return {
      lifted,
      count,
      shared_holds: shared,
      deny_items: told.map((item) => ({ ...item, is_removed: isGone(item.id) })),
    };
  }
}

function namesOfHold({ card, ip, customer_id }: Hold): readonly Name[] {
  return [
    ...(card === null ? [] : [['card_fingerprint', card] as const]),
    ...(ip === null ? [] : [['ip', ip] as const]),
    ...(customer_id === null ? [] : [['customer_id', customer_id] as const]),
  ];
}

/** `lifted` names the first thousand of `count`. `deny_items` still refuse him, but for those that were removed. */
export interface Unblocked {
  readonly lifted: readonly Hold[];
  readonly count: number;
  /** On his card's bank, his mailbox's domain or everybody: they hold others too, and stay. */
  readonly shared_holds: readonly Hold[];
  readonly deny_items: readonly (ToldItem & { readonly is_removed: boolean })[];
}

const NAMED_LIMIT = 1_000;

/** An address holds its payer by its network too, an e-mail by its mailbox. */
async function payerOf({ card, ip, customer_id, email: written }: UnblockRequest, policy: Policy): Promise<Payer> {
  const known = card === undefined ? [] : await cardsOf(card, policy);
  const names = known.flatMap(({ fingerprint, formerFingerprints }) => [fingerprint, ...formerFingerprints]);
  const address = ip === undefined ? null : parseIp(ip);
  const email = written === undefined ? null : await emailIdentity(written, policy.digestKey);
  return {
    ...(names.length === 0 ? {} : { card: names }),
    ...(address === null ? {} : { ip: [address.counted], ip_prefix: [countedPrefix(address)] }),
    ...(email === null ? {} : { email: [email.digest] }),
    ...(customer_id === undefined ? {} : { customer: [customer_id] }),
  };
}

/** What may shut a key: the rules about payments, and that about challenges. */
function inForce({ velocity, stepUp }: Policy): readonly VelocityRule[] {
  return stepUp === null ? velocity : [...velocity, ...stepUp.rules];
}

function livesOf({ maxBlockSeconds }: Policy, rules: readonly VelocityRule[]): readonly RuleLife[] {
  return rules.map(({ name: rule, keyedAs, by, limit, windowSeconds, count, slides, blockSeconds }) => ({
    rule,
    by,
    limit,
    windowSeconds,
    maxBlockSeconds,
    ...(keyedAs === undefined ? {} : { keyedAs }),
    ...(count === undefined ? {} : { count }),
    ...(slides === undefined ? {} : { slides }),
    ...(blockSeconds === undefined ? {} : { blockSeconds }),
  }));
}

function holdOf({ key, rule, state, identities, count, limit, since, until }: Held, policy: Policy): Hold {
  const { card = null, ip = null, customer = null } = identities;
  const own = [...inForce(policy), ...policy.everyRule].find(({ name }) => name === rule);
  const time = (ms: number | null) => (ms === null ? null : new Date(ms).toISOString());
  return {
    id: encode(key),
    rule,
    mode: modeOf(rule, policy),
    state,
    card,
    ip,
    customer_id: customer,
    by: plainly(identities),
    counts: own?.count ?? 'failures',
    then: own?.then ?? 'block',
    failures: count,
    limit,
    since: time(since),
    until: time(until),
  };
}

function plainly(identities: Held['identities']): Held['identities'] {
  const named = Object.entries(identities).map(([dimension, part]) => {
    return [dimension, plainIdentity(dimension as Dimension, part)];
  });
  return Object.fromEntries(named);
}

function modeOf(rule: string, policy: Policy): Mode {
  const { mode } = policy;
  if (mode === 'off') return 'off';
  const own = inForce(policy).find(({ name }) => name === rule)?.mode ?? 'off';
  return mode === 'shadow' && own === 'enforce' ? 'shadow' : own;
}

/** The key that a cursor stands for, '' for none, or null for what is no cursor. */
export function readCursor(cursor: string): string | null {
  if (cursor === '') return '';
  const key = decode(cursor);
  return encode(key) === cursor && isKey(key) ? key : null;
}

// A key is its rule's name and then identities: see velocity/touch.ts.
function isKey(text: string): boolean {
  const read = readJson(text);
  return (
    read.ok && Array.isArray(read.value) && read.value.length > 1 && read.value.every((it) => typeof it === 'string')
  );
}

function encode(key: string): string {
  return new TextEncoder().encode(key).toBase64({ alphabet: 'base64url', omitPadding: true });
}

// What is no id decodes to a key that nobody has.
function decode(id: string): string {
  try {
    return new TextDecoder().decode(Uint8Array.fromBase64(id, { alphabet: 'base64url' }));
  } catch {
    return '[]';
  }
}
