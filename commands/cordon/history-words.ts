// The words of the commands about what was in force, and who changed what.

import { UsageError } from './usage.ts';

export type HistoryCommand =
  | { kind: 'versions'; merchant: string }
  | { kind: 'difference'; merchant: string; version: string; other: string | undefined }
  | { kind: 'restore'; merchant: string; version: string; isSure: boolean }
  /** Without a merchant: of all of them. */
  | { kind: 'changes'; merchant: string | undefined; filter: ChangeWords };

/** Whether a time or a name is one is the server's to say. */
export interface ChangeWords {
  from: string | undefined;
  to: string | undefined;
  who: string | undefined;
  what: string | undefined;
}

interface Values {
  yes: boolean;
  from?: string | undefined;
  to?: string | undefined;
  who?: string | undefined;
  what?: string | undefined;
}

const expected = {
  versions: 'versions ID',
  difference: 'difference ID VERSION [OTHER]',
  restore: 'restore ID VERSION [--yes]',
  changes: 'changes [ID] [--from TIME] [--to TIME] [--who W] [--what W]',
} as const;

export function readHistoryCommand(
  kind: HistoryCommand['kind'],
  words: readonly string[],
  { yes: isSure, from, to, who, what }: Values,
): HistoryCommand {
  const [merchant, version, other] = words;
  const refuse = (): never => {
    throw new UsageError(`Expected: ${expected[kind]}`);
  };
  switch (kind) {
    case 'versions':
      return merchant === undefined || words.length > 1 ? refuse() : { kind, merchant };
    case 'difference':
      if (merchant === undefined || version === undefined || words.length > 3) return refuse();
      return { kind, merchant, version, other };
    case 'restore':
      if (merchant === undefined || version === undefined || words.length > 2) return refuse();
      return { kind, merchant, version, isSure };
    case 'changes':
      return words.length > 1 ? refuse() : { kind, merchant, filter: { from, to, who, what } };
  }
}
