/**
 * The merchant's configuration as it is written: every field, its limits and its default. Unknown fields are faults.
 * What a later release brings is a fault today: a rule that is accepted and not enforced would be a lie.
 */
import * as z from 'zod';
import { ATTEMPT_KINDS } from '../attempt/attempt.ts';
import { BODY_FORMATS } from '../attempt/body.ts';
import { NETWORK_CODES, NETWORK_RESPONSES } from '../network/network-rules.ts';
import { TLS_VERSIONS } from '../network/transport.ts';
import { OUTCOME_STATUSES } from '../outcome/outcome.ts';
import { MODES } from '../velocity/rule.ts';
import { PROCESSOR_KEY_NAME, SHARED_SECRET_NAME, WEBHOOK_SECRET_NAME } from './environment.ts';

const LATER = 'is not supported by this release';
const DAY_SECONDS = 86_400;
const MAX_EXPIRY_SECONDS = 90 * DAY_SECONDS;
const MAX_THRESHOLD = 10_000;

/** Where Durable Objects may be told to stay (Cloudflare documentation). */
export const JURISDICTIONS = ['eu', 'us', 'fedramp', 'fedramp-high'] as const;
export const MERCHANT_ID = /^[a-z0-9](?:[a-z0-9_-]{0,62}[a-z0-9])?$/;
const HOSTNAME = /^(?=.{1,253}$)[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?)*$/;
const IPV6_LITERAL = /^\[[0-9a-f:.]+\]$/;
const ROUTE_PATH = /^\/(?:(?:[A-Za-z0-9._~-]+|\{[a-z_]+\})(?:\/(?:[A-Za-z0-9._~-]+|\{[a-z_]+\}))*\/?)?$/;
const JSON_POINTER = /^(?:\/(?:[^~/]|~[01])*)+$/;
const UNSAFE_METHODS = ['POST', 'PUT', 'PATCH', 'DELETE'] as const;

const merchantId = z.string().regex(MERCHANT_ID, 'must be 1 to 64 of a-z, 0-9, - and _');
const hostname = z
  .string()
  .refine((host) => HOSTNAME.test(host) || IPV6_LITERAL.test(host), 'must be a lower-case host name without a port');
const country = z.string().regex(/^[A-Z]{2}$/, 'must be an ISO 3166-1 alpha-2 code in upper case');
const asn = z.int().min(1).max(4_294_967_295);
const pointer = z.string().max(256).regex(JSON_POINTER, 'must be a JSON Pointer such as /card/number');
const threshold = z.int().min(1).max(MAX_THRESHOLD);
const mode = z.enum(MODES);
const httpStatus = z.int().min(100).max(599);
const classicStatus = z.enum(['enabled', 'shadow', 'disabled']);
const scalar = z.union([z.string().max(256), z.number(), z.boolean(), z.null()]);
const empty = z.array(z.unknown()).max(0, LATER).optional();

const pattern = z
  .strictObject({
    status: z.array(httpStatus).min(1).optional(),
    json: z.record(pointer, z.array(scalar).min(1)).optional(),
  })
  .refine(
    (it) => it.status !== undefined || Object.keys(it.json ?? {}).length > 0,
    'needs a status or a json condition',
  );
const patterns = z.array(pattern).max(32).default([]);

const outcome = z.strictObject({
  failed: patterns,
  succeeded: patterns,
  pending: patterns,
  decline_reason: pointer.optional(),
  payment_id: pointer.optional(),
  unmatched: z.enum(OUTCOME_STATUSES).default('failed'),
});

const fields = z.strictObject({
  card_number: pointer.optional(),
  customer_id: pointer.optional(),
  email: pointer.optional(),
  amount: pointer.optional(),
  currency: pointer.optional(),
  billing_country: pointer.optional(),
});

/** The customer's token: a JWT in a header, proven by the shop's public keys or by a secret shared with it. */
const jwt = z
  .strictObject({
    header: z.string().regex(/^[A-Za-z0-9-]{1,64}$/, 'must be the name of a header'),
    claim: z.string().min(1).max(64),
    jwks_url: z.url().optional(),
    secret_name: z
      .string()
      .regex(SHARED_SECRET_NAME, 'must be the name of a secret of the deployment, CORDON_JWT_…')
      .optional(),
    algorithms: z
      .array(z.enum(['HS256', 'HS384', 'HS512', 'RS256', 'RS384', 'RS512', 'PS256', 'ES256', 'ES384', 'EdDSA']))
      .min(1)
      .optional(),
    issuer: z.string().min(1).max(256).optional(),
    audience: z.string().min(1).max(256).optional(),
  })
  .refine((it) => (it.jwks_url === undefined) !== (it.secret_name === undefined), {
    message: 'needs exactly one of jwks_url and secret_name',
  })
  .refine(
    (it) => {
      const isShared = it.secret_name !== undefined;
      const isKnown = isShared !== (it.jwks_url !== undefined);
      return !isKnown || (it.algorithms ?? []).every((name) => name.startsWith('HS') === isShared);
    },
    {
      path: ['algorithms'],
      message: 'HS… goes with secret_name, all others with jwks_url',
    },
  );

const route = z.strictObject({
  name: z.string().regex(/^[a-z0-9_-]{1,64}$/, 'must be 1 to 64 of a-z, 0-9, - and _'),
  match: z.strictObject({
    methods: z.array(z.enum(UNSAFE_METHODS)).min(1),
    path: z.string().max(512).regex(ROUTE_PATH, 'must be an absolute path of plain segments or {names}'),
  }),
  kind: z.enum(ATTEMPT_KINDS).default('payment'),
  access: z.enum(['shopper'], { error: LATER }).default('shopper'),
  body: z.enum(BODY_FORMATS).default('json'),
  fields: fields.default({}),
  not_card_fields: z.array(pointer).max(32).default([]),
  customer: z.strictObject({ jwt }).optional(),
  outcome: outcome.prefault({}),
  refusal: z.enum(['problem', 'hyperswitch']).default('problem'),
  timeout_seconds: z.number().min(1).max(25).default(20),
});

/** Hyperswitch's object with its defaults; `shadow` is Cordon's addition. */
const cardTestingGuard = z.strictObject({
  card_ip_blocking_status: classicStatus.default('disabled'),
  card_ip_blocking_threshold: threshold.default(3),
  guest_user_card_blocking_status: classicStatus.default('disabled'),
  guest_user_card_blocking_threshold: threshold.default(10),
  customer_id_blocking_status: classicStatus.default('disabled'),
  customer_id_blocking_threshold: threshold.default(5),
  guest_ip_blocking_status: classicStatus.default('disabled'),
  guest_ip_blocking_threshold: threshold.default(10),
  card_testing_guard_expiry: z.int().min(1).max(MAX_EXPIRY_SECONDS).default(3600),
});

const secretNames = z
  .array(z.string().regex(WEBHOOK_SECRET_NAME, 'must be the name of a secret of the deployment, CORDON_WEBHOOK_…'))
  .min(1)
  .max(4);
/** A processor that reports to Cordon. Several secrets: one is being replaced. */
const webhook = z.strictObject({ secret_names: secretNames });
const cancelling = z.strictObject({
  after_failures: z.int().min(1).max(1_000),
  key_name: z.string().regex(PROCESSOR_KEY_NAME, 'must be the name of a secret of the deployment, CORDON_PROCESSOR_…'),
  api_url: z.url().default('https://api.stripe.com'),
});
const webhooks = z.strictObject({
  stripe: webhook.extend({ cancel_intents: cancelling.optional() }).optional(),
  adyen: webhook.optional(),
  checkout: webhook.optional(),
  hyperswitch: webhook.optional(),
  braintree: webhook.optional(),
});

const asnRules = z
  .strictObject({ deny: z.array(asn).max(10_000).default([]), allow: z.array(asn).max(10_000).default([]) })
  .refine((it) => it.allow.every((one) => !it.deny.includes(one)), { message: 'a network is both allowed and denied' });

const network = z
  .strictObject({
    minimum_tls: z.enum(TLS_VERSIONS).default('1.2'),
    allowlist: empty,
    operating_countries: z.array(country).max(250).default([]),
    payer_country: z.literal(false, { error: LATER }).optional(),
    deny_countries: z.array(country).max(250).default([]),
    unknown_country: z.enum(NETWORK_RESPONSES).optional(),
    tor: z.enum(NETWORK_RESPONSES).default('ignore'),
    asn: asnRules.prefault({}),
    modes: z.partialRecord(z.enum(NETWORK_CODES), mode).default({}),
  })
  .refine((it) => it.operating_countries.every((one) => !it.deny_countries.includes(one)), {
    path: ['deny_countries'],
    message: 'a country is both an operating country and denied',
  });

/** The limits keep `min_age_seconds` far below the half life at which a cookie is renewed. */
const session = z.strictObject({
  mode,
  min_age_seconds: z.int().min(0).max(60).default(2),
  max_age_seconds: z
    .int()
    .min(600)
    .max(30 * DAY_SECONDS)
    .default(DAY_SECONDS),
});

export const merchantSchema = z.strictObject({
  id: merchantId,
  hosts: z.array(hostname).max(100).default([]),
  mode: mode.default('enforce'),
  origin: z
    .strictObject({
      pool: z
        .array(z.strictObject({ url: z.url(), country: country.optional(), priority: z.int().min(1).optional() }))
        .min(1)
        .max(1, `more than one origin ${LATER}`),
    })
    .optional(),
  routes: z.array(route).max(64).default([]),
  card_testing_guard_config: cardTestingGuard.prefault({}),
  velocity: empty,
  attack_mode: z.strictObject({ mode: z.literal('off', { error: LATER }) }).optional(),
  network: network.prefault({}),
  session: session.optional(),
  step_up: z
    .strictObject({ methods: empty, fallback: z.enum(['block', 'review', 'allow']).default('block') })
    .prefault({}),
  rules: empty,
  webhooks: webhooks.prefault({}),
  gate: z
    .strictObject({
      location: z.enum(['wnam', 'enam', 'sam', 'weur', 'eeur', 'apac', 'oc', 'afr', 'me']).optional(),
      jurisdiction: z.enum(JURISDICTIONS).optional(),
      shards: z.literal(1, { error: LATER }).optional(),
    })
    .prefault({}),
  key_version: z.int().min(1).max(1_000_000).default(1),
  reservation_seconds: z.int().min(60).max(3_600).default(900),
  max_block_seconds: z.int().min(60).max(MAX_EXPIRY_SECONDS).default(604_800),
  on_gate_unavailable: z.enum(['block', 'review', 'allow']).default('block'),
});

/** A configuration with every default filled in. */
export type MerchantConfig = z.output<typeof merchantSchema>;
export type RouteConfig = MerchantConfig['routes'][number];
