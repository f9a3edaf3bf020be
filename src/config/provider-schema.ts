/**
 * Which providers of reputation are asked about an address, as it is written, and compiled.
 */
import * as z from 'zod';
import { PROVIDER_NAMES, type ProviderName } from '../network/provider-api.ts';
import { PROVIDER_APIS } from '../network/providers/provider-apis.ts';
import type { ProviderRule } from '../network/reputation.ts';
import { SIGNAL_RESPONSES } from '../network/risk.ts';
import { type Environment, REPUTATION_KEY_NAME } from './environment.ts';
import type { Fault } from './faults.ts';
import { checkHome } from './outbound-url.ts';
import { NO_SUCH_SECRET } from './secret-names.ts';

const DAY_SECONDS = 86_400;
/** A payer waits for it. */
const LONGEST_TIMEOUT_MS = 1_000;

export const providerSchema = z.strictObject({
  name: z.enum(PROVIDER_NAMES),
  key_name: z
    .string()
    .regex(REPUTATION_KEY_NAME, 'must be the name of a secret of the deployment, CORDON_REPUTATION_…'),
  timeout_ms: z.int().min(50).max(LONGEST_TIMEOUT_MS).default(300),
  cache_seconds: z
    .int()
    .min(60)
    .max(7 * DAY_SECONDS)
    .default(3_600),
  daily_budget: z.int().min(1).max(10_000_000).default(1_000),
  weight: z.number().min(0.05).max(1).default(1),
  then: z.enum(SIGNAL_RESPONSES).default('score'),
  then_at: z.int().min(1).max(100).default(75),
  api_url: z.url().optional(),
});

export const providersSchema = z.array(providerSchema).max(PROVIDER_NAMES.length).default([]);

export type ProviderConfig = z.output<typeof providerSchema>;

export function compileProvider(config: ProviderConfig): ProviderRule {
  const { name, key_name: keyName, timeout_ms: timeoutMs, cache_seconds, daily_budget, weight, api_url } = config;
  const apiUrl = new URL(api_url ?? PROVIDER_APIS[name].home);
  const terms = { keyName, apiUrl, timeoutMs, cacheMs: cache_seconds * 1000, dailyBudget: daily_budget, weight };
  return { name, response: config.then, at: config.then_at, ...terms };
}

/** `at`: the path of the list. */
export function checkProviders(
  providers: readonly ProviderConfig[],
  at: string,
  environment: Environment,
): readonly Fault[] {
  const names = providers.map(({ name }) => name);
  return providers.flatMap(({ name, key_name, api_url }, index) => {
    const message =
      api_url === undefined ? null : checkHome(new URL(api_url), PROVIDER_APIS[name].home, environment.kind);
    return [
      ...(names.indexOf(name) === index ? [] : [{ path: `${at}/${index}/name`, message: 'is named twice' }]),
      ...checkKey(key_name, name, environment).map((fault) => ({ path: `${at}/${index}/key_name`, message: fault })),
      ...(message === null ? [] : [{ path: `${at}/${index}/api_url`, message }]),
    ];
  });
}

// The name says whose key it is, so that no slip gives one provider the key of another.
function checkKey(keyName: string, name: ProviderName, { sharedSecret }: Environment): readonly string[] {
  const own = `CORDON_REPUTATION_${name.toUpperCase()}`;
  if (keyName !== own && !keyName.startsWith(`${own}_`)) return [`must be ${own}, or begin with ${own}_`];
  return sharedSecret(keyName) === null ? [NO_SUCH_SECRET] : [];
}
