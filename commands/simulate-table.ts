// `npm run simulate:table`: every campaign, each in the trade of its days, under the configurations of the table, as
// Markdown. `--write` puts it into docs/simulation.md. The seeds are no others' business: nothing is tuned on them.

import './bytes.ts';
import { readFileSync, writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { showProgress } from './attack/progress.ts';
import { attackNames, type Campaign, lookalikes } from './simulate/calendar.ts';
import { compileContenders } from './simulate/contenders.ts';
import { type Row, tableOf } from './simulate/table.ts';
import { run } from './simulate/trial.ts';

const document = new URL('../docs/simulation.md', import.meta.url).pathname;
const begin = '<!-- table by campaign: npm run simulate:table -- --write -->\n';
const end = '<!-- end of the table -->\n';

const { values } = parseArgs({
  options: {
    seeds: { type: 'string', default: '3004,3005,3006' },
    only: { type: 'string' },
    scale: { type: 'string', default: '1' },
    write: { type: 'boolean', default: false },
  },
});
const seeds = values.seeds.split(',').map(Number);
const all: readonly (Campaign | null)[] = [null, ...lookalikes, ...attackNames];
const asked = values.only?.split(',');
const wanted = all.filter((campaign) => asked === undefined || asked.includes(campaign ?? 'quiet'));
const policies = await compileContenders();
const progress = showProgress(process.stderr);
const rows: Row[] = [];
for (const campaign of wanted) {
  const name = campaign ?? 'quiet';
  progress.begin(name, seeds.length);
  const outcomes = [];
  for (const seed of seeds) {
    outcomes.push(await run({ campaign, seed, scale: Number(values.scale) }, policies));
    progress.advance();
  }
  progress.finish();
  rows.push({ name, outcomes });
}
const table = tableOf(rows);
process.stdout.write(table);
if (values.write) {
  const text = readFileSync(document, 'utf8');
  const [before, rest = ''] = text.split(begin);
  const [, after = ''] = rest.split(end);
  writeFileSync(document, `${before}${begin}\n${table}\n${end}${after}`);
}
