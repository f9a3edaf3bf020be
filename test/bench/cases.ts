/**
 * What is measured: each case is a kind of request, what it may cost at most, and the floors that stand beside it.
 */
import { ADMIN_KEY } from '../support/bare-config.ts';
import { ADMIN_HOST, LOCKED_HOST, SHOP_HOST, SHUT_HOST, SIGNED_HOST, VELOCITY_HOST } from './merchants.ts';

/** The files in floors/. */
export const FLOOR_NAMES = [
  'attempt',
  'together/attempt',
  'bare/attempt',
  'blocked',
  'bare/blocked',
  'page',
  'evaluation',
  'bare/evaluation',
  'recommended',
  'proxied-payment',
  'together/proxied-payment',
  'signed-payment',
  'together/signed-payment',
  'proxy',
] as const;
export type FloorName = (typeof FLOOR_NAMES)[number];

/** How the load generator makes requests of a kind. */
export interface RequestKind {
  readonly method: 'GET' | 'POST';
  readonly host: string;
  readonly path: string;
  /** `fresh`: another card from another address each time. `same`: one payer. `none`: no card at all. */
  readonly payer: 'fresh' | 'same' | 'none';
  /** `film`: UPLOAD_BYTES of it. */
  readonly body: 'checkout' | 'evaluation' | 'film' | null;
  readonly headers: Readonly<Record<string, string>>;
  /** Whom an evaluation is asked of. */
  readonly merchant?: string;
  /** Every answer is followed by the outcome of the evaluation that it names: two requests, measured as one. */
  readonly isReported?: boolean;
}

export interface BenchCase {
  readonly name: string;
  readonly request: RequestKind;
  /** Every answer must have it, from Cordon and from the floors. */
  readonly status: number;
  /**
   * The floor that does the same work first, with two object calls of its own; then the same with calls that go together
   * as Cordon's do, and a bare one, which does the least that can be called that work at all.
   */
  readonly floors: readonly FloorName[];
  /** The case whose figures of Cordon stand in the place of a floor: what more it costs. */
  readonly beside?: string;
  /** What flows through must not be held: the runtime's memory is looked at while it does. */
  readonly isStreamed?: boolean;
  /** Asked of the worker that has the bindings of the record, beside the one that has not. */
  readonly isJournaled?: boolean;
  /** Of one request, as the contract has it; more is a fault. */
  readonly most: { readonly objectCalls: number; readonly rowsWritten: number };
  /** The share of the first floor's requests per second, or of the other case's, that is asked for; null: none is. */
  readonly target: number | null;
}

const CHECKOUT = { method: 'POST', path: '/api/pay', body: 'checkout' } as const;
const COUNTED_KEYS = 3;
const FILM = { host: SHOP_HOST, path: '/media/film', payer: 'none' } as const;
const EVALUATION: RequestKind = {
  method: 'POST',
  host: ADMIN_HOST,
  path: '/.cordon/v1/evaluations',
  payer: 'fresh',
  body: 'evaluation',
  headers: { authorization: `Bearer ${ADMIN_KEY}` },
  merchant: 'acme',
  isReported: true,
};

export const CASES: readonly BenchCase[] = [
  {
    name: 'attempt allowed',
    request: { ...CHECKOUT, host: SHOP_HOST, payer: 'fresh', headers: { 'x-bench': 'paid' } },
    status: 200,
    floors: ['attempt', 'together/attempt', 'bare/attempt'],
    most: { objectCalls: 2, rowsWritten: 1 },
    target: 0.8,
  },
  {
    name: 'recommended velocity',
    request: { ...CHECKOUT, host: VELOCITY_HOST, payer: 'fresh', headers: { 'x-bench': 'paid' } },
    status: 200,
    floors: ['recommended'],
    most: { objectCalls: 2, rowsWritten: 1 },
    target: 0.7,
  },
  {
    name: 'attempt allowed, all layers',
    request: { ...CHECKOUT, host: LOCKED_HOST, payer: 'fresh', headers: { 'x-bench': 'paid' } },
    status: 200,
    floors: [],
    beside: 'attempt allowed',
    most: { objectCalls: 2, rowsWritten: 1 },
    target: 0.9,
  },
  {
    name: 'attempt allowed, with the record',
    request: { ...CHECKOUT, host: SHOP_HOST, payer: 'fresh', headers: { 'x-bench': 'paid' } },
    status: 200,
    floors: [],
    beside: 'attempt allowed',
    isJournaled: true,
    most: { objectCalls: 2, rowsWritten: 1 },
    target: 0.95,
  },
  {
    name: 'attempt declined',
    request: { ...CHECKOUT, host: SHOP_HOST, payer: 'fresh', headers: { 'x-bench': 'declined' } },
    status: 402,
    floors: ['attempt', 'together/attempt', 'bare/attempt'],
    most: { objectCalls: 2, rowsWritten: COUNTED_KEYS + 1 },
    target: null,
  },
  {
    name: 'blocked payer again',
    request: { ...CHECKOUT, host: SHUT_HOST, payer: 'same', headers: { 'x-bench': 'declined' } },
    status: 403,
    floors: ['blocked', 'bare/blocked'],
    most: { objectCalls: 0, rowsWritten: 0 },
    target: 0.85,
  },
  {
    name: 'page, not guarded',
    request: { method: 'GET', host: SHOP_HOST, path: '/products/1', payer: 'none', body: null, headers: {} },
    status: 200,
    floors: ['page'],
    most: { objectCalls: 0, rowsWritten: 0 },
    target: null,
  },
  {
    name: 'payment beside a bare proxy',
    request: { ...CHECKOUT, host: SHOP_HOST, payer: 'fresh', headers: { 'x-bench': 'paid' } },
    status: 200,
    floors: ['proxied-payment', 'together/proxied-payment'],
    most: { objectCalls: 2, rowsWritten: 1 },
    target: 0.8,
  },
  {
    name: 'payment beside a bare proxy, both signing',
    request: { ...CHECKOUT, host: SIGNED_HOST, payer: 'fresh', headers: { 'x-bench': 'paid' } },
    status: 200,
    floors: ['signed-payment', 'together/signed-payment'],
    most: { objectCalls: 2, rowsWritten: 1 },
    target: 0.8,
  },
  {
    name: 'download of 10 MB',
    request: { ...FILM, method: 'GET', body: null, headers: { 'x-bench': 'film' } },
    status: 200,
    floors: ['proxy'],
    isStreamed: true,
    most: { objectCalls: 0, rowsWritten: 0 },
    target: 0.95,
  },
  {
    name: 'upload of 10 MB',
    request: { ...FILM, method: 'POST', body: 'film', headers: { 'x-bench': 'taken' } },
    status: 200,
    floors: ['proxy'],
    isStreamed: true,
    most: { objectCalls: 0, rowsWritten: 0 },
    target: 0.95,
  },
  {
    // Without its outcome an evaluation stays open for a quarter of an hour, and no backend works like that.
    name: 'API evaluation and outcome',
    request: EVALUATION,
    status: 200,
    floors: ['evaluation', 'bare/evaluation'],
    most: { objectCalls: 2, rowsWritten: 2 },
    target: null,
  },
  {
    name: 'API evaluation, with the record',
    request: EVALUATION,
    status: 200,
    floors: [],
    beside: 'API evaluation and outcome',
    isJournaled: true,
    most: { objectCalls: 2, rowsWritten: 2 },
    target: 0.95,
  },
  {
    name: 'API evaluation, all layers',
    request: { ...EVALUATION, merchant: 'locked' },
    status: 200,
    floors: [],
    beside: 'API evaluation and outcome',
    most: { objectCalls: 2, rowsWritten: 2 },
    target: 0.9,
  },
];
