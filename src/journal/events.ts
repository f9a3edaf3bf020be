/**
 * The closed list of what Cordon says in its log: each event's level, its fields with what may stand in them, and what
 * it means. docs/logs.md mirrors it; nothing but log.ts writes a line.
 */
import type { Event, Kind } from './event.ts';
import { PAYMENT_EVENTS } from './payment-events.ts';

export const EVENTS = {
  ...PAYMENT_EVENTS,
  configuration_faulty: {
    level: 'error',
    means: 'a configuration in KV has faults: the last good one is in force',
    fields: { merchant: 'id', config_version: 'hash', faults: 'faults' },
  },
  configuration_unreachable: {
    level: 'error',
    means: 'KV did not answer: what an isolate has stays in force, a host it has nothing of answers 503',
    fields: { of: 'word', name: 'text', error: 'word' },
  },
  origin_certificate_missing: {
    level: 'error',
    means: 'a request was not sent, for the binding that `origin.mtls` names is not there',
    fields: { name: 'text' },
  },
  bypass_turned: {
    level: 'error',
    means: 'somebody turned a bypass on or off: until then payments of this merchant go on unjudged',
    fields: { merchant: 'id', state: 'word', until: 'word', reason: 'text', who: 'word' },
  },
  bypass_in_force: {
    level: 'error',
    means: 'an isolate learned of a bypass: from now on it judges nothing for this merchant',
    fields: { merchant: 'id', until: 'word', reason: 'text', by: 'word' },
  },
  bypass_over: {
    level: 'error',
    means: 'an isolate that had judged nothing for this merchant judges again',
    fields: { merchant: 'id' },
  },
  bypass_faulty: {
    level: 'error',
    means: 'what somebody wrote into KV as a bypass is none, and opens nothing',
    fields: { merchant: 'id' },
  },
  configuration_not_in_history: {
    level: 'error',
    means: 'a configuration came into force, and the gate could not write it into its history',
    fields: { config_version: 'hash', error: 'word' },
  },
  configuration_left_in_kv: {
    level: 'error',
    means: 'of two writes at once the later is in force, but KV still shows the earlier: write it again',
    fields: { merchant: 'id', error: 'word' },
  },
  rule_faulty: {
    level: 'error',
    means: 'a merchant’s own rule has no result (a division by zero, too large a number): it does not hold',
    fields: { merchant: 'id', rule: 'text' },
  },
  gate_unavailable: {
    level: 'error',
    means: 'a merchant’s gate did not answer: `on_gate_unavailable` decides',
    fields: { merchant: 'id', error: 'word' },
  },
  alert_not_told: {
    level: 'error',
    means: 'an alerts object did not answer: it looks for itself within minutes',
    fields: { merchant: 'id', error: 'word' },
  },
  alerts_round_failed: {
    level: 'error',
    means: 'an alerts object could not look at all that it looks at: it looks again in five minutes',
    fields: { merchant: 'id', error: 'word' },
  },
  alert_undelivered: {
    level: 'error',
    means: 'a message of an alert was not taken by its receiver in eight tries: `last` says how the last one ended',
    fields: { merchant: 'id', message: 'id', type: 'word', last: 'word' },
  },
  alert_receiver_gone: {
    level: 'error',
    means: 'the receiver of alerts answered 410: it is told nothing until its URL changes or a test reaches it',
    fields: { merchant: 'id', host: 'text' },
  },
  alert_host_unchecked: {
    level: 'error',
    means: 'KV did not say whether Cordon guards the host that an alert goes to: the message was sent',
    fields: { merchant: 'id', error: 'word' },
  },
  origin_place_down: {
    level: 'error',
    means: 'a server of a shop that has several is left alone until it passes checks again: `why` says how it failed',
    fields: { merchant: 'id', place: 'text', why: 'word', falls: 'number' },
  },
  origin_drain_turned: {
    level: 'error',
    means: 'somebody drained a country or a server of a shop, or lifted that: nothing is sent there meanwhile',
    fields: {
      merchant: 'id',
      state: 'word',
      kind: 'word',
      name: 'text',
      until: 'word',
      reason: 'text',
      who: 'word',
    },
  },
  origin_retries_spent: {
    level: 'error',
    means:
      'so many requests that failed at one server were not asked again at another: too many fail. Said every ten seconds at most',
    fields: { merchant: 'id', denied: 'number' },
  },
  origin_not_checked: {
    level: 'error',
    means: 'the servers of a merchant were not checked by the clock, and why: they are a minute later',
    fields: { merchant: 'id', error: 'word' },
  },
  origin_place_up: {
    level: 'info',
    means: 'a server of a shop is asked again',
    fields: { merchant: 'id', place: 'text' },
  },
  outcome_lost: {
    level: 'error',
    means: 'an outcome was not taken by the gate, in several tries: it is not counted',
    fields: { merchant: 'id', id: 'evaluation?', payment: 'id?' },
  },
  sightings_lost: {
    level: 'error',
    means: 'what merchants who share saw of addresses was not taken',
    fields: { batches: 'number' },
  },
  shared_not_published: {
    level: 'error',
    means: 'the shared feed was not written: the last one stays in force',
    fields: { error: 'word' },
  },
  feed_not_refreshed: {
    level: 'error',
    means: 'an imported list was not fetched anew, and why: the last one stays in force',
    fields: { feed: 'id', error: 'text', in_force_since: 'word' },
  },
  feed_not_loaded: {
    level: 'error',
    means: 'an isolate goes without an imported list',
    fields: { feed: 'id', error: 'text' },
  },
  provider_refuses_key: {
    level: 'error',
    means: 'a provider of reputation takes the merchant’s key no more',
    fields: { merchant: 'id', provider: 'id' },
  },
  provider_circuit_open: {
    level: 'error',
    means: 'a provider of reputation fails, and is left alone for a while',
    fields: { merchant: 'id', provider: 'id' },
  },
  customer_keys_unavailable: {
    level: 'error',
    means: 'the public keys of a shop’s customers cannot be had: everybody is a guest',
    fields: { error: 'word' },
  },
  rate_limit_unavailable: {
    level: 'error',
    means: 'the limit before the gate did not answer: nobody is shed',
    fields: {},
  },
  journal_retry: {
    level: 'error',
    means: 'what the queue delivered could not be put into D1: it comes again',
    fields: { messages: 'number', error: 'word' },
  },
  journal_dead_letter: {
    level: 'error',
    means: 'a message of the record cannot be taken in: it is kept for 30 days, see `npm run cordon -- journal dead`',
    fields: { id: 'id', entries: 'number', why: 'text' },
  },
  journal_not_tended: {
    level: 'error',
    means: 'the cron could not remove what is over from the record, or not compare it with the gates: it tries again',
    fields: { error: 'word' },
  },
  journal_unsent: {
    level: 'error',
    means: 'the queue did not take entries of the record: the isolate keeps them and tries again',
    fields: { waiting: 'number', error: 'word' },
  },
  journal_dropped: {
    level: 'error',
    means: 'an isolate had more entries of the record than it can keep: that many are lost to the record',
    fields: { entries: 'number' },
  },
  change_unrecorded: {
    level: 'error',
    means:
      'a change was made, and neither the queue nor D1 took it: its line of the event `audit` is all there is of it',
    fields: { id: 'evaluation', who: 'word', what: 'word', merchant: 'id?', error: 'word' },
  },
  records_unavailable: {
    level: 'error',
    means: 'the record did not answer somebody who wanted to read it; payments do not need it',
    fields: { error: 'word' },
  },
  storage_unavailable: {
    level: 'error',
    means: 'a call of the API was answered 503, for KV did not do its part',
    fields: { error: 'word' },
  },
  attack_watch_not_kept: {
    level: 'error',
    means: 'what the gate learned of attacks was not written down: payments do not need it, and it is learned again',
    fields: { error: 'word' },
  },
  unexpected_error: {
    level: 'error',
    means: 'a fault of Cordon’s own: a request was answered 500',
    fields: { error: 'word', stack: 'frames' },
  },
} as const satisfies Readonly<Record<string, Event>>;

export type EventName = keyof typeof EVENTS;

interface Fault {
  readonly path: string;
  readonly message: string;
}

interface Values {
  readonly evaluation: string;
  readonly hash: string;
  readonly id: string;
  readonly word: string;
  readonly text: string;
  readonly texts: readonly string[];
  readonly frames: readonly string[];
  readonly number: number;
  readonly flag: boolean;
  readonly faults: readonly Fault[];
  readonly change: unknown;
}

type Optional<F> = { [N in keyof F]: F[N] extends `${string}?` ? N : never }[keyof F];
type ValueOf<K> = K extends `${infer B extends Kind}?` ? Values[B] | null : K extends Kind ? Values[K] : never;
type Fields<F> = { readonly [N in Exclude<keyof F, Optional<F>>]: ValueOf<F[N]> } & {
  readonly [N in Optional<F>]?: ValueOf<F[N]> | undefined;
};

/** One line of the log. */
export type Line = { [N in EventName]: { readonly event: N } & Fields<(typeof EVENTS)[N]['fields']> }[EventName];
/** A line of one event. */
export type LineOf<N extends EventName> = Extract<Line, { readonly event: N }>;
