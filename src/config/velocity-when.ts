/**
 * The `when` of velocity rules: which attempts one looks at. What counts an outcome later knows nothing but the attempt
 * itself, so that is all that a `when` may ask.
 */
import type { Attempt } from '../attempt/attempt.ts';
import { factsOf } from '../decision/attempt-facts.ts';
import { type Expression, holds } from '../expression/expression.ts';
import type { Facts } from '../expression/facts.ts';
import type { Condition } from '../velocity/condition.ts';
import type { Fault } from './faults.ts';
import { compileWhen } from './rule-schema.ts';
import type { VelocityConfig } from './velocity-schema.ts';

const ASKED_OF_AN_ATTEMPT: ReadonlySet<string> = new Set([
  'attempt.kind',
  'attempt.amount',
  'attempt.currency',
  'ip.address',
  'ip.prefix',
  'ip.country',
  'ip.asn',
  'ip.is_ipv6',
  'card.present',
  'card.bin',
  'card.scheme',
  'card.fingerprint',
  'customer.verified',
  'customer.id',
  'email.domain',
]);

export function checkVelocityWhen(velocity: VelocityConfig): readonly Fault[] {
  return whensIn(velocity).flatMap(({ when, index }) => {
    const path = `/velocity/${index}/when`;
    const compiled = compileWhen(when);
    if (!compiled.ok) return compiled.faults.map((message) => ({ path, message }));
    const { facts, counts } = compiled.expression;
    const unknown = [...facts].filter((name) => !ASKED_OF_AN_ATTEMPT.has(name));
    return [
      ...unknown.map((name) => ({ path, message: `${name} is for rules, and not for what is counted` })),
      ...(counts.length > 0 ? [{ path, message: 'counts are for rules, and not for what is counted' }] : []),
    ];
  });
}

/** Which facts they ask for. */
export function factsInWhen(velocity: VelocityConfig): ReadonlySet<string> {
  return new Set(whensIn(velocity).flatMap(({ when }) => [...expressionOf(when).facts]));
}

/** Holds for the attempts that a rule looks at. `when` was checked. */
export function compileCondition(when: string): Condition {
  const expression = expressionOf(when);
  return (attempt) => holds(expression, ownFacts(attempt, expression.facts));
}

function expressionOf(when: string): Expression {
  const compiled = compileWhen(when);
  if (!compiled.ok) throw new Error('a velocity rule is compiled that was not checked');
  return compiled.expression;
}

function whensIn(velocity: VelocityConfig): readonly { readonly when: string; readonly index: number }[] {
  if (velocity === 'recommended') return [];
  return velocity.flatMap(({ when }, index) => (when === undefined ? [] : [{ when, index }]));
}

function ownFacts(attempt: Attempt, asks: ReadonlySet<string>): Facts {
  return factsOf(attempt, { ...ALONE, asks });
}

const ALONE = {
  route: null,
  provenance: { cardCountry: null, billingCountry: null },
  session: null,
  risk: undefined,
  now: 0,
} as const;
