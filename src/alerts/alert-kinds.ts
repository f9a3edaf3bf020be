/**
 * What an operator is alerted to: the closed list of kinds, what is told of each, how each is over, and its words.
 * Nothing that a payer typed is among them.
 */
import type { Processor } from '../outcome/processor-event.ts';

export const ALERT_KINDS = [
  'attack',
  'configuration_faulty',
  'gate_unavailable',
  'outcomes_missing',
  'webhooks_quiet',
  'feed_stale',
  'journal_failing',
  'passkey_cloned',
  'origin_down',
] as const;
export type AlertKind = (typeof ALERT_KINDS)[number];

export interface ConfigFault {
  readonly path: string;
  readonly message: string;
}

/** What somebody noticed. One burst of a kind is open at a time, however often it is noticed. */
export type Noticed =
  /** `reason` in Cordon's own words: a segment that is attacked, which holds no payer. */
  | { readonly kind: 'attack_began'; readonly reason: string }
  | { readonly kind: 'attack_ended' }
  /** `version`: the hash of the text that is not in force. */
  | { readonly kind: 'configuration_faulty'; readonly version: string; readonly faults: readonly ConfigFault[] }
  | { readonly kind: 'gate_unavailable' }
  | { readonly kind: 'outcomes_missing'; readonly letThrough: number; readonly missing: number }
  /** `silentSince` in ms since the epoch; `payments`: about as many as it said nothing of. */
  | {
      readonly kind: 'webhooks_quiet';
      readonly processors: readonly { name: Processor; silentSince: number; payments: number }[];
    }
  | { readonly kind: 'feed_stale'; readonly feeds: readonly string[] }
  /** Entries of the journal that were put aside as dead letters. */
  | { readonly kind: 'journal_failing'; readonly entries: number }
  /** The evaluation whose challenge it answered. */
  | { readonly kind: 'passkey_cloned'; readonly evaluation: string }
  /** Hosts of the shop's own servers. */
  | { readonly kind: 'origin_down'; readonly places: readonly string[] };

export type Finding = Exclude<Noticed, { kind: 'attack_ended' }>;

export function kindOf({ kind }: Noticed): AlertKind {
  return kind === 'attack_began' || kind === 'attack_ended' ? 'attack' : kind;
}

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
/** While a burst lasts, its receiver hears of it again this often. */
export const REMINDED_AFTER_MS = 6 * HOUR_MS;

/** Over when nobody noticed it for this long; null: over when a look shows that it is. */
export const OVER_AFTER_MS: Readonly<Record<AlertKind, number | null>> = {
  attack: 24 * HOUR_MS,
  configuration_faulty: null,
  gate_unavailable: 15 * MINUTE_MS,
  outcomes_missing: null,
  webhooks_quiet: null,
  feed_stale: null,
  journal_failing: HOUR_MS,
  passkey_cloned: 24 * HOUR_MS,
  origin_down: null,
};

export interface Words {
  readonly summary: string;
  readonly action: string;
}

/** Where it is said what to do. */
export function docsOf(kind: AlertKind): string {
  return `docs/operations.md#alert-${kind.replaceAll('_', '-')}`;
}

/** What is told of a burst while it lasts. */
export function wordsOf(found: Finding): Words {
  switch (found.kind) {
    case 'attack_began':
      return {
        summary: `An attack on the checkout: ${found.reason}.`,
        action:
          'npm run cordon -- attack ID show says what is attacked. Look whether buyers are among the refused; attack ID on, off and auto turn it by hand.',
      };
    case 'configuration_faulty':
      return {
        summary: `A faulty configuration (${found.version}) was written; the last good one stays in force.`,
        action: `Write a good one, best through the API, which refuses faults. First fault: ${firstOf(found.faults)}.`,
      };
    case 'gate_unavailable':
      return {
        summary: 'The gate has not answered for a minute: what on_gate_unavailable says is in force.',
        action: 'Look at the status of Cloudflare Durable Objects, and at the log for gate_unavailable.',
      };
    case 'outcomes_missing':
      return {
        summary: `${found.missing} of the last ${found.letThrough} attempts that were let through have no outcome.`,
        action:
          'See whether the shop or the processor fails, whether its answers changed, and whether the backend still reports outcomes: failures that nobody reports are not counted.',
      };
    case 'webhooks_quiet':
      return {
        summary: `Payments go on and nothing is heard of ${found.processors.map(silenceOf).join('; ')}.`,
        action: "Look at the webhook's deliveries in the processor's dashboard, and at the log for refused signatures.",
      };
    case 'feed_stale':
      return {
        summary: `Imported lists have not been seen at their source for long: ${found.feeds.join(', ')}.`,
        action: 'npm run cordon -- feed list says why; what was imported last is still in force.',
      };
    case 'journal_failing':
      return {
        summary: `${found.entries} entries of the journal could not be written and were put aside.`,
        action: 'See why D1 refused them, then npm run cordon -- journal replay. Payments are guarded all the same.',
      };
    case 'passkey_cloned':
      return {
        summary: `The counter of a customer's passkey did not grow: there may be a copy of it (${found.evaluation}).`,
        action: 'It proves nothing any more. The evaluation names the customer: ask him, and remove the passkey.',
      };
    case 'origin_down':
      return {
        summary: `Servers of the shop are down: ${found.places.join(', ')}.`,
        action:
          'npm run cordon -- origin ID show says since when and why. The others are asked meanwhile; a server that passes its checks is asked again by itself.',
      };
  }
}

function firstOf([first]: readonly ConfigFault[]): string {
  return first === undefined ? 'not known' : `${first.path || '(the whole)'} ${first.message}`;
}

function silenceOf({ name, silentSince, payments }: { name: string; silentSince: number; payments: number }): string {
  return `${name} since ${new Date(silentSince).toISOString()} (about ${payments} payments)`;
}
