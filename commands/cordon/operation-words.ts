// The words of the commands for the night: `bypass` and `tail`.

import { UsageError } from './usage.ts';

export type BypassOrder =
  | { order: 'list' }
  | { order: 'show'; merchant: string }
  | { order: 'begin'; merchant: string; minutes: number; reason: string }
  | { order: 'end'; merchant: string; reason: string | undefined }
  | { order: 'rehearse' };

export interface TailFilter {
  merchant: string | undefined;
  decision: string | undefined;
  rule: string | undefined;
}

export type OperationCommand =
  | ({ kind: 'bypass' } & BypassOrder)
  /** `from`: a file that is followed, `-` for standard input; else the log of the Cordon that is meant. */
  | { kind: 'tail'; filter: TailFilter; from: string | undefined; env: string };

/** Beside those of the record, which `tail` knows too: `decision`, `rule`, `from`. */
export const operationOptions = {
  minutes: { type: 'string' },
  end: { type: 'boolean', default: false },
  rehearse: { type: 'boolean', default: false },
  env: { type: 'string' },
} as const;

export const operationOwnOptions = {
  bypass: ['minutes', 'reason', 'end', 'rehearse'],
  tail: ['decision', 'rule', 'from', 'env'],
} as const;

interface Values {
  minutes?: string | undefined;
  reason?: string | undefined;
  end?: boolean | undefined;
  rehearse?: boolean | undefined;
  decision?: string | undefined;
  rule?: string | undefined;
  from?: string | undefined;
  env?: string | undefined;
}

const bypassHint = 'bypass [ID [--minutes N --reason R | --end]], or bypass --rehearse';
const longestMinutes = 1_440;

export function readBypassCommand(words: readonly string[], values: Values): OperationCommand {
  return { kind: 'bypass', ...readOrder(words, values) };
}

function readOrder([merchant, ...rest]: readonly string[], { minutes, reason, end, rehearse }: Values): BypassOrder {
  if (rest.length > 0) throw new UsageError(`Expected: ${bypassHint}`);
  if (rehearse) {
    if (merchant !== undefined || minutes !== undefined || end) throw new UsageError('--rehearse stands alone.');
    return { order: 'rehearse' };
  }
  if (merchant === undefined) {
    if (minutes !== undefined || end) throw new UsageError('Whose? Name the merchant.');
    return { order: 'list' };
  }
  if (end) {
    if (minutes !== undefined) throw new UsageError('--minutes begins one, --end ends it: not both.');
    return { order: 'end', merchant, reason };
  }
  if (minutes === undefined) {
    if (reason !== undefined) throw new UsageError('For how long? Give --minutes.');
    return { order: 'show', merchant };
  }
  if (!/^[1-9]\d{0,3}$/.test(minutes) || Number(minutes) > longestMinutes) {
    throw new UsageError(`--minutes is a whole number from 1 to ${longestMinutes}.`);
  }
  if (reason === undefined) throw new UsageError('Why? Give --reason: whoever finds it must know.');
  return { order: 'begin', merchant, minutes: Number(minutes), reason };
}

export function readTailCommand(words: readonly string[], { decision, rule, from, env }: Values): OperationCommand {
  const [merchant, ...rest] = words;
  if (rest.length > 0) throw new UsageError('Expected: tail [ID] [--decision D] [--rule R] [--json]');
  if (decision !== undefined && !decisions.includes(decision)) {
    throw new UsageError(`--decision is one of ${decisions.join(', ')}.`);
  }
  if (env !== undefined && !/^[a-z0-9_-]{1,64}$/.test(env))
    throw new UsageError('--env is the name of an environment.');
  return { kind: 'tail', filter: { merchant, decision, rule }, from, env: env ?? 'production' };
}

const decisions = ['allow', 'review', 'challenge', 'block'];
