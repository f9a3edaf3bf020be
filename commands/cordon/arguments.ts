// From the words of the command line to one command, or a UsageError. Neither keys nor card numbers are taken from
// there: a shell keeps its history, and every process of the machine may read the arguments of another.

import { parseArgs } from 'node:util';
import { type DoctorCommand, doctorOptions, doctorOwnOptions, readDoctorCommand } from '../doctor/doctor.ts';
import { type AttackOrder, attackOptions, attackOwnOptions, readAttackCommand } from './attack-words.ts';
import { type FeedCommand, readFeedCommand } from './feed-words.ts';
import { type HistoryCommand, readHistoryCommand } from './history-words.ts';
import { type LeaseCommand, readLeaseCommand } from './lease-words.ts';
import { type ListCommand, listOptions, listOwnOptions, readListCommand } from './list-words.ts';
import { only } from './only-word.ts';
import {
  type OperationCommand,
  operationOptions,
  operationOwnOptions,
  readBypassCommand,
  readTailCommand,
} from './operation-words.ts';
import { type OriginOrder, originOwnOptions, readOriginCommand } from './origin-words.ts';
import {
  type RecordCommand,
  readDecisions,
  readExplain,
  readStats,
  recordOptions,
  recordOwnOptions,
} from './record-arguments.ts';
import { type RuleCommand, readRuleCommand } from './rule.ts';
import { UsageError } from './usage.ts';

export type Command =
  | RecordCommand
  | RuleCommand
  | { kind: 'help' }
  | { kind: 'merchant put'; file: string }
  | { kind: 'merchant show'; merchant: string }
  | { kind: 'merchant list' }
  | { kind: 'merchant delete'; merchant: string; isSure: boolean }
  | { kind: 'keys'; merchant: string }
  | { kind: 'keys create'; merchant: string; name: string | undefined; scopes: string[] | undefined }
  | { kind: 'keys revoke'; merchant: string; key: string }
  | { kind: 'blocks'; merchant: string }
  | { kind: 'unblock'; merchant: string; payer: PayerWords }
  | LeaseCommand
  | DoctorCommand
  | { kind: 'alerts'; merchant: string }
  | { kind: 'alerts test'; merchant: string }
  | { kind: 'alerts resend'; merchant: string; message: string }
  | HistoryCommand
  | ListCommand
  | { kind: 'journal dead' }
  | { kind: 'journal replay' }
  | { kind: 'journal reconcile'; merchant: string }
  | FeedCommand
  | OperationCommand
  | ({ kind: 'attack' } & AttackOrder)
  | ({ kind: 'origin' } & OriginOrder);

export interface PayerWords {
  /** The number itself is asked for. */
  card: boolean;
  ip: string | undefined;
  customer: string | undefined;
  email: string | undefined;
}

export interface Invocation {
  command: Command;
  url: string | undefined;
  keyFile: string | undefined;
  json: boolean;
}

const options = {
  url: { type: 'string' },
  'key-file': { type: 'string' },
  json: { type: 'boolean', default: false },
  help: { type: 'boolean', default: false },
  name: { type: 'string' },
  scopes: { type: 'string' },
  card: { type: 'boolean', default: false },
  ip: { type: 'string' },
  customer: { type: 'string' },
  email: { type: 'string' },
  yes: { type: 'boolean', default: false },
  owner: { type: 'string' },
  reason: { type: 'string' },
  ttl: { type: 'string' },
  kind: { type: 'string' },
  refresh: { type: 'string' },
  score: { type: 'string' },
  force: { type: 'boolean', default: false },
  ...recordOptions,
  who: { type: 'string' },
  ...operationOptions,
  ...listOptions,
  ...attackOptions,
  ...doctorOptions,
} as const;

/** The options that only one kind of command knows. */
const ownOptions: Partial<Record<Command['kind'], readonly (keyof typeof options)[]>> = {
  'lease add': ['owner', 'reason', 'ttl'],
  'lease renew': ['ttl'],
  'keys create': ['name', 'scopes'],
  'merchant delete': ['yes'],
  restore: ['yes'],
  changes: ['from', 'to', 'who', 'what'],
  unblock: ['card', 'ip', 'customer', 'email'],
  ...operationOwnOptions,
  ...listOwnOptions,
  ...attackOwnOptions,
  ...doctorOwnOptions,
  ...originOwnOptions,
  'feed add': ['kind', 'refresh', 'score', 'force'],
  ...recordOwnOptions,
};

export function readInvocation(words: readonly string[]): Invocation {
  const { values, positionals } = parse(words);
  const command: Command = values.help || words.length === 0 ? { kind: 'help' } : readCommand(positionals, values);
  refuseForeignOptions(command, values);
  return { command, url: values.url, keyFile: values['key-file'], json: values.json };
}

function parse(words: readonly string[]) {
  try {
    return parseArgs({ args: [...words], options, allowPositionals: true });
  } catch (error) {
    if (words.some((word) => /^--?(?:admin-)?key(?:=|$)/.test(word))) {
      throw new UsageError('A key is not taken from the command line: use CORDON_ADMIN_KEY or --key-file.');
    }
    // The first sentence names the option; what follows may repeat a value.
    throw new UsageError((error as Error).message.replace(/[.:] [\s\S]*/, '').replace(/=\S+/, ''));
  }
}

type Values = ReturnType<typeof parse>['values'];

function readCommand(words: readonly string[], values: Values): Command {
  const [noun = '', ...rest] = words;
  switch (noun) {
    case 'merchant':
      return readMerchantCommand(rest, values);
    case 'keys':
      return readKeysCommand(rest, values);
    case 'journal':
      return readJournalCommand(rest);
    case 'feed':
      return readFeedCommand(rest, values);
    case 'alerts':
      return readAlertsCommand(rest);
    case 'versions':
    case 'difference':
    case 'restore':
    case 'changes':
      return readHistoryCommand(noun, rest, values);
    case 'decisions':
      return readDecisions(only(rest, 'decisions ID [filters]'), values);
    case 'explain':
      return readExplain(only(rest, 'explain EVALUATION'));
    case 'stats':
      return readStats(only(rest, 'stats ID'), values);
    case 'blocks':
      return { kind: 'blocks', merchant: only(rest, 'blocks ID') };
    case 'bypass':
      return readBypassCommand(rest, values);
    case 'attack':
      return { kind: 'attack', ...readAttackCommand(rest, values) };
    case 'doctor':
      return readDoctorCommand(rest, values);
    case 'origin':
      return { kind: 'origin', ...readOriginCommand(rest, values) };
    case 'rule':
      return readRuleCommand(rest);
    case 'tail':
      return readTailCommand(rest, values);
    case 'lease':
      return readLeaseCommand(rest, values);
    case 'list':
      return readListCommand(rest, values);
    case 'unblock': {
      const { card, ip, customer, email } = values;
      if (!card && ip === undefined && customer === undefined && email === undefined) {
        throw new UsageError('Whom? Give at least one of --card, --ip, --customer and --email.');
      }
      const hint =
        'unblock ID [--card] [--ip A] [--customer C] [--email E]; a card number is asked for, never given here';
      return { kind: 'unblock', merchant: only(rest, hint), payer: { card, ip, customer, email } };
    }
    default:
      throw new UsageError('There is no such command: see --help.');
  }
}

function readMerchantCommand([verb, ...rest]: readonly string[], { yes: isSure }: Values): Command {
  switch (verb) {
    case 'put':
      return { kind: 'merchant put', file: only(rest, 'merchant put FILE') };
    case 'show':
      return { kind: 'merchant show', merchant: only(rest, 'merchant show ID') };
    case 'delete':
      return { kind: 'merchant delete', merchant: only(rest, 'merchant delete ID [--yes]'), isSure };
    case 'list':
      if (rest.length > 0) throw new UsageError('Expected: merchant list');
      return { kind: 'merchant list' };
    default:
      throw new UsageError('Expected: merchant put FILE, show ID, list, or delete ID');
  }
}

function readKeysCommand([merchant, verb, ...rest]: readonly string[], { name, scopes }: Values): Command {
  if (merchant === undefined) throw new UsageError('Expected: keys ID');
  switch (verb) {
    case undefined:
      return { kind: 'keys', merchant };
    case 'create':
      if (rest.length > 0) throw new UsageError('Expected: keys ID create [--name N] [--scopes a,b]');
      return { kind: 'keys create', merchant, name, scopes: scopes?.split(',').map((scope) => scope.trim()) };
    case 'revoke':
      return { kind: 'keys revoke', merchant, key: only(rest, 'keys ID revoke KEY_ID') };
    default:
      throw new UsageError('Expected: keys ID, keys ID create, or keys ID revoke KEY_ID');
  }
}

function readAlertsCommand(words: readonly string[]): Command {
  const [verb, ...rest] = words;
  switch (verb) {
    case 'test':
      return { kind: 'alerts test', merchant: only(rest, 'alerts test ID') };
    case 'resend': {
      const [merchant, message] = pair(rest, 'alerts resend ID MESSAGE_ID');
      return { kind: 'alerts resend', merchant, message };
    }
    default:
      return { kind: 'alerts', merchant: only(words, 'alerts ID') };
  }
}

function pair(words: readonly string[], expected: string): [string, string] {
  const [one, other] = words;
  if (one === undefined || other === undefined || words.length > 2) throw new UsageError(`Expected: ${expected}`);
  return [one, other];
}

function readJournalCommand([verb, ...rest]: readonly string[]): Command {
  switch (verb) {
    case 'dead':
    case 'replay':
      if (rest.length > 0) throw new UsageError(`Expected: journal ${verb}`);
      return { kind: `journal ${verb}` };
    case 'reconcile':
      return { kind: 'journal reconcile', merchant: only(rest, 'journal reconcile ID') };
    default:
      throw new UsageError('Expected: journal dead, replay, or reconcile ID');
  }
}

function refuseForeignOptions({ kind }: Command, values: Values): void {
  if (kind === 'help') return;
  const own = ownOptions[kind] ?? [];
  for (const [owner, names] of Object.entries(ownOptions)) {
    const foreign = names.find((name) => !own.includes(name) && values[name] !== undefined && values[name] !== false);
    if (foreign !== undefined) throw new UsageError(`--${foreign} belongs to ${owner}.`);
  }
}
