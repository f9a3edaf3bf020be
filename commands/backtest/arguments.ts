// What `npm run backtest` is asked for.

import { parseArgs } from 'node:util';

export const usage = `Usage: npm run -s backtest -- --config FILE [options] < attempts.ndjson

  --config FILE     the merchant's configuration to try
  --against FILE    another one, told beside it
  --decisions OUT   what was decided, a line for each attempt (of --config)
  --labels FILE     whose each attempt is, a name a line: a table by name
  --suggest         what each velocity rule would do with other limits, and which is worth the most
  --json            the summary for programs

Reads the replay format (docs/backtest.md) from standard input, in order of time.
`;

export interface Asked {
  readonly config: string;
  readonly against: string | null;
  readonly decisions: string | null;
  readonly labels: string | null;
  readonly suggests: boolean;
  readonly isJson: boolean;
}

export function readArguments(args: readonly string[]): Asked | { readonly fault: string } | 'help' {
  try {
    return read(args);
  } catch (error) {
    return { fault: error instanceof Error ? error.message : String(error) };
  }
}

function read(args: readonly string[]): Asked | 'help' {
  const text = { type: 'string' } as const;
  const flag = { type: 'boolean', default: false } as const;
  const { values } = parseArgs({
    args: [...args],
    options: { config: text, against: text, decisions: text, labels: text, suggest: flag, json: flag, help: flag },
  });
  if (values.help) return 'help';
  if (values.config === undefined) throw new Error('--config is needed');
  const { config, against = null, decisions = null, labels = null, suggest: suggests, json: isJson } = values;
  return { config, against, decisions, labels, suggests, isJson };
}
