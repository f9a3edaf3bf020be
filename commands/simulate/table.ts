// The table by campaign, as Markdown: one row a campaign, and what each configuration makes of it.

import { type Contender, contenderNames } from './contenders.ts';
import { type Fate, type Outcome, sum } from './trial.ts';

/** What came of one campaign, with each seed. */
export interface Row {
  readonly name: string;
  /** By seed, in the order of the contenders. */
  readonly outcomes: readonly (readonly Outcome[])[];
}

const head = [
  'day with',
  'tries',
  'kept: recommended',
  'kept: proof of work',
  'kept: classic',
  'cards found: recommended',
  'cards found: no guard',
  'good blocked: recommended',
  'good blocked: classic',
  'good challenged: recommended',
  'of who came for the sale',
  'good given up: recommended',
];

export function tableOf(rows: readonly Row[]): string {
  const lines = [head, head.map((_, index) => (index === 0 ? '---' : '---:')), ...rows.map(cellsOf)];
  return `${lines.map((cells) => `| ${cells.join(' | ')} |`).join('\n')}\n`;
}

function cellsOf({ name, outcomes }: Row): readonly string[] {
  const of = (contender: Contender, who: keyof Outcome): Fate =>
    sum(outcomes.flatMap((one) => one[contenderNames.indexOf(contender)]?.[who] ?? []));
  const [testers, good] = [of('recommended', 'testers'), of('recommended', 'good')];
  const kept = (contender: Contender): string => shareOf(of(contender, 'testers'), 'stopped');
  const found = (contender: Contender): string =>
    testers.attempts === 0 ? '–' : String(of(contender, 'testers').paid);
  const givenUp = good.payments - good.paid - good.blockedPayments;
  return [
    `\`${name}\``,
    String(testers.attempts),
    ...[kept('recommended'), kept('proof_of_work'), kept('classic')],
    ...[found('recommended'), found('none')],
    percent(good.blockedPayments, good.payments),
    percent(of('classic', 'good').blockedPayments, of('classic', 'good').payments),
    shareOf(good, 'challenged'),
    shareOf(of('recommended', 'sale'), 'challenged'),
    percent(givenUp, good.payments),
  ];
}

function shareOf(fate: Fate, part: 'stopped' | 'challenged'): string {
  return percent(fate[part], fate.attempts);
}

function percent(part: number, whole: number): string {
  if (whole === 0) return '–';
  const share = (100 * part) / whole;
  return `${share.toFixed(share > 0 && share < 10 ? 2 : 1)}%`;
}
