/**
 * The velocity rules of a configuration, compiled: the classic four first, then the merchant's own in their order.
 */
import * as z from 'zod';
import type { AskedIdentities } from '../attempt/written-identities.ts';
import type { RuleSet } from '../decision/rule-findings.ts';
import { classicRules } from '../velocity/classic-rules.ts';
import { RECOMMENDED_RULES } from '../velocity/recommended-rules.ts';
import { DIMENSIONS, DISTINCT, type Dimension, MODES, type Mode, NARROW, type VelocityRule } from '../velocity/rule.ts';
import { sparedBy } from '../velocity/sparing.ts';
import type { MerchantConfig } from './merchant-schema.ts';
import { expressionIn } from './rule-schema.ts';
import { unansweredRules } from './step-up-schema.ts';
import { dimensionsOf, type RuleConfig, type VelocityConfig, velocityRuleSchema } from './velocity-schema.ts';

const RECOMMENDED = z.array(velocityRuleSchema).parse(RECOMMENDED_RULES);

const ALL_ENABLED = {
  card_ip_blocking_status: 'enabled',
  guest_user_card_blocking_status: 'enabled',
  customer_id_blocking_status: 'enabled',
  guest_ip_blocking_status: 'enabled',
} as const;

type Written = Pick<MerchantConfig, 'card_testing_guard_config' | 'velocity' | 'step_up' | 'clean_history'>;

/** What attempts are judged by. */
export function rulesInForce(written: Written): readonly VelocityRule[] {
  const { card_testing_guard_config: classic, velocity, clean_history: history } = written;
  const rules = [...classicRules(classic), ...writtenRules(velocity, ['enforce', 'shadow']).map(compileRule)];
  return history === undefined ? rules : rules.map(sparing);
}

/** Where histories are kept, rules about strangers leave those alone who have a clean one. */
function sparing(rule: VelocityRule): VelocityRule {
  const spares = sparedBy(rule.by);
  return spares === null ? rule : { ...rule, spares };
}

/** Their names, of rules that may yet be faulty. */
export function namesInForce({ card_testing_guard_config: classic, velocity }: Omit<Written, 'step_up'>): string[] {
  return [...classicRules(classic), ...writtenRules(velocity, ['enforce', 'shadow'])].map(({ name }) => name);
}

/** All that a counter may stand of, in force or not. */
export function everyRule({ card_testing_guard_config: classic, velocity, step_up }: Written): readonly VelocityRule[] {
  return [
    ...classicRules({ ...classic, ...ALL_ENABLED }),
    ...writtenRules(velocity, MODES).map(counterOf),
    ...writtenRules('recommended', MODES).map(counterOf),
    ...unansweredRules(step_up.max_unanswered),
  ];
}

/** In their order; those that are off only where they are asked for. */
function writtenRules(velocity: VelocityConfig, having: readonly Mode[]): readonly RuleConfig[] {
  const rules = velocity === 'recommended' ? RECOMMENDED : velocity;
  return rules.filter(({ mode }) => having.includes(mode));
}

function compileRule(written: RuleConfig): VelocityRule {
  const rule = counterOf(written);
  return written.when === undefined ? rule : { ...rule, when: expressionIn(written.when) };
}

/** All of it but which attempts it looks at. */
function counterOf(written: RuleConfig): VelocityRule {
  const { name, count, of, decline_reasons: declineReasons, limit, window_seconds: windowSeconds, window } = written;
  const { block_seconds: blockSeconds, audience, then, strength, mode } = written;
  const dimensions = dimensionsOf(written.by).toSorted((a, b) => DIMENSIONS.indexOf(a) - DIMENSIONS.indexOf(b));
  const isNarrow = dimensions.some((it) => NARROW.includes(it));
  const ignores = (written.in_flight ?? (isNarrow ? 'reserve' : 'ignore')) === 'ignore';
  return {
    name,
    keyedAs: keyedAs(written, dimensions),
    by: dimensions,
    limit,
    windowSeconds,
    audience,
    mode: mode === 'off' ? 'enforce' : mode,
    ...(count === 'failures' ? {} : { count }),
    ...(of === 'attempts' ? { of } : {}),
    ...(declineReasons === undefined ? {} : { declineReasons }),
    ...(window === 'sliding' ? { slides: true } : {}),
    ...(blockSeconds === undefined ? {} : { blockSeconds }),

    ...(then === 'block' ? {} : { then }),
    ...(strength === undefined ? {} : { strength }),
    ...(ignores ? { inFlight: 'ignore' } : {}),
  };
}

/** A counter of something else is another counter: what it held under the same name means nothing for it. */
function keyedAs({ name, count, of, window }: RuleConfig, dimensions: readonly Dimension[]): string {
  const what = `${count}${of === 'attempts' ? '!' : ''}${window === 'sliding' ? '~' : ''}`;
  return `${name}:${what}:${dimensions.join('+')}`;
}

/** What of a payer is made out because some rule asks for it; null: nothing. */
export function identitiesIn(
  rules: readonly VelocityRule[],
  { asks, key }: { readonly asks: ReadonlySet<string> | null; readonly key: CryptoKey },
): AskedIdentities | null {
  const isAsked = (...asked: readonly Dimension[]) =>
    rules.some(({ by, count }) => {
      const counted = count !== undefined && count in DISTINCT ? [DISTINCT[count as keyof typeof DISTINCT]] : [];
      return [...by, ...counted].some((dimension) => asked.includes(dimension));
    });
  const email = isAsked('email', 'email_domain') || asks?.has('email.domain') === true;
  const asked = { email, device: isAsked('device'), key };
  return asked.email || asked.device ? asked : null;
}

/** Which facts expressions ask for, as `ip.country`; null: there are none. */
export function askedFacts(own: RuleSet | null, velocity: readonly VelocityRule[]): ReadonlySet<string> | null {
  const conditions = velocity.flatMap(({ when }) => (when === undefined ? [] : [when]));
  if (own === null && conditions.length === 0) return null;
  return new Set([...(own?.facts ?? []), ...conditions.flatMap(({ facts }) => [...facts])]);
}
