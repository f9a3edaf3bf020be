// What `npm run backtest` is asked for.

import { parseArgs } from 'node:util';
import { readOrTell } from '../asked.ts';

export const usage = `Usage: npm run -s backtest -- --config FILE [options] < attempts.ndjson

  --config FILE     the merchant's configuration to try
  --against FILE    another one, told beside it
  --decisions OUT   what was decided, a line for each attempt (of --config)
  --labels FILE     whose each attempt is, a name a line: a table by name
  --suggest         what each velocity rule would do with other limits, and which is worth the most
  --deny FILE, --allow FILE
                    the deny and the allow list: CSV as an import takes it, or what "cordon list … show --json" told
  --leases FILE     leases, as "cordon lease list --json" told them
  --merchant ID     its lists and leases are fetched instead (CORDON_URL, CORDON_ADMIN_KEY)
  --feed NAME=FILE  a feed's text; as often as there are feeds
  --networks FILE, --bins FILE
                    what networks are for, and whose cards, as feeds of these kinds have it
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
  readonly beside: Beside;
}

/** Files that are given beside the configuration; null where there is none. */
export interface Beside {
  readonly deny: string | null;
  readonly allow: string | null;
  readonly leases: string | null;
  /** Whose lists and leases are fetched. */
  readonly merchant: string | null;
  /** By name. */
  readonly feeds: ReadonlyMap<string, string>;
  readonly networks: string | null;
  readonly bins: string | null;
}

export function readArguments(args: readonly string[]): Asked | { readonly fault: string } | 'help' {
  return readOrTell(() => read(args));
}

const text = { type: 'string' } as const;
const flag = { type: 'boolean', default: false } as const;
const options = {
  config: text,
  against: text,
  decisions: text,
  labels: text,
  deny: text,
  allow: text,
  leases: text,
  merchant: text,
  feed: { type: 'string', multiple: true, default: [] as string[] },
  networks: text,
  bins: text,
  suggest: flag,
  json: flag,
  help: flag,
} as const;

function read(args: readonly string[]): Asked | 'help' {
  const { values } = parseArgs({ args: [...args], options });
  if (values.help) return 'help';
  if (values.config === undefined) throw new Error('--config is needed');
  const { config, against = null, decisions = null, labels = null, suggest: suggests, json: isJson } = values;
  const { deny = null, allow = null, leases = null, merchant = null, networks = null, bins = null } = values;
  if (merchant !== null && (deny ?? allow ?? leases) !== null) {
    throw new Error('--merchant stands instead of --deny, --allow and --leases');
  }
  const feeds = new Map(values.feed.map(readFeed));
  return {
    config,
    against,
    decisions,
    labels,
    suggests,
    isJson,
    beside: { deny, allow, leases, merchant, feeds, networks, bins },
  };
}

function readFeed(word: string): readonly [name: string, file: string] {
  const [, name, file] = /^([^=]+)=(.+)$/.exec(word) ?? [];
  if (name === undefined || file === undefined) throw new Error('--feed takes NAME=FILE');
  return [name, file];
}
