/**
 * Passkeys as the calls need them that enrol, list and remove them: by which tokens customers are known.
 */
import type { PasskeySettings } from '../step-up/settings.ts';
import { deriveSecretsKey } from '../step-up/token.ts';
import { type PasskeysWritten, passkeyConfigOf, passkeySettings } from './passkey-schema.ts';
import type { RouteConfig } from './route-schema.ts';

/** By what a customer is known (route-schema.ts). */
export type TokenRule = NonNullable<RouteConfig['customer']>['jwt'];

/** What it takes to enrol, list and remove them, whether or not the method is offered yet: they must grow old first. */
export interface PasskeyPolicy {
  readonly settings: PasskeySettings;
  /** Of the routes that shoppers use, each once. */
  readonly tokens: readonly TokenRule[];
  readonly secretsKey: CryptoKey;
}

/** Null where nobody is to have any. */
export async function compilePasskeys(
  { id, step_up: written }: { readonly id: string; readonly step_up: PasskeysWritten },
  routes: readonly Pick<RouteConfig, 'access' | 'customer'>[],
  masterKey: CryptoKey,
): Promise<PasskeyPolicy | null> {
  const config = passkeyConfigOf(written);
  if (config === undefined) return null;
  const rules = routes.flatMap(({ access, customer }) =>
    access === 'shopper' && customer !== undefined ? [customer.jwt] : [],
  );
  const tokens = [...new Map(rules.map((rule) => [JSON.stringify(rule), rule])).values()];
  const secretsKey = await deriveSecretsKey(masterKey, id);
  return { settings: passkeySettings(config, id), tokens, secretsKey };
}
