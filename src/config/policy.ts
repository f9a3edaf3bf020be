/**
 * A merchant's configuration compiled once into what each request needs: frozen, ready, with nothing left to parse.
 */

import type { Watch } from '../alerts/watch.ts';
import type { BodyFormat } from '../attempt/body.ts';
import { deriveDigestKey, deriveFingerprintKeys, type FingerprintKeys } from '../attempt/card-fingerprint.ts';
import { compilePath, type PathPattern } from '../attempt/path-pattern.ts';
import { compileQuery, type QueryPattern } from '../attempt/query-pattern.ts';
import { compileReading, type ReadingRules } from '../attempt/reading-rules.ts';
import { deriveSessionKey, type SessionRules } from '../attempt/session-cookie.ts';
import type { AskedIdentities } from '../attempt/written-identities.ts';
import type { RuleSet } from '../decision/rule-findings.ts';
import type { Clearing } from '../decision/step-up.ts';
import type { GateLocation } from '../gate/gate-client.ts';
import type { ListsInUse } from '../lists/item.ts';
import { type Allowlist, compileAllowlist } from '../network/allowlist.ts';
import type { EgressRules } from '../network/egress.ts';
import type { EgressKey } from '../network/egress-key.ts';
import type { NetworkRules } from '../network/network-rules.ts';
import type { ReputationRules } from '../network/reputation.ts';
import type { Need } from '../network/tables.ts';
import type { TlsRule } from '../network/transport.ts';
import { needsJson, type OutcomeRules } from '../outcome/answer-reader.ts';
import type { Processor } from '../outcome/processor-event.ts';
import type { MethodName } from '../step-up/method-name.ts';
import type { ActiveMode, Mode, VelocityRule } from '../velocity/rule.ts';
import type { Reuse } from '../velocity/session-use.ts';
import type { WatchRule } from '../velocity/watched-touch.ts';
import { watchOf } from './alert-policy.ts';
import { allowlistEntries } from './allowlist-schema.ts';
import { compileWatching } from './attack-schema.ts';
import { compileEgress, importEgressKeys } from './egress-schema.ts';
import { compileGraphql, type GraphqlPolicy } from './graphql-policy.ts';
import type { MerchantConfig, RouteConfig } from './merchant-schema.ts';
import { compileNetwork } from './network-schema.ts';
import { compileOrigin, type OriginMeans, type OriginPolicy } from './origin-policy.ts';
import { compileOutcome } from './outcome-policy.ts';
import { compilePasskeys, type PasskeyPolicy } from './passkey-policy.ts';
import { presetReturns, presetRoutes } from './presets/preset-routes.ts';
import { compileReputation, needOfPolicy } from './reputation-schema.ts';
import { compileReturn, type Return } from './returns.ts';
import type { EntryKind } from './route-schema.ts';
import { compileRules, prepareExpressions } from './rule-schema.ts';
import { compileSealed, type SealedPolicy } from './sealed-schema.ts';
import { clearingOf, compileStepUp, type StepUpPolicy } from './step-up-schema.ts';
import { askedFacts, everyRule, identitiesIn, rulesInForce } from './velocity-policy.ts';
import { compileWebhooks, type Webhook } from './webhook-policy.ts';

export interface Route extends Pick<RouteConfig, 'name' | 'kind' | 'access' | 'fields' | 'refusal'> {
  readonly methods: ReadonlySet<string>;
  /** Of a server route: whose entries let a caller in. */
  readonly accepts: ReadonlySet<EntryKind>;
  /** Null where the query alone tells. */
  readonly path: PathPattern | null;
  readonly query: QueryPattern | null;
  readonly formats: readonly BodyFormat[];
  readonly reading: ReadingRules;
  /** Null where a request is one attempt at most; otherwise what of it is one, and `outcome` means nothing. */
  readonly graphql: GraphqlPolicy | null;
  readonly customer: NonNullable<RouteConfig['customer']>['jwt'] | null;
  /** How its bodies are opened; null where they come as they are. */
  readonly sealed: SealedPolicy | null;
  /** Of the merchant's methods of step-up those that this route does with; null: all of them. */
  readonly stepUpMethods: readonly MethodName[] | null;
  /** What a caller must show beside his address; null: nothing. */
  readonly egress: EgressRules | null;
  readonly outcome: OutcomeRules;
  /** The origin must answer in JSON, or nothing is told. */
  readonly needsJson: boolean;
  readonly timeoutMs: number;
}

export interface Policy {
  readonly merchant: string;
  readonly hosts: ReadonlySet<string>;
  readonly mode: Mode;
  /** Null for a merchant that uses the API alone. */
  readonly origin: OriginPolicy | null;
  readonly routes: readonly Route[];
  readonly returns: readonly Return[];
  readonly velocity: readonly VelocityRule[];
  /** Attack mode, and whose history is clean; null: neither. */
  readonly watching: WatchRule | null;
  /** Which facts its expressions ask for, as `ip.country`; null where it has none. */
  readonly asks: ReadonlySet<string> | null;
  /** What of a payer is made out because some rule asks for it; null: nothing. */
  readonly identities: AskedIdentities | null;
  /** Those that are off too: their counters may still be there, and to unblock means all of them. */
  readonly everyRule: readonly VelocityRule[];
  /** The merchant's own rules; null: none is on. */
  readonly rules: RuleSet | null;
  readonly network: NetworkRules;
  /** What is listened to about an address and a payment; null: nothing. */
  readonly reputation: ReputationRules | null;
  /** Which tables its rules ask; null: none. */
  readonly tables: Need | null;
  /** Who may use the routes of the merchant's own servers. */
  readonly allowlist: Allowlist;
  /** Null where there are none. */
  readonly leases: LeasePolicy | null;
  /** Which items there are on the deny and allow lists, as far as the isolate has heard; null: none. */
  readonly lists: ListsInUse | null;
  readonly tls: TlsRule;
  /** Null where it is off, and in a merchant's mode `off`, which leaves everything untouched. */
  readonly session: SessionPolicy | null;
  /** Null where no method is configured. */
  readonly stepUp: StepUpPolicy | null;
  readonly stepUpFallback: MerchantConfig['step_up']['fallback'];
  /** Null where nobody is to have any. */
  readonly passkeys: PasskeyPolicy | null;
  /** What becomes of a challenge that nothing more is known of. */
  readonly clearing: Clearing;
  readonly onGateUnavailable: MerchantConfig['on_gate_unavailable'];
  readonly gate: GateLocation;
  readonly fingerprintKeys: FingerprintKeys;
  /** Under which the merchant's keys are derived. */
  readonly keyVersion: number;
  /** For digests of what must not be kept as it is. */
  readonly digestKey: CryptoKey;
  /** Null where pages seal nothing. */
  readonly sealed: SealedPolicy | null;
  /** Whether some route means a card by the payment that it was attached to. */
  readonly attachments: boolean;
  /** Which attempts are to be found again by the processor's id of their payment. */
  readonly links: Links;
  /** The processors that report to Cordon. */
  readonly webhooks: ReadonlyMap<Processor, Webhook>;
  readonly reservationMs: number;
  readonly maxBlockSeconds: number;
  /** Whether somebody is alerted when something is wrong. */
  readonly isWatched: boolean;
  /** Who, and what there is to look after; null: nobody. */
  readonly watch: Watch | null;
  /** How long rows of the record are kept. */
  readonly retentionMs: number;
  readonly version: ConfigVersion;
}

/** What a merchant allows of its leases, beside what no lease may exceed. */
export interface LeasePolicy {
  readonly maxTotalMs: number;
  readonly maxActive: number;
}

export interface SessionPolicy extends SessionRules {
  readonly mode: ActiveMode;
  /** With how many of each it may be used within an hour; null: not counted. */
  readonly most: Readonly<Record<Reuse, number | null>>;
}

/** `pending`: those that a later request may go on with. Each link is a row more for the gate to write. */
export type Links = 'all' | 'pending' | 'none';

/** Which text of the configuration this is, and under which words about a bypass and about the lists. */
export interface ConfigVersion {
  /** A hash of its content. */
  readonly hash: string;
  /** When the management API wrote it, in ms since the epoch; 0 for a value written straight into KV. */
  readonly writtenAt: number;
  /** When the last word about a bypass was said, in ms since the epoch; absent where nothing is known of one. */
  readonly bypassAt?: number;
  /** Of when the word about the lists is; absent where nothing is known of one. */
  readonly listsAt?: number;
}

/** Compiles a valid configuration. */
export async function compilePolicy(
  config: MerchantConfig,
  version: ConfigVersion,
  means: OriginMeans,
): Promise<Policy> {
  const { masterKey } = means;
  const keys = await importEgressKeys(config.network.egress_keys);
  const written = [...config.routes, ...presetRoutes(config.preset)];
  const digestKey = await deriveDigestKey(masterKey, config.id);
  const sealed = await compileSealed(config, masterKey, digestKey);
  const routes = written.map((route) => compileRoute(route, { keys, sealed }));
  const returns = [...config.returns, ...presetReturns(config.preset)].map(compileReturn);
  const webhooks = compileWebhooks(config.webhooks);
  const network = compileNetwork(config.network);
  await prepareExpressions(config);
  const rules = compileRules(config.rules);
  const reputation = compileReputation(config.reputation, config.network, network.modes);
  const velocity = rulesInForce(config);
  const asks = askedFacts(rules, velocity);
  const owner = { merchant: config.id, version: config.key_version, hosts: config.hosts };
  return Object.freeze({
    merchant: config.id,
    hosts: new Set(config.hosts),
    mode: config.mode,
    origin: await compileOrigin(config.origin, owner, means),
    routes,
    returns,
    links: linksOf({ routes, returns, webhooks }),
    attachments: routes.some(hasAttachments),
    velocity,
    watching: compileWatching(config),
    asks,
    identities: identitiesIn(velocity, { asks, key: digestKey }),
    everyRule: everyRule(config),
    network,
    reputation,
    tables: needOfPolicy(reputation, network, asks),
    allowlist: compileAllowlist(allowlistEntries(config.network.allowlist)),
    leases: compileLeases(config.network.leases),
    lists: null,
    tls: { minimum: config.network.minimum_tls, mode: config.network.modes.tls_version ?? 'enforce' },
    session: await compileSession(config, masterKey),
    stepUp: await compileStepUp(config.step_up, config.id, masterKey),
    passkeys: await compilePasskeys(config, written, masterKey),
    stepUpFallback: config.step_up.fallback,
    clearing: clearingOf(config.step_up),
    rules,
    onGateUnavailable: config.on_gate_unavailable,
    gate: config.gate,
    fingerprintKeys: await deriveFingerprintKeys(masterKey, config.id, config.key_version),
    keyVersion: config.key_version,
    digestKey,
    sealed,
    webhooks,
    reservationMs: config.reservation_seconds * 1000,
    maxBlockSeconds: config.max_block_seconds,
    isWatched: config.alerts !== undefined,
    watch: watchOf(config, version),
    retentionMs: config.records.retention_days * 86_400_000,
    version,
  });
}

function linksOf({ routes, returns, webhooks }: Pick<Policy, 'routes' | 'returns' | 'webhooks'>): Links {
  const isTold = returns.some(({ payment: { kind } }) => kind === 'answer' || kind === 'location');
  if (webhooks.size > 0 || isTold) return 'all';
  // A client may name a payment that waits, and no other.
  const isGoneOnWith = routes.some(({ reading }) => reading.continues !== null);
  return isGoneOnWith || returns.length > 0 ? 'pending' : 'none';
}

function compileLeases(leases: MerchantConfig['network']['leases']): LeasePolicy | null {
  if (leases === undefined) return null;
  return { maxTotalMs: leases.max_total_seconds * 1000, maxActive: leases.max_active };
}

interface Keys {
  readonly keys: ReadonlyMap<string, EgressKey>;
  readonly sealed: SealedPolicy | null;
}

function compileRoute(route: RouteConfig, { keys, sealed }: Keys): Route {
  const { name, kind, access, body, fields, refusal, match, customer, outcome, processor, timeout_seconds } = route;
  const graphql = compileGraphql(route);
  const outcomeRules = compileOutcome(outcome, processor ?? null);
  return Object.freeze({
    name,
    kind,
    access,
    fields,
    refusal,
    methods: new Set<string>(match.methods),
    accepts: new Set<EntryKind>(route.accepts ?? ['static']),
    path: match.path === '*' ? null : compilePath(match.path),
    query: match.query === undefined ? null : compileQuery(match.query),
    formats: formatsOf(body),
    reading: compileReading(route),
    graphql,
    customer: customer?.jwt ?? null,
    sealed: body === 'sealed' ? sealed : null,
    stepUpMethods: route.step_up?.methods ?? null,
    egress: compileEgress(route.egress, keys),
    outcome: outcomeRules,
    needsJson: graphql !== null || needsJson(outcomeRules),
    timeoutMs: timeout_seconds * 1000,
  });
}

function formatsOf(body: RouteConfig['body']): readonly BodyFormat[] {
  if (body === 'graphql') return ['json'];
  if (body === 'sealed') return [];
  return typeof body === 'string' ? [body] : body;
}

function hasAttachments({ reading, graphql }: Route): boolean {
  const operations = graphql?.reading.operations ?? [];
  return [reading, ...operations.map((operation) => operation.reading)].some(({ attachedTo }) => attachedTo !== null);
}

async function compileSession(
  { id, mode, session }: MerchantConfig,
  masterKey: CryptoKey,
): Promise<SessionPolicy | null> {
  if (session === undefined || session.mode === 'off' || mode === 'off') return null;
  return {
    mode: session.mode,
    minAgeMs: session.min_age_seconds * 1000,
    maxAgeMs: session.max_age_seconds * 1000,
    key: await deriveSessionKey(masterKey, id),
    most: { addresses: session.max_addresses ?? null, cards: session.max_cards ?? null },
  };
}
