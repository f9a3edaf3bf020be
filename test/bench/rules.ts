/**
 * What merchants' own rules cost: compiled once, asked of every attempt. In memory, by the engine of Node.
 */
import Table from 'cli-table3';
import { factsOf } from '../../src/decision/attempt-facts.ts';
import { truthOf } from '../../src/expression/expression.ts';
import { NOTHING_KNOWN, ORDINARY } from '../expression/facts-baseline.ts';

const RULES = [
  'attempt.amount > 50000',
  'attempt.amount < 200 && ip.country != card.country',
  '!customer.verified && !(card.country in ["NL", "BE", "DE", "LU", "FR"]) && risk.score > 40',
  'risk.signals.exists(s, s.startsWith("feed:"))',
  'email.domain.matches("^mail[0-9]+[.](xyz|top)$")',
  'attempt.amount > 20000 && counts.card_ip >= 1',
];
const TIMES = 300_000;
const COMPILED_TIMES = 10_000;

/** µs each. */
function timed(work: () => unknown, times = TIMES): string {
  for (let warm = 0; warm < times / 10; warm++) work();
  const from = performance.now();
  for (let each = 0; each < times; each++) work();
  return (((performance.now() - from) * 1_000) / times).toFixed(2);
}

const before = performance.now();
const { compileExpression } = await import('../../src/expression/compiling.ts');
compileExpression('true');
const loaded = (performance.now() - before).toFixed(0);

const table = new Table({ head: ['rule', 'compile µs', 'all known µs', 'nothing known µs'] });
for (const source of RULES) {
  const compiled = compileExpression(source);
  if (!compiled.ok) throw new Error(compiled.faults.join());
  const { expression } = compiled;
  const known = timed(() => truthOf(expression, ORDINARY));
  const unknown = timed(() => truthOf(expression, NOTHING_KNOWN));
  table.push([source, timed(() => compileExpression(source), COMPILED_TIMES), known, unknown]);
}

const attempt = {
  kind: 'payment',
  whence: { ip: { text: '203.0.113.9', counted: '203.0.113.9' }, country: 'NL', asn: 1136 },
  payer: { kind: 'guest' },
  card: { fingerprint: 'fp_1', formerFingerprints: [], bin: '424242' },
  session: null,
  amountMinor: 1999,
  currency: 'EUR',
} as const;
const beside = {
  route: 'pay',
  provenance: { cardCountry: null, billingCountry: null },
  emailDomain: null,
  session: null,
  risk: undefined,
  now: Date.UTC(2026, 0, 1),
  asks: new Set<string>(),
};
const dear = { ...beside, asks: new Set(['card.scheme', 'ip.prefix']) };
console.log(table.toString());
console.log(`facts of an attempt: ${timed(() => factsOf(attempt, beside))} µs`);
console.log(`with its scheme and prefix: ${timed(() => factsOf(attempt, dear))} µs`);
console.log(`loading what compiles, once: ${loaded} ms`);
