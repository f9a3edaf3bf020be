/**
 * docs/rules.md, tried: the facts that it lists are those that there are, and each of its rules holds for what it says
 * and for nothing else.
 */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { rulesSchema } from '../../src/config/rule-schema.ts';
import { compileExpression } from '../../src/expression/compiling.ts';
import { truthOf } from '../../src/expression/expression.ts';
import { FACT_KINDS, type Facts } from '../../src/expression/facts.ts';
import { facts, NOTHING_KNOWN, ORDINARY } from '../expression/facts-baseline.ts';

const page = readFileSync(new URL('../../docs/rules.md', import.meta.url).pathname, 'utf8');
const [, examples = ''] = page.split('## A dozen to begin with');
const written = [...examples.matchAll(/```json\n([\s\S]*?)```/g)].map(([, json = '']) => JSON.parse(json) as unknown);
const rules = rulesSchema.parse(written);

const guest = { verified: false, id: null };
const small = { amount: 100 };

/** Facts for which the rule holds, and what to change in them so that it does not. */
const HOLDS: Readonly<Record<string, readonly [Change, Change]>> = {
  'tiny foreign': [
    { attempt: small, card: { country: 'US' } },
    { attempt: small, card: { country: null } },
  ],
  large: [{ attempt: { amount: 50_001 }, customer: guest }, { attempt: { amount: 50_001 } }],
  'probe amounts': [
    { attempt: small, customer: guest },
    { attempt: { amount: 101 }, customer: guest },
  ],
  'small from a data centre': [{ attempt: small }, { attempt: small, risk: { signals: ['vpn'] } }],
  'three countries': [
    { ip: { country: 'DE' }, card: { country: 'US' } },
    { ip: { country: 'NL' }, card: { country: 'US' } },
  ],
  'cards from afar': [
    { customer: guest, card: { country: 'BR' } },
    { customer: guest, card: { country: null } },
  ],
  'gift cards at night': [
    { attempt: { route: 'gift-cards', hour: 3, amount: 5_000 } },
    { attempt: { route: 'gift-cards', hour: 5, amount: 5_000 } },
  ],
  hasty: [{ session: { age_seconds: 4 } }, { session: { present: null, age_seconds: null } }],
  'throwaway domains': [{ email: { domain: 'mail42.top' } }, { email: { domain: 'mail42.top.example' } }],
  'cards stored by strangers': [
    { attempt: { kind: 'setup' }, customer: guest },
    { attempt: { kind: 'setup' }, customer: guest, risk: { signals: ['hosting'] } },
  ],
  'second try of a large one': [{ attempt: { amount: 20_001 } }, { attempt: { amount: 20_000 } }],
  'bin under attack': [{ customer: guest }, {}],
  'risky guests': [
    { customer: guest, risk: { score: 41 }, attempt: { amount: 5_001 } },
    { customer: guest, risk: { score: null }, attempt: { amount: 5_001 } },
  ],
};

type Change = Parameters<typeof facts>[0];

function truth(when: string, known: Facts) {
  const compiled = compileExpression(when);
  if (!compiled.ok) throw new Error(`${when}: ${compiled.faults.join()}`);
  return truthOf(compiled.expression, known);
}

it('lists every fact with its type, and no other', () => {
  const words = { int: 'number', text: 'text', bool: 'yes, no', texts: 'list' };
  const known = Object.entries(FACT_KINDS).flatMap(([group, kinds]) =>
    Object.entries(kinds).map(([name, kind]) => [`${group}.${name}`, words[kind]]),
  );
  const listed = [...page.matchAll(/^\| `([a-z_]+\.[a-z_0-9]+)`\s*\| ([a-z, ]+?)\s*\|/gm)].map(([, name, type]) => [
    name,
    type,
  ]);
  expect(listed).toEqual(known);
});

it('has a dozen of rules and one, each with facts for it here', () => {
  expect(rules.map(({ name }) => name)).toEqual(Object.keys(HOLDS));
  expect(rules).toHaveLength(13);
});

describe.each(rules)('$name', ({ name, when }) => {
  const [holding = {}, failing = {}] = HOLDS[name] ?? [];

  it('holds for what it is made for', () => {
    expect(truth(when, facts(holding))).toBe('holds');
  });

  it('does not hold for what differs in one thing', () => {
    expect(truth(when, facts(failing))).not.toBe('holds');
  });

  it('holds neither for an ordinary payment nor where nothing is known', () => {
    expect(truth(when, ORDINARY)).not.toBe('holds');
    expect(truth(when, NOTHING_KNOWN)).not.toBe('holds');
  });
});
