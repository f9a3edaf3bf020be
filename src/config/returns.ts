/**
 * The returns of a merchant: checked together with the routes beside which they stand, and compiled.
 */
import { compilePath, type PathPattern } from '../attempt/path-pattern.ts';
import { compileQuery, type QueryPattern } from '../attempt/query-pattern.ts';
import { type Places, variableName } from '../attempt/reading-rules.ts';
import type { OutcomeRules } from '../outcome/answer-reader.ts';
import type { Fault } from './faults.ts';
import { compileOutcome } from './outcome-policy.ts';
import type { ReturnConfig } from './return-schema.ts';
import { type Matching, shadows } from './shadowing.ts';

/** By what the payment is known: the shop's word, or the client's. */
export type PaymentSource =
  | { readonly kind: 'answer'; readonly places: Places }
  | { readonly kind: 'location'; readonly parameter: string }
  | { readonly kind: 'variable'; readonly name: string }
  | { readonly kind: 'query'; readonly parameter: string };

/** A request by which a payer comes back, and whose answer tells what became of the payment. */
export interface Return {
  readonly name: string;
  readonly methods: ReadonlySet<string>;
  /** Null where the query alone tells. */
  readonly path: PathPattern | null;
  readonly query: QueryPattern | null;
  readonly payment: PaymentSource;
  readonly outcome: OutcomeRules;
  readonly timeoutMs: number;
}

/** Paths are within the configuration. */
export function checkReturns(returns: readonly ReturnConfig[], routes: readonly Matching[]): readonly Fault[] {
  return returns.flatMap((one, index) => {
    const at = `/returns/${index}`;
    const earlier = returns.slice(0, index);
    return [
      ...(earlier.some(({ name }) => name === one.name)
        ? [{ path: `${at}/name`, message: 'is the name of an earlier return' }]
        : []),
      ...(earlier.some((other) => shadows(other, one))
        ? [{ path: `${at}/match`, message: 'an earlier return takes these requests' }]
        : []),
      ...(routes.some((route) => shadows(route, one))
        ? [{ path: `${at}/match`, message: 'a route takes these requests' }]
        : []),
      ...checkPlace(one).map(({ path, message }) => ({ path: `${at}${path}`, message })),
    ];
  });
}

function checkPlace({ match, payment_id: payment }: ReturnConfig): readonly Fault[] {
  const isAnywhere = match.path === '*' && match.query === undefined;
  const name = 'request' in payment ? payment.request : '';
  const isMissing = variableName(name) !== null && !match.path.split('/').includes(name);
  return [
    ...(isAnywhere ? [{ path: '/match/path', message: '* needs a query that tells the return' }] : []),
    ...(isMissing ? [{ path: '/payment_id/request', message: `the path has no ${name}` }] : []),
  ];
}

export function compileReturn({ name, match, payment_id, outcome, processor, timeout_seconds }: ReturnConfig): Return {
  return Object.freeze({
    name,
    methods: new Set<string>(match.methods),
    path: match.path === '*' ? null : compilePath(match.path),
    query: match.query === undefined ? null : compileQuery(match.query),
    payment: compileSource(payment_id),
    outcome: compileOutcome(outcome, processor ?? null),
    timeoutMs: timeout_seconds * 1000,
  });
}

function compileSource(written: ReturnConfig['payment_id']): PaymentSource {
  if ('answer' in written) return { kind: 'answer', places: written.answer };
  if ('location' in written) return { kind: 'location', parameter: written.location };
  const name = variableName(written.request);
  return name === null ? { kind: 'query', parameter: written.request } : { kind: 'variable', name };
}
