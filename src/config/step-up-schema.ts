/**
 * The step-up as it is written, and compiled: which methods, for whom, and what each of them needs.
 */
import * as z from 'zod';
import type { Clearing } from '../decision/step-up.ts';
import { METHOD_NAMES, type MethodName } from '../step-up/method-name.ts';
import { offerIn } from '../step-up/offering.ts';
import { derivePassKey, LONGEST_PASS_MS } from '../step-up/pass.ts';
import { deriveSealKey } from '../step-up/sealed-body.ts';
import type { StepUpSettings } from '../step-up/settings.ts';
import { deriveTicketKey } from '../step-up/ticket.ts';
import { deriveSecretsKey } from '../step-up/token.ts';
import type { VelocityRule } from '../velocity/rule.ts';
import type { Environment } from './environment.ts';
import type { Fault } from './faults.ts';
import { checkIdentity, compileIdentity, identitySchema } from './identity-schema.ts';
import { passkeyConfigOf, passkeySchema, passkeySettings } from './passkey-schema.ts';
import { checkTurnstile, compileTurnstile, turnstileSchema } from './turnstile-schema.ts';

/** How long a challenge that nobody answered is held against its address and card. */
const UNANSWERED_SECONDS = 3_600;

const method = z.enum(METHOD_NAMES);
const methods = z
  .array(method)
  .max(METHOD_NAMES.length)
  .refine((names) => new Set(names).size === names.length, 'one is named twice');

const work = z.int().min(2).max(100_000);
/** Derivations, each about a millisecond of one core of a desktop and several of a phone's. */
const proofOfWork = z
  .strictObject({ least: work.default(200), most: work.default(2_000) })
  .refine(({ least, most }) => least <= most, { path: ['most'], message: 'must not be below least' });

/** The slots of the methods to come stand in a file each, once they are there. */
export const stepUpSchema = z.strictObject({
  methods: methods.default([]),
  by_risk: z
    .array(z.strictObject({ above: z.int().min(0).max(100), methods: methods.min(1) }))
    .max(8)
    .refine((all) => new Set(all.map(({ above }) => above)).size === all.length, 'one score is named twice')
    .default([]),
  pass_seconds: z
    .int()
    .min(30)
    .max(LONGEST_PASS_MS / 1000)
    .default(300),
  challenge_seconds: z.int().min(60).max(3_600).default(900),
  max_unanswered: z.int().min(1).max(1_000).default(10),
  fallback: z.enum(['block', 'review', 'allow']).default('block'),
  proof_of_work: proofOfWork.prefault({}),
  turnstile: turnstileSchema.optional(),
  passkey: passkeySchema.optional(),
  identity: identitySchema.optional(),
});

/** A route may do with less. */
export const routeStepUpSchema = z.strictObject({ methods });

export type StepUpConfig = z.output<typeof stepUpSchema>;

/** Its keys are this merchant's own: no token of another's, or for another purpose, is signed by them. */
export interface StepUpPolicy extends StepUpSettings {
  /** What is unanswered, by address and by card. */
  readonly rules: readonly VelocityRule[];
  readonly ticketKey: CryptoKey;
  readonly passKey: CryptoKey;
  /** Of the bodies that challenged payers carry. */
  readonly sealKey: CryptoKey;
  /** Of the secrets that methods need (step-up/method.ts). */
  readonly secretsKey: CryptoKey;
}

/** Null where no method is configured, so that it costs nothing. */
export async function compileStepUp(
  config: StepUpConfig,
  merchant: string,
  masterKey: CryptoKey,
): Promise<StepUpPolicy | null> {
  if (config.methods.length + config.by_risk.length === 0) return null;
  return {
    ...settingsOf(config, merchant),
    rules: unansweredRules(config.max_unanswered),
    ticketKey: await deriveTicketKey(masterKey, merchant),
    passKey: await derivePassKey(masterKey, merchant),
    sealKey: await deriveSealKey(masterKey, merchant),
    secretsKey: await deriveSecretsKey(masterKey, merchant),
  };
}

/** Counters of challenges, not of failures: a payment touches none of them. */
export function unansweredRules(limit: number): readonly VelocityRule[] {
  const rule = { limit, windowSeconds: UNANSWERED_SECONDS, audience: 'all', mode: 'enforce' } as const;
  return [
    { ...rule, name: 'step_up_ip', by: ['ip'] },
    { ...rule, name: 'step_up_card', by: ['card'] },
  ];
}

/** What becomes of a challenge as far as that is known of everybody. */
export function clearingOf({ methods, by_risk, fallback: challengeFallback }: StepUpConfig): Clearing {
  if (methods.length + by_risk.length === 0) return { challengeFallback };
  return { challengeFallback, stepUp: offerIn(methods) };
}

function settingsOf(config: StepUpConfig, merchant: string): StepUpSettings {
  const { turnstile, identity } = config;
  const passkey = passkeyConfigOf(config);
  return {
    methods: config.methods,
    byRisk: config.by_risk.toSorted((a, b) => b.above - a.above),
    passMs: config.pass_seconds * 1000,
    challengeMs: config.challenge_seconds * 1000,
    maxUnanswered: config.max_unanswered,
    proofOfWork: config.proof_of_work,
    turnstile: turnstile === undefined ? null : compileTurnstile(turnstile),
    passkey: passkey === undefined ? null : passkeySettings(passkey, merchant),
    identity: identity === undefined ? null : compileIdentity(identity),
  };
}

const NEEDY = ['turnstile', 'identity'] as const;

/** What the fields mean together and what this deployment has; a route can only leave out what the merchant has. */
export function checkStepUp(
  config: StepUpConfig,
  routes: readonly { readonly step_up?: { readonly methods: readonly MethodName[] } | undefined }[],
  environment: Environment,
): readonly Fault[] {
  const { turnstile, identity } = config;
  const named = new Set([...config.methods, ...config.by_risk.flatMap((one) => one.methods)]);
  const missing = NEEDY.filter((name) => named.has(name) && config[name] === undefined);
  return [
    ...missing.map((name) => ({ path: `/step_up/${name}`, message: `is needed by the method ${name}` })),
    ...under('/step_up/turnstile', turnstile === undefined ? [] : checkTurnstile(turnstile, environment)),
    ...under('/step_up/identity', identity === undefined ? [] : checkIdentity(identity, environment)),
    ...routes.flatMap(({ step_up: narrowed }, index) =>
      (narrowed?.methods ?? []).flatMap((name, place) => {
        const path = `/routes/${index}/step_up/methods/${place}`;
        return named.has(name) ? [] : [{ path, message: 'is not among the methods of step_up' }];
      }),
    ),
  ];
}

function under(at: string, faults: readonly Fault[]): readonly Fault[] {
  return faults.map(({ path, message }) => ({ path: `${at}${path}`, message }));
}
