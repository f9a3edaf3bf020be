/**
 * What is listened to about an address and a payment, as it is written, and compiled.
 */
import * as z from 'zod';
import type { NetworkRules } from '../network/network-rules.ts';
import type { ReputationRules } from '../network/reputation.ts';
import type { Need } from '../network/tables.ts';
import { compileFeedRules, feedRulesSchema } from './feed-rules.ts';
import { SHARED_FEED } from './feeds/feed.ts';
import type { NetworkConfig } from './network-schema.ts';
import { compileProvider, providersSchema } from './provider-schema.ts';

const size = z.int().min(0).max(100);

/** How much a signal weighs that comes from no list. */
const sizes = z.strictObject({
  hosting: size.default(40),
  vpn: size.default(30),
  card_ip: size.default(20),
  card_billing: size.default(15),
  billing_ip: size.default(10),
  time_zone: size.default(10),
});

export const reputationSchema = z.strictObject({
  feeds: feedRulesSchema,
  providers: providersSchema,
  shared: z.boolean().default(false),
  step_up_above: size.default(70),
  on_silence: z.enum(['allow', 'review', 'challenge', 'block']).default('allow'),
  sizes: sizes.prefault({}),
});

type Rules = Omit<ReputationRules, 'need'>;
export type ReputationConfig = z.output<typeof reputationSchema>;

/** Compiles what is listened to; null where nothing is, so that it costs nothing. */
export function compileReputation(
  { feeds, providers, shared, sizes, on_silence: onSilence, step_up_above: stepUpAbove }: ReputationConfig,
  { asn, country_mismatch: mismatch }: NetworkConfig,
  modes: ReputationRules['modes'],
): ReputationRules | null {
  const rules: Rules = {
    feeds: compileFeedRules(feeds),
    providers: providers.map(compileProvider),
    shared,
    onSilence,
    stepUpAbove,
    classes: { hosting: { response: asn.hosting, score: sizes.hosting }, vpn: { response: asn.vpn, score: sizes.vpn } },
    mismatch: mismatch === 'ignore' ? null : compileSizes(sizes),
    modes,
  };
  return isListened(rules) ? { ...rules, need: needOf(rules) } : null;
}

/** Which tables have to be at hand. */
function needOf(rules: Rules): Need {
  const { feeds, shared, classes, mismatch, modes } = rules;
  const heard = modes.reputation === 'off' ? [] : [...feeds.map(({ name }) => name), ...(shared ? [SHARED_FEED] : [])];
  // What feeds and providers say of relays and gateways is heard otherwise: an imported list may name such networks.
  const asksClasses = (modes.hosting !== 'off' && haveClasses(classes)) || haveSources(rules);
  const asksIssuers = modes.country_mismatch !== 'off' && mismatch !== null;
  return {
    feeds: heard,
    kinds: [...(asksClasses ? ['networks' as const] : []), ...(asksIssuers ? ['bins' as const] : [])],
  };
}

/** What all rules of a policy together ask of the tables; null: nothing. */
export function needOfPolicy(
  reputation: ReputationRules | null,
  { payerCountry }: NetworkRules,
  asks: ReadonlySet<string> | null,
): Need | null {
  const need = reputation?.need ?? null;
  if (!payerCountry && asks?.has('card.country') !== true) return need;
  const { feeds, kinds } = need ?? NO_NEED;
  return { feeds, kinds: kinds.includes('bins') ? kinds : [...kinds, 'bins'] };
}

const NO_NEED: Need = { feeds: [], kinds: [] };

function haveClasses({ hosting, vpn }: ReputationRules['classes']): boolean {
  return hosting.response !== 'ignore' || vpn.response !== 'ignore';
}

function haveSources({ feeds, providers, shared, modes }: Rules): boolean {
  return modes.reputation !== 'off' && (feeds.length > 0 || providers.length > 0 || shared);
}

function isListened(rules: Rules): boolean {
  const { classes, mismatch, modes } = rules;
  return (
    (haveClasses(classes) && modes.hosting !== 'off') ||
    haveSources(rules) ||
    (mismatch !== null && modes.country_mismatch !== 'off')
  );
}

function compileSizes(written: ReputationConfig['sizes']): ReputationRules['mismatch'] {
  const { card_ip: cardIp, card_billing: cardBilling, billing_ip: billingIp, time_zone: timeZone } = written;
  return { cardIp, cardBilling, billingIp, timeZone };
}
