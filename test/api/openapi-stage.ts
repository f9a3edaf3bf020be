/**
 * A merchant with something of everything that the calls of the description speak of: a key, an evaluation, a block, a lease.
 */
import { env, exports } from 'cloudflare:workers';
import openapi from '../../src/api/openapi.json';
import { type Description, METHODS, type Method, type Operation } from '../../src/api/openapi-document.ts';
import { type Cordon, createClient, type RegistrationJson, type Scope } from '../../src/client/client.ts';
import { timeOf } from '../../src/gate/evaluation-id.ts';
import { insert } from '../../src/journal/insertion.ts';
import { type CreationOptions, SoftPasskey } from '../support/authenticator.ts';
import { decisionOf } from '../support/decisions.ts';
import type { Variables } from './openapi-shell.ts';

export const description = openapi as unknown as Description;
export const URL_OF_CORDON = 'https://localhost';

export interface Described {
  readonly id: string;
  readonly method: Method;
  readonly path: string;
  readonly operation: Operation;
}

export const operations: readonly Described[] = Object.entries(description.paths).flatMap(([path, item]) =>
  METHODS.flatMap((method) => {
    const operation = item[method];
    return operation === undefined ? [] : [{ id: operation.operationId, method, path, operation }];
  }),
);

export const guarded = operations.filter(({ operation }) => operation.security.length !== 0);

export interface Stage {
  readonly merchant: string;
  readonly key: string;
  readonly keyId: string;
  /** Allowed, and without an outcome. */
  readonly evaluation: string;
  readonly block: string;
  readonly lease: string;
  readonly customer: string;
  /** Enrolled by that customer. */
  readonly passkey: string;
  /** Another that he made and that is not enrolled, as JSON. */
  readonly registration: string;
  readonly proof: string;
  /** Of the deny list. */
  readonly item: string;
  /** Of alerts. */
  readonly message: string;
  /** Of its configuration; another was in force before. */
  readonly version: string;
}

export function clientOf(key: string): Cordon {
  return createClient({
    url: URL_OF_CORDON,
    key,
    onUnreachable: 'throw',
    fetch: (url, init) => exports.default.fetch(url, init),
  });
}

export const admin = () => clientOf(env.CORDON_ADMIN_KEY);

let address = 0;

/** Written anew, with a payer of its own that is shut out. */
export async function setStage(merchant: string, scopes?: readonly Scope[]): Promise<Stage> {
  const cordon = admin();
  await cordon.merchants.put(merchant, {
    id: merchant,
    hosts: [`shop.${merchant}.example`],
    origin: { pool: [{ url: 'http://127.0.0.1:9' }] },
    step_up: { passkey: {} },
    card_testing_guard_config: { card_ip_blocking_status: 'enabled', card_ip_blocking_threshold: 1 },
    network: { leases: { max_active: 1_000 } },
    webhooks: { stripe: { secret_names: ['CORDON_WEBHOOK_STRIPE'] } },
    // Nobody listens there.
    alerts: { url: 'http://127.0.0.1:9/', secret_name: 'CORDON_ALERT_TESTS' },
  });
  await cordon.feeds.upload('bad-hosts', '203.0.113.9,85\n198.51.100.0/24\n');
  const { id: keyId, key } = await cordon.keys.create(merchant, { scopes });
  address += 2;
  await cordon.reportOutcome(await allowed(merchant, address), { status: 'failed' });
  const evaluation = await allowed(merchant, address + 1);
  await insert(env.RECORDS, [decisionOf({ merchant, from: timeOf(evaluation), everyMs: 1 }, 0, { id: evaluation })]);
  const { blocks } = await cordon.blocks.list(merchant);
  const { id: lease, proof } = await cordon.leases.create(merchant, {
    cidr: '192.0.2.0/28',
    owner: 'risk scanning',
    ttl_seconds: 600,
  });
  const { id: item } = await cordon.lists.put(merchant, 'deny', { type: 'ip', value: '192.0.2.99', reason: 'fraud' });
  const { versions } = await cordon.versions.list(merchant, { limit: 1 });
  const version = versions[0]?.version ?? '';
  const message = await messageOf(merchant);
  const passkeys = await passkeysOf(merchant);
  return {
    merchant,
    ...passkeys,
    key,
    keyId,
    evaluation,
    block: blocks[0]?.id ?? '',
    lease,
    proof,
    item,
    version,
    message,
  };
}

/** Of a customer of this stage alone, who may have a few. */
async function passkeysOf(merchant: string): Promise<Pick<Stage, 'customer' | 'passkey' | 'registration'>> {
  const { passkeys } = admin();
  const [customer, host] = [`cus_of_stage_${address}`, `shop.${merchant}.example`];
  const make = async () => {
    const options = (await passkeys.options(merchant, customer, { host })) as unknown as CreationOptions;
    return (await SoftPasskey.make(options)).registration(`https://${host}`);
  };
  const { id: passkey } = await passkeys.enrol(merchant, customer, { host, response: await make() });
  return { customer, passkey, registration: JSON.stringify(await make()) };
}

/** Sent once: a merchant's messages by hand are limited. */
async function messageOf(merchant: string): Promise<string> {
  const { messages } = await admin().alerts.list(merchant);
  return messages[0]?.id ?? (await admin().alerts.test(merchant)).message;
}

async function allowed(merchant: string, from: number): Promise<string> {
  // One is shut at each stage: as many as there are calls, several times over.
  const ip = `198.18.${from >> 8}.${from & 255}`;
  const card = { number: '4242424242424242' };
  const verdict = await admin().evaluate({ merchant, attempt: { ip, card } });
  if (verdict.kind !== 'evaluated' || verdict.decision !== 'allow') throw new Error('the stage is not set');
  return verdict.evaluation.id;
}

export function passkeyVariablesOf({ customer, passkey, registration }: Stage): Variables {
  const { id, response } = JSON.parse(registration) as RegistrationJson;
  const { clientDataJSON, attestationObject } = response;
  const made = { CREDENTIAL: id, CLIENT_DATA: clientDataJSON, ATTESTATION: attestationObject };
  return { CUSTOMER: customer, PASSKEY: passkey, ...made };
}

/** What the lines of the shell need. */
export const variablesOf = (stage: Stage): Variables => ({
  CORDON_URL: URL_OF_CORDON,
  CORDON_ADMIN_KEY: env.CORDON_ADMIN_KEY,
  CORDON_KEY: stage.key,
  EVALUATION: stage.evaluation,
  KEY_ID: stage.keyId,
  BLOCK: stage.block,
  LEASE: stage.lease,
  ...passkeyVariablesOf(stage),
  PROOF: stage.proof,
  ITEM: stage.item,
  MESSAGE: stage.message,
  VERSION: stage.version,
});
