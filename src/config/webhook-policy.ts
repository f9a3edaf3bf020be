/**
 * Whose webhooks a merchant's configuration lets in, and what follows from what they tell.
 */
import { PROCESSORS, type Processor } from '../outcome/processor-event.ts';
import type { MerchantConfig } from './merchant-schema.ts';

export interface Webhook {
  readonly secretNames: readonly string[];
  readonly cancelling: IntentCancelling | null;
}

/** After how many failures of a payment it is cancelled at the processor, and how. */
export interface IntentCancelling {
  readonly afterFailures: number;
  readonly keyName: string;
  readonly apiUrl: URL;
}

export function compileWebhooks(webhooks: MerchantConfig['webhooks']): ReadonlyMap<Processor, Webhook> {
  const { cancel_intents: cancelling } = webhooks.stripe ?? {};
  return new Map(
    PROCESSORS.flatMap((processor) => {
      const { secret_names: secretNames } = webhooks[processor] ?? {};
      if (secretNames === undefined) return [];
      return [[processor, { secretNames, cancelling: processor === 'stripe' ? compileCancelling(cancelling) : null }]];
    }),
  );
}

function compileCancelling(
  cancelling: NonNullable<MerchantConfig['webhooks']['stripe']>['cancel_intents'],
): IntentCancelling | null {
  if (cancelling === undefined) return null;
  const { after_failures: afterFailures, key_name: keyName, api_url: apiUrl } = cancelling;
  return { afterFailures, keyName, apiUrl: new URL(apiUrl) };
}
