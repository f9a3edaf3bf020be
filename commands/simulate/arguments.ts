// What `npm run simulate` is asked for.

import { parseArgs } from 'node:util';
import { readOrTell } from '../asked.ts';
import { type Campaign, campaigns, firstDay, type Plan } from './calendar.ts';

export const usage = `Usage: npm run -s simulate -- --seed N [options] > attempts.ndjson

  --seed N       which days: the same number, the same file
  --days D       how many (14)
  --quiet Q      on so many first days nothing but ordinary trade (half of them, 7 at most)
  --past P       over so many days before them, customers who come have paid already (0)
  --scale S      1: about 2,400 attempts of ordinary trade a day (1)
  --only A,B,…   which campaigns, one on each day after the quiet ones; none: ordinary trade alone (all)
                 ${campaigns.slice(0, 7).join(', ')},
                 ${campaigns.slice(7).join(', ')}
  --out FILE     instead of standard output
  --labels FILE  whose each line is: a name a line
`;

export interface Asked {
  readonly plan: Plan;
  readonly out: string;
  readonly labels: string | null;
}

export function readArguments(args: readonly string[]): Asked | { readonly fault: string } | 'help' {
  return readOrTell(() => read(args));
}

function read(args: readonly string[]): Asked | 'help' {
  const text = { type: 'string' } as const;
  const { values } = parseArgs({
    args: [...args],
    options: {
      seed: text,
      days: { ...text, default: '14' },
      quiet: text,
      past: { ...text, default: '0' },
      scale: { ...text, default: '1' },
      only: text,
      out: { ...text, default: '-' },
      labels: text,
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) return 'help';
  if (values.seed === undefined) throw new Error('--seed is needed');
  const days = wholeNumber('--days', values.days, 3_650);
  const quietDays =
    values.quiet === undefined ? Math.min(7, Math.floor(days / 2)) : wholeNumber('--quiet', values.quiet, days);
  const scale = Number(values.scale);
  if (!(scale > 0 && scale <= 1_000)) throw new Error('--scale must be above 0 and at most 1000');
  const seed = wholeNumber('--seed', values.seed, 2 ** 32 - 1);
  const pastDays = wholeNumber('--past', values.past, 3_650);
  const plan = { seed, days, quietDays, pastDays, scale, only: campaignsIn(values.only), start: firstDay };
  return { plan, out: values.out, labels: values.labels ?? null };
}

function wholeNumber(name: string, text: string, most: number): number {
  const number = Number(text);
  if (/^\d+$/.test(text) && number <= most) return number;
  throw new Error(`${name} must be a whole number, ${most} at most`);
}

function campaignsIn(text: string | undefined): readonly Campaign[] {
  if (text === undefined) return campaigns;
  if (text === 'none') return [];
  return text.split(',').map((name) => {
    const campaign = campaigns.find((one) => one === name);
    if (campaign === undefined) throw new Error(`--only: there is no campaign ${name}`);
    return campaign;
  });
}
