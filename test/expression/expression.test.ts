import { describe, expect, it } from 'vitest';
import { compileExpression } from '../../src/expression/compiling.ts';
import { holds, truthOf } from '../../src/expression/expression.ts';
import { FACT_KINDS, type Facts } from '../../src/expression/facts.ts';
import { facts, NOTHING_KNOWN, ORDINARY } from './facts-baseline.ts';

function compiled(source: string) {
  const result = compileExpression(source);
  if (!result.ok) throw new Error(result.faults.join('; '));
  return result.expression;
}

const truth = (source: string, known: Facts = ORDINARY) => truthOf(compiled(source), known);

describe("the contract's own examples", () => {
  const tiny = compiled('attempt.amount < 200 && ip.country != card.country');
  const small = facts({ attempt: { amount: 100 }, card: { country: 'US' } });

  it('a tiny amount on a foreign card holds', () => {
    expect(holds(tiny, small)).toBe(true);
  });

  it.each([
    ['the amount is not', facts({ attempt: { amount: 200 }, card: { country: 'US' } })],
    ['the card is from where the address is', facts({ attempt: { amount: 100 } })],
    ["the card's country is not known", facts({ attempt: { amount: 100 }, card: { country: null } })],
    ["the address's country is not known", facts({ attempt: { amount: 100 }, ip: { country: null } })],
    ['the amount is not known', facts({ attempt: { amount: null }, card: { country: 'US' } })],
    ['nothing is known', NOTHING_KNOWN],
  ])('it does not hold where %s', (_, known) => {
    expect(holds(tiny, known)).toBe(false);
  });

  it('a large amount holds', () => {
    expect(truth('attempt.amount > 50000', facts({ attempt: { amount: 50_001 } }))).toBe('holds');
    expect(truth('attempt.amount > 50000', facts({ attempt: { amount: 50_000 } }))).toBe('fails');
    expect(truth('attempt.amount > 50000', NOTHING_KNOWN)).toBe('unknown');
  });
});

describe('an expression', () => {
  it.each([
    'attempt.amount + 1 == 2000',
    'attempt.amount - 2000 == -1',
    'attempt.amount / 1000 == 1 && -attempt.amount / 1000 == -1',
    'attempt.amount % 100 == 99 && -attempt.amount % 100 == -99',
    'attempt.amount * 2 >= 3998 && attempt.amount <= 1999',
    'ip.country in ["NL", "BE"] && !(ip.country in ["DE"])',
    'attempt.weekday in [1, 2, 3]',
    'card.scheme in []  || true',
    'ip.address.startsWith("203.0.") && email.domain.endsWith(".com") && email.domain.contains("ample")',
    'size(email.domain) == 11 && email.domain.size() == 11 && size(risk.signals) == 2',
    'email.domain.matches("^ex[a-z]+\\\\.com$") && !email.domain.matches("^x") && email.domain.matches("ample")',
    'risk.signals.exists(s, s.startsWith("feed:")) && !risk.signals.all(s, s == "hosting")',
    '["a", "b"].exists(x, x == "b") && [1, 2].all(x, x > 0)',
    '"hosting" in risk.signals',
    'counts.card_ip == 2 && counts["card_ip"] > 1',
    'has(card.country) && has(counts.card_ip) && !has(counts.other)',
    'attempt.amount > 1000 ? ip.country == "NL" : false',
    'customer.verified && !ip.is_ipv6',
    '!customer.verified || session.present == true',
    '// a word on why\nattempt.amount > 1',
  ])('%s holds', (source) => {
    expect(truth(source)).toBe('holds');
  });

  it.each([
    ['card.country == "NL"', 'unknown'],
    ['card.country != "NL"', 'unknown'],
    ['!(card.country == "NL")', 'unknown'],
    ['card.country in ["NL"]', 'unknown'],
    ['!(card.country in ["NL"])', 'unknown'],
    ['card.country == "NL" && true', 'unknown'],
    ['card.country == "NL" && false', 'fails'],
    ['false && card.country == "NL"', 'fails'],
    ['card.country == "NL" || true', 'holds'],
    ['true || card.country == "NL"', 'holds'],
    ['card.country == "NL" || false', 'unknown'],
    ['card.country == "NL" ? true : true', 'unknown'],
    ['card.country.startsWith("N")', 'unknown'],
    ['has(card.country)', 'fails'],
    ['!has(card.country) || card.country != "NL"', 'holds'],
    ['counts.nobody > 3', 'unknown'],
    ['1 / (attempt.amount - 1999) > 0', 'faulty'],
    ['1 % (attempt.amount - 1999) > 0', 'faulty'],
    ['9007199254740991 + attempt.amount > 0', 'faulty'],
    ['!(1 / 0 > 0)', 'faulty'],
    ['1 / 0 > 0 || true', 'holds'],
    ['1 / 0 > 0 && false', 'fails'],
    ['1 / 0 > 0 && card.country == "NL"', 'faulty'],
  ])('of what is not known: %s is %s', (source, expected) => {
    expect(truth(source, facts({ card: { country: null } }))).toBe(expected);
  });

  it('knows every fact, and says of none that it holds where nothing is known', () => {
    for (const [group, kinds] of Object.entries(FACT_KINDS)) {
      for (const [name, kind] of Object.entries(kinds)) {
        const question = { int: '> 0', text: '!= ""', bool: '== false', texts: '.all(s, s != "")' }[kind];
        expect(truth(`${group}.${name} ${question}`, NOTHING_KNOWN), `${group}.${name}`).toBe('unknown');
        expect(truth(`has(${group}.${name})`)).toBe('holds');
      }
    }
  });

  it('tells which counts it asks for, and where', () => {
    const { counts } = compiled('counts.card_ip > 1 || counts["by night"] > 2');
    expect(counts).toEqual([
      { name: 'card_ip', character: 1 },
      { name: 'by night', character: 23 },
    ]);
  });
});

describe('refused, with the place', () => {
  it.each([
    ['', 1, 'this is no CEL'],
    ['attempt.amount <', 17, 'this is no CEL'],
    ['attempt.amount < 1 extra', 20, 'this is no CEL'],
    ['atempt.amount < 1', 1, 'no such name: atempt'],
    ['true && attempt.amont < 1', 17, 'no such field: amont'],
    ['has(card.contry)', 5, 'no such field: contry'],
    ['attempt.amount < "1"', 1, 'these types do not go together here'],
    ['ip.country == null', 1, 'these types do not go together here'],
    ['attempt.amount', 1, 'must come to true or false'],
    ['attempt.amount > 1.5', 18, 'numbers are whole here, money in its minor unit'],
    ['attempt.amount > 9007199254740992', 18, 'is beyond 9007199254740991'],
    ['attempt["amount"] > 1', 1, 'only counts take a name in brackets, written out'],
    ['counts[ip.country] > 1', 1, 'only counts take a name in brackets, written out'],
    ['ip.country.matches(ip.address)', 20, 'a pattern is written out'],
    ['ip.country.matches("^(")', 20, 'the pattern is no regular expression of RE2'],
    ['ip.country.matches("(?=x)")', 20, 'the pattern takes neither'],
    ['ip.country.matches("a{1000}")', 20, 'the pattern repeats more than 64 times'],
    ['ip.country + "x" == "NLx"', 1, 'takes whole numbers alone'],
    ['ip.country < "Z"', 1, 'takes whole numbers alone'],
    ['risk.signals == ["x"]', 1, 'compares no lists: use in, or exists'],
    ['risk.signals[0] == "x"', 1, 'only counts take a name in brackets, written out'],
    ['risk.signals.map(s, s + "x") == []', 1, 'is no function here'],
    ['risk.signals.filter(s, true).size() > 1', 1, 'is no function here'],
    ['risk.signals.exists(s, risk.signals.exists(t, s == t))', 24, 'one list is gone through inside another'],
    ['dyn(attempt.amount) == 1', 1, 'is no function here'],
    ['type(1) == int', 1, 'is no function here'],
    ['timestamp("2026-01-01T00:00:00Z") == timestamp(0)', 1, 'is no function here'],
    ['cel.bind(x, 1, x > 0)', 1, 'is no function here'],
    ['attempt.constructor == 1', 9, 'no such field: constructor'],
    ['[[1]] == [[1]]', 1, 'a list holds texts or whole numbers, written out'],
    ['{"a": 1}["a"] == 1', 2, 'too long, too deep, or too many members'],
  ])('%s', (source, character, message) => {
    const result = compileExpression(source);
    expect(result).toEqual({ ok: false, faults: [expect.stringContaining(`at character ${character}: ${message}`)] });
  });

  it('a fault quotes no text or number of the expression', () => {
    for (const source of ['"a@b.example" < 4242424242424242 1', '"a@b.example" + 1 == 2', 'foo("a@b.example")']) {
      const result = compileExpression(source);
      expect(JSON.stringify(result)).not.toMatch(/a@b|4242/);
      expect(result.ok).toBe(false);
    }
  });
});
