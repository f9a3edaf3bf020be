/**
 * Velocity rules as they are written, and what their fields mean together.
 */
import * as z from 'zod';
import { DECLINE_REASONS } from '../outcome/outcome.ts';
import { CLASSIC_NAMES } from '../velocity/classic-rules.ts';
import {
  AUDIENCES,
  COUNTS,
  DIMENSIONS,
  DISTINCT,
  type Dimension,
  type DistinctCount,
  MODES,
  NARROW,
  THENS,
  TYPED,
} from '../velocity/rule.ts';
import type { Fault } from './faults.ts';
import { compileWhen, whenSchema } from './rule-schema.ts';

const DAY_SECONDS = 86_400;
const LONGEST_SECONDS = 90 * DAY_SECONDS;
const MAX_LIMIT = 10_000;
/** A distinct count keeps what it counted. */
const MAX_DISTINCT = 256;
const RULES_LIMIT = 64;
const NAME = /^[A-Za-z0-9_][A-Za-z0-9 _.-]{0,63}$/;
/** Counters of the classic rules and of challenges stand under these. */
const TAKEN = new Set<string>([...CLASSIC_NAMES, 'step_up_ip', 'step_up_card']);

const dimension = z.enum(DIMENSIONS);
const by = z.union(
  [
    dimension,
    z
      .array(dimension)
      .min(1)
      .max(4)
      .refine((names) => new Set(names).size === names.length, 'one is named twice'),
  ],
  { error: `must be one or a list of ${DIMENSIONS.join(', ')}` },
);

export const velocityRuleSchema = z.strictObject({
  name: z
    .string()
    .regex(NAME, 'must be 1 to 64 of A-Z, a-z, 0-9, _, -, . and spaces')
    .refine((name) => !TAKEN.has(name), 'is the name of a rule that Cordon brings'),
  by,
  count: z.enum(COUNTS).default('failures'),
  of: z.enum(['failures', 'attempts']).optional(),
  decline_reasons: z.array(z.enum(DECLINE_REASONS)).min(1).optional(),
  limit: z.int().min(1).max(MAX_LIMIT),
  window_seconds: z.int().min(1).max(LONGEST_SECONDS),
  window: z.enum(['idle', 'sliding']).default('idle'),
  block_seconds: z.int().min(1).max(LONGEST_SECONDS).optional(),
  audience: z.enum(AUDIENCES).default('all'),
  then: z.enum(THENS).default('block'),
  strength: z.int().min(1).max(5).optional(),
  in_flight: z.enum(['reserve', 'ignore']).optional(),
  when: whenSchema.optional(),
  mode: z.enum(MODES).default('enforce'),
});

export const velocitySchema = z
  .union([z.literal('recommended'), z.array(velocityRuleSchema).max(RULES_LIMIT)], {
    error: `must be "recommended", or a list of at most ${RULES_LIMIT} rules`,
  })
  .default([]);

export type VelocityConfig = z.output<typeof velocitySchema>;
export type RuleConfig = z.output<typeof velocityRuleSchema>;

/** What is wrong with the rules as they stand together. */
export function checkVelocity(velocity: VelocityConfig, maxBlockSeconds: number): readonly Fault[] {
  if (velocity === 'recommended') return [];
  const names = velocity.map(({ name }) => name);
  return velocity.flatMap((rule, index) => {
    const isTwice = names.indexOf(rule.name) !== index;
    const own: readonly Fault[] = [
      ...(isTwice ? [{ path: '/name', message: 'is the name of an earlier rule' }] : []),
      ...checkCount(rule),
      ...checkConsequence(rule, maxBlockSeconds),
      ...checkCondition(rule),
    ];
    return own.map(({ path, message }) => ({ path: `/velocity/${index}${path}`, message }));
  });
}

function checkCount({ by: written, count, of, decline_reasons: reasons, limit }: RuleConfig): readonly Fault[] {
  const isDistinct = count in DISTINCT;
  const counted = isDistinct ? DISTINCT[count as DistinctCount] : null;
  const countsAttempts = count === 'attempts' || of === 'attempts';
  return [
    ...(counted !== null && dimensionsOf(written).includes(counted)
      ? [{ path: '/count', message: `is always one: the rule is by ${counted}` }]
      : []),
    ...(of !== undefined && !isDistinct ? [{ path: '/of', message: 'is for distinct counts' }] : []),
    ...(reasons !== undefined && countsAttempts
      ? [{ path: '/decline_reasons', message: 'is for counts of failures' }]
      : []),
    ...(isDistinct && limit > MAX_DISTINCT
      ? [{ path: '/limit', message: `must be at most ${MAX_DISTINCT} where distinct values are counted` }]
      : []),
  ];
}

/** What a rule counts is known once it has looked: it cannot hang on counts. */
function checkCondition({ when }: RuleConfig): readonly Fault[] {
  const compiled = when === undefined ? null : compileWhen(when);
  if (compiled === null) return [];
  if (!compiled.ok) return compiled.faults.map((message) => ({ path: '/when', message }));
  return compiled.expression.counts.map(({ character }) => {
    return { path: '/when', message: `at character ${character}: counts are not known yet where attempts are counted` };
  });
}

function checkConsequence(rule: RuleConfig, maxBlockSeconds: number): readonly Fault[] {
  const dimensions = dimensionsOf(rule.by);
  const isNarrow = dimensions.some((it) => NARROW.includes(it));
  const typed = dimensions.filter((it) => TYPED.includes(it));
  const { then, strength, in_flight: inFlight, block_seconds: blockSeconds } = rule;
  return [
    ...(then === 'block' && typed.length > 0 && !isNarrow
      ? [{ path: '/then', message: `must be challenge or review: anybody can use another’s ${typed.join(' and ')}` }]
      : []),
    ...(strength !== undefined && then !== 'challenge'
      ? [{ path: '/strength', message: 'is for rules that challenge' }]
      : []),
    ...(inFlight === 'reserve' && !isNarrow
      ? [{ path: '/in_flight', message: 'can be reserve only by card, ip or customer' }]
      : []),
    ...(blockSeconds !== undefined && blockSeconds > maxBlockSeconds
      ? [{ path: '/block_seconds', message: `must be at most max_block_seconds, ${maxBlockSeconds}` }]
      : []),
  ];
}

export function dimensionsOf(written: RuleConfig['by']): readonly Dimension[] {
  return typeof written === 'string' ? [written] : written;
}
