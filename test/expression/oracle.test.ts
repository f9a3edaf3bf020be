/**
 * The language here against the library's own evaluator: where everything is known, both say the same.
 */
import { Environment } from '@marcbachmann/cel-js';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { compileExpression } from '../../src/expression/compiling.ts';
import { truthOf } from '../../src/expression/expression.ts';
import { FACT_KINDS, type Facts } from '../../src/expression/facts.ts';
import { NOTHING_KNOWN, ORDINARY } from './facts-baseline.ts';

const INTS = ['attempt.amount', 'attempt.hour', 'attempt.weekday', 'ip.asn', 'risk.score', 'counts.card_ip'];
const TEXTS = ['ip.country', 'card.country', 'card.bin', 'email.domain', 'customer.id', 'attempt.currency'];
const BOOLS = ['customer.verified', 'ip.is_ipv6', 'card.present', 'session.present'];

const literalInt = fc.oneof(fc.integer({ min: 0, max: 50 }), fc.nat(), fc.constant(9_007_199_254_740_991)).map(String);
const literalText = fc.constantFrom('NL', 'US', '424242', 'example.com', 'ample', 'e', '').map((it) => `"${it}"`);

const { bool } = fc.letrec<{ int: string; text: string; bool: string }>((tie) => ({
  int: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    fc.constantFrom(...INTS),
    literalInt,
    fc.tuple(tie('int'), fc.constantFrom('+', '-', '*', '/', '%'), tie('int')).map(([a, op, b]) => `(${a} ${op} ${b})`),
    tie('int').map((a) => `-(${a})`),
    tie('text').map((a) => `size(${a})`),
    fc.tuple(tie('bool'), tie('int'), tie('int')).map(([c, a, b]) => `(${c} ? ${a} : ${b})`),
  ),
  text: fc.oneof({ depthSize: 'small' }, fc.constantFrom(...TEXTS), literalText),
  bool: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    fc.constantFrom(...BOOLS, 'true', 'false'),
    fc
      .tuple(tie('int'), fc.constantFrom('<', '<=', '>', '>=', '==', '!='), tie('int'))
      .map(([a, op, b]) => `(${a} ${op} ${b})`),
    fc.tuple(tie('text'), fc.constantFrom('==', '!='), tie('text')).map(([a, op, b]) => `(${a} ${op} ${b})`),
    fc
      .tuple(tie('text'), fc.constantFrom('contains', 'startsWith', 'endsWith'), tie('text'))
      .map(([a, name, b]) => `${a}.${name}(${b})`),
    fc.tuple(tie('bool'), fc.constantFrom('&&', '||'), tie('bool')).map(([a, op, b]) => `(${a} ${op} ${b})`),
    tie('bool').map((a) => `!(${a})`),
    fc.tuple(tie('bool'), tie('bool'), tie('bool')).map(([c, a, b]) => `(${c} ? ${a} : ${b})`),
    fc.tuple(tie('text'), fc.array(literalText, { maxLength: 4 })).map(([a, all]) => `(${a} in [${all.join()}])`),
    fc.tuple(tie('int'), fc.array(literalInt, { maxLength: 4 })).map(([a, all]) => `(${a} in [${all.join()}])`),
    fc.constantFrom('exists', 'all').map((name) => `risk.signals.${name}(s, s.startsWith("feed:"))`),
    fc.constantFrom(...INTS, ...TEXTS).map((name) => `has(${name})`),
  ),
}));

const TYPES = { int: 'int', text: 'string', bool: 'bool', texts: 'list<string>' };
const library = new Environment({ limits: { maxDepth: 1_000 } });
for (const [group, kinds] of Object.entries(FACT_KINDS)) {
  const schema = Object.fromEntries(Object.entries(kinds).map(([name, kind]) => [name, TYPES[kind]]));
  library.registerVariable({ name: group, schema });
}
library.registerVariable('counts', 'map<string, int>');

/** As the library wants it: whole numbers are bigints, and what is not known is not there. */
function contextOf({ counts, ...groups }: Facts): Record<string, unknown> {
  const known = Object.entries(groups).map(([group, fields]) => {
    const present = Object.entries(fields).filter(([, value]) => value !== null);
    const values = present.map(([name, value]) => [name, typeof value === 'number' ? BigInt(value) : value]);
    return [group, Object.fromEntries(values)];
  });
  const counted = Object.fromEntries([...counts].map(([name, count]) => [name, BigInt(count)]));
  return { ...Object.fromEntries(known), counts: counted };
}

function byLibrary(source: string, facts: Facts): boolean | string {
  try {
    return library.parse(source)(contextOf(facts)) as boolean;
  } catch (error) {
    return (error as { code: string }).code;
  }
}

// Numbers beyond the safe integers are a fault here, and only beyond 64 bits there: those are left out.
const isBeyond = (source: string) => source.includes('*') || source.includes('9007199254740991');

it.each([
  ['everything is known', ORDINARY],
  ['nothing is known', NOTHING_KNOWN],
])('says what the library says where %s', (_, facts) => {
  fc.assert(
    fc.property(bool, (source) => {
      const compiled = compileExpression(source);
      if (!compiled.ok) {
        expect(compiled.faults.join()).toMatch(/too (?:long|many|deep)/);
        return;
      }
      const truth = truthOf(compiled.expression, facts);
      const said = byLibrary(source, facts);
      if (truth === 'faulty' && isBeyond(source)) return;
      const expected = typeof said === 'string' ? ['unknown', 'faulty'] : [said ? 'holds' : 'fails'];
      expect(expected).toContain(truth);
    }),
    { numRuns: 3_000 },
  );
});
