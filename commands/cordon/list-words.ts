// The words of the commands about deny and allow lists.

import { UsageError } from './usage.ts';

export type ListCommand =
  | ({ kind: 'list show'; type: string | undefined; value: string | undefined } & Place)
  | ({ kind: 'list add'; type: string; value: string | undefined; card: boolean } & Place & Terms)
  | ({ kind: 'list remove'; item: string } & Place)
  | ({ kind: 'list import'; file: string; isTrial: boolean } & Place & Terms);

interface Place {
  list: 'deny' | 'allow';
  merchant: string;
}

interface Terms {
  reason: string | undefined;
  /** RFC 3339. */
  until: string | undefined;
}

export const listOptions = {
  type: { type: 'string' },
  value: { type: 'string' },
  until: { type: 'string' },
  'dry-run': { type: 'boolean', default: false },
} as const;

export const listOwnOptions = {
  'list show': ['type', 'value'],
  'list add': ['reason', 'until', 'card'],
  'list import': ['reason', 'until', 'dry-run'],
} as const;

interface Values {
  type?: string | undefined;
  value?: string | undefined;
  reason?: string | undefined;
  until?: string | undefined;
  card?: boolean | undefined;
  'dry-run'?: boolean | undefined;
}

const hint = 'Expected: list deny|allow show ID, add ID TYPE VALUE, remove ID ITEM_ID, or import ID FILE';
const manyDigits = /(?:\d[ -]?){12}/;

export function readListCommand(words: readonly string[], values: Values): ListCommand {
  const [list, verb, merchant, ...rest] = words;
  if ((list !== 'deny' && list !== 'allow') || merchant === undefined) throw new UsageError(hint);
  const place = { list, merchant } as const;
  const { type, value, reason, until, card = false } = values;
  switch (verb) {
    case 'show':
      if (rest.length > 0) throw new UsageError(hint);
      return { kind: 'list show', ...place, type, value };
    case 'add': {
      if (reason === undefined) throw new UsageError('Why? Give --reason.');
      return { kind: 'list add', ...place, ...readItem(rest, card), card, reason, until };
    }
    case 'remove': {
      const [item, ...more] = rest;
      if (item === undefined || more.length > 0) throw new UsageError(hint);
      return { kind: 'list remove', ...place, item };
    }
    case 'import': {
      const [file, ...more] = rest;
      if (file === undefined || more.length > 0) throw new UsageError(hint);
      return { kind: 'list import', ...place, file, isTrial: values['dry-run'] ?? false, reason, until };
    }
    default:
      throw new UsageError(hint);
  }
}

function readItem(words: readonly string[], card: boolean): { type: string; value: string | undefined } {
  const [type, value, ...more] = words;
  if (type === undefined || more.length > 0 || (value === undefined) !== card) {
    throw new UsageError(
      'Expected: list deny add ID TYPE VALUE, or card_fingerprint --card, which asks for the number',
    );
  }
  const isNumber = value !== undefined && type.startsWith('card') && manyDigits.test(value);
  if (isNumber) throw new UsageError('A card number is not taken from the command line: use --card.');
  return { type, value };
}
