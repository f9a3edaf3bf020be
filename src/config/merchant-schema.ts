/**
 * The merchant's configuration as it is written: every field, its limits and its default. Unknown fields are faults.
 * What a later release brings is a fault today: a rule that is accepted and not enforced would be a lie.
 */
import * as z from 'zod';
import { MODES } from '../velocity/rule.ts';
import { alertsSchema } from './alert-schema.ts';
import { attackModeSchema, cleanHistorySchema } from './attack-schema.ts';
import { PROCESSOR_KEY_NAME, WEBHOOK_SECRET_NAME } from './environment.ts';
import { networkSchema } from './network-schema.ts';
import { originSchema } from './origin-schema.ts';
import { PRESETS } from './presets/preset.ts';
import { reputationSchema } from './reputation-schema.ts';
import { returnSchema } from './return-schema.ts';
import { LATER, type RouteConfig, routeSchema } from './route-schema.ts';
import { rulesSchema } from './rule-schema.ts';
import { sealedSchema } from './sealed-schema.ts';
import { stepUpSchema } from './step-up-schema.ts';
import { velocitySchema } from './velocity-schema.ts';

const DAY_SECONDS = 86_400;
const MAX_EXPIRY_SECONDS = 90 * DAY_SECONDS;
const MAX_THRESHOLD = 10_000;

/** Where Durable Objects may be told to stay (Cloudflare documentation). */
export const JURISDICTIONS = ['eu', 'us', 'fedramp', 'fedramp-high'] as const;
export const MERCHANT_ID = /^[a-z0-9](?:[a-z0-9_-]{0,62}[a-z0-9])?$/;
const HOSTNAME = /^(?=.{1,253}$)[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?)*$/;
const IPV6_LITERAL = /^\[[0-9a-f:.]+\]$/;

const merchantId = z.string().regex(MERCHANT_ID, 'must be 1 to 64 of a-z, 0-9, - and _');
const hostname = z
  .string()
  .refine((host) => HOSTNAME.test(host) || IPV6_LITERAL.test(host), 'must be a lower-case host name without a port');
const threshold = z.int().min(1).max(MAX_THRESHOLD);
const mode = z.enum(MODES);
const classicStatus = z.enum(['enabled', 'shadow', 'disabled']);

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

/** What a gate remembers of a session; far more than a household has. */
const sessionUse = z.int().min(1).max(32);
/** The limits keep `min_age_seconds` far below the half life at which a cookie is renewed. */
const session = z.strictObject({
  mode,
  min_age_seconds: z.int().min(0).max(60).default(2),
  max_age_seconds: z
    .int()
    .min(600)
    .max(30 * DAY_SECONDS)
    .default(DAY_SECONDS),
  max_addresses: sessionUse.optional(),
  max_cards: sessionUse.optional(),
});

export const merchantSchema = z.strictObject({
  id: merchantId,
  hosts: z.array(hostname).max(100).default([]),
  mode: mode.default('enforce'),
  origin: originSchema.optional(),
  preset: z.enum(PRESETS).optional(),
  routes: z.array(routeSchema).max(64).default([]),
  returns: z.array(returnSchema).max(16).default([]),
  card_testing_guard_config: cardTestingGuard.prefault({}),
  velocity: velocitySchema,
  attack_mode: attackModeSchema.optional(),
  clean_history: cleanHistorySchema.optional(),
  network: networkSchema.prefault({}),
  reputation: reputationSchema.prefault({}),
  session: session.optional(),
  step_up: stepUpSchema.prefault({}),
  sealed: sealedSchema.optional(),
  rules: rulesSchema,
  webhooks: webhooks.prefault({}),
  alerts: alertsSchema.optional(),
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
  records: z.strictObject({ retention_days: z.int().min(1).max(3_650).default(90) }).prefault({}),
  on_gate_unavailable: z.enum(['block', 'review', 'allow']).default('block'),
});

/** A configuration with every default filled in. */
export type MerchantConfig = z.output<typeof merchantSchema>;
export type { RouteConfig };
