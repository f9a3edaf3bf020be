/**
 * A rule that is meant to take the guard down: written by whoever may write a configuration, or fed by what payers send.
 * It is refused when it is written, or bounded; payments go on.
 */
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { compileExpression } from '../../src/expression/compiling.ts';
import { truthOf } from '../../src/expression/expression.ts';
import type { Facts } from '../../src/expression/facts.ts';
import { FACT_LIST_LIMIT, FACT_TEXT_LIMIT } from '../../src/expression/facts.ts';
import { ORDINARY } from '../expression/facts-baseline.ts';
import { acme, manage, payRoute, putAcme } from '../support/merchant.ts';
import { StandInOrigin } from '../support/origin.ts';
import { CARD, pay } from '../support/shopper.ts';

/** Generous: the machines that run tests are slow, and what is not bounded takes seconds. */
const COMPILED_WITHIN_MS = 100;
const EVALUATED_WITHIN_MS = 20;

const times = (count: number, text: string) => text.repeat(count);
const list = (count: number) => `[${Array.from({ length: count }, (_, index) => `"${index}"`).join(',')}]`;
const nested = (depth: number): string =>
  depth === 0 ? 'true' : `risk.signals.exists(s${depth}, ${nested(depth - 1)})`;

const REFUSED: readonly (readonly [string, string])[] = [
  ['parentheses a thousand deep', `${times(1_000, '(')}true${times(1_000, ')')}`],
  ['parentheses fifty deep', `${times(50, '(')}true${times(50, ')')}`],
  ['negations without end', `${times(3_990, '!')}true`],
  ['minuses without end', `${times(3_980, '-')}1 == 1`],
  ['a chain of a thousand operands', `true${times(995, '||1>0')}`],
  ['conditions within conditions', `${times(200, 'true ? true : ')}true`],
  ['fields of fields', `attempt${times(900, '.a')}`],
  ['indexes of indexes', `counts${times(900, '["a"]')} > 1`],
  ['a list of 10,000 members', `ip.address in ${list(10_000)}`],
  ['a list of 300 members', `ip.address in ${list(300)}`],
  ['lists within lists', `${times(300, '[')}1${times(300, ']')} == []`],
  ['a map', '{"a": 1} == {"a": 1}'],
  ['a source of a million characters', `${times(1_000_000, ' ')}true`],
  ['a comment of a million characters', `// ${times(1_000_000, 'a')}\ntrue`],
  ['three loops, one in another', nested(3)],
  ['two loops, one in another', nested(2)],
  ['a loop over a long list with a long body', `${list(200)}.all(s, ${times(40, 's == "x" || ')}true)`],
  ['all of nothing but macros', 'risk.signals.map(s, s).filter(s, true).exists_one(s, true)'],
  ['a text that doubles', `size(ip.address${times(60, ' + ip.address')}) > 1`],
  ['a text that is bound and doubled', 'cel.bind(a, ip.address + ip.address, size(a + a) > 1)'],
  ['a list that doubles', 'size(risk.signals + risk.signals) > 1'],
  ['a pattern from a payer', '"aaaa".matches(email.domain)'],
  ['a pattern that repeats what repeats', 'email.domain.matches("((a{9}){9}){9}")'],
  ['a pattern that is long', `email.domain.matches("${times(65, 'a')}")`],
  ['a pattern that looks back', String.raw`email.domain.matches(r"(a+)\1")`],
  ['a pattern in a loop', 'risk.signals.exists(s, s.matches("a"))'],
  ['a pattern too many', times(5, 'email.domain.matches("a") && ').concat('true')],
  ['__proto__', 'attempt.__proto__ == 1'],
  ['constructor', 'attempt.constructor == attempt.constructor'],
  ['a prototype by itself', '__proto__ == 1'],
  ['a constructor by itself', 'constructor == 1'],
  ['hasOwnProperty', 'has(attempt.hasOwnProperty)'],
  ['toString', 'ip.toString() == ""'],
  ['a function of functions', 'attempt.valueOf().constructor("return 1")() == 1'],
  ['an integer that is huge', `attempt.amount < ${times(1_000, '9')}`],
  ['a hexadecimal that is huge', `attempt.amount < 0x${times(1_000, 'f')}`],
  ['an unsigned integer', 'attempt.amount < 18446744073709551615u'],
  ['a double', 'attempt.amount < 1e308'],
  ['bytes', 'b"abc".json() == {}'],
  ['a time zone that is looked up', 'timestamp(0).getHours("Europe/Amsterdam") == 1'],
  ['a homoglyph', 'аttempt.amount > 1'],
  ['a bidirectional override', 'attempt.amount > 1 \u202e&& true'],
  ['a null character', 'attempt.amount > 1\u0000'],
];

function timed<T>(work: () => T): readonly [T, number] {
  const from = performance.now();
  const result = work();
  return [result, performance.now() - from];
}

describe('refused when it is written', () => {
  it.each(REFUSED)('%s', (_, source) => {
    const [compiled, took] = timed(() => compileExpression(source));
    expect(compiled.ok).toBe(false);
    expect(took).toBeLessThan(COMPILED_WITHIN_MS);
    if (!compiled.ok) expect(JSON.stringify(compiled.faults).length).toBeLessThan(300);
  });
});

/** What a payer and the lists can make longest. */
const HEAVY: Facts = {
  ...ORDINARY,
  ip: { ...ORDINARY.ip, address: 'a'.repeat(FACT_TEXT_LIMIT) },
  customer: { verified: true, id: 'ab'.repeat(FACT_TEXT_LIMIT / 2) },
  email: { domain: `${'a'.repeat(127)}!` },
  risk: {
    ...ORDINARY.risk,
    signals: Array.from({ length: FACT_LIST_LIMIT }, (_, index) => `${'x'.repeat(FACT_TEXT_LIMIT - 2)}${index}`),
  },
};

const BOUNDED: readonly (readonly [string, string])[] = [
  ['a pattern that explodes elsewhere', 'email.domain.matches("(a+)+$")'],
  ['alternatives that mean the same', 'email.domain.matches("^(a|a|a)*(a|a)*b")'],
  ['a machine with many states', 'email.domain.matches("(a|b)*a(a|b){20}$")'],
  ['ten stars', 'email.domain.matches("(.*)(.*)(.*)(.*)(.*)(.*)(.*)(.*)(.*)[^a]x$")'],
  ['stars of stars', 'email.domain.matches("((((((a*)*)*)*)*)*)*b")'],
  ['four patterns', times(4, 'email.domain.matches("(a?){30}a{2}b") || ').concat('false')],
  ['every member looked through', 'risk.signals.all(s, s.contains("xxxxxxxy") == false && s.startsWith("x"))'],
  ['a list of 250 members', `customer.id in ${list(250)} || !(customer.id in ${list(250)})`],
  ['a chain of 140 operands', `false${times(139, '||1>1')}`],
  ['a text looked through a hundred times', times(100, 'customer.id.contains("abb") || ').concat('false')],
  ['integers at their limit', '9007199254740991 * 9007199254740991 * attempt.amount > 0'],
  ['a division by what is nothing', 'attempt.amount / (attempt.amount - attempt.amount) > 0'],
];

describe('bounded', () => {
  it.each(BOUNDED)('%s', (_, source) => {
    const [compiled, took] = timed(() => compileExpression(source));
    if (!compiled.ok) throw new Error(compiled.faults.join());
    expect(took).toBeLessThan(COMPILED_WITHIN_MS);
    for (let tries = 0; tries < 5; tries++) {
      const [truth, took] = timed(() => truthOf(compiled.expression, HEAVY));
      expect(['holds', 'fails', 'unknown', 'faulty']).toContain(truth);
      expect(took).toBeLessThan(EVALUATED_WITHIN_MS);
    }
  });
});

describe('through the API', () => {
  let origin: StandInOrigin;

  beforeEach(() => {
    origin = new StandInOrigin();
  });
  afterEach(() => vi.unstubAllGlobals());

  const paying = (amount: number) => pay({ body: JSON.stringify({ card: { number: CARD, cvc: '1' }, amount }) });

  it('a hundred hostile rules are a 422 that names each, and what was in force stays', async () => {
    await putAcme();
    const rules = Array.from({ length: 100 }, (_, index) => {
      const [, when = ''] = REFUSED[index % REFUSED.length] ?? [];
      return { name: `rule ${index}`, when: when.slice(0, 4_000), then: 'block' };
    });
    const answer = await manage('PUT', '/merchants/acme', { ...acme, rules });
    expect(answer.status).toBe(422);
    const { errors } = (await answer.json()) as { errors: readonly { path: string; message: string }[] };
    expect(new Set(errors.map(({ path }) => path)).size).toBe(100);
    expect(JSON.stringify(errors)).not.toMatch(/\d{17}/);
    expect((await paying(1)).status).toBe(200);
  });

  it('payments go on under every rule that is merely bounded, and under one that never has a result', async () => {
    const fields = { ...payRoute.fields, amount: '/amount' };
    const rules = [...BOUNDED, ['never a result', '1 / 0 > 0'] as const].map(([name, when]) => {
      return { name: name.slice(0, 60), when: `attempt.amount > 100000 && (${when})`, then: 'block' };
    });
    const last = { name: 'the last', when: 'attempt.amount > 100000', then: 'block' };
    await putAcme({ routes: [{ ...payRoute, fields }], rules: [...rules, last] });
    expect((await paying(1)).status).toBe(200);
    expect((await paying(100_001)).status).toBe(403);
    expect(origin.arrived).toHaveLength(1);
  });
});
