/**
 * `npm run bench`: Cordon's production bundle on bare workerd, beside floors that do the least an attempt needs.
 * Loopback only; ends what it starts. Ends with 1 when something costs more calls or rows than the contract allows.
 */

import { listenForInterruption } from '../../commands/interruption.ts';
import { type BenchOptions, parseOptions, USAGE } from './bench-options.ts';
import { BenchSite } from './bench-site.ts';
import { type BenchCase, CASES } from './cases.ts';
import { diskFaults, priceFaults } from './faults.ts';
import { measure } from './measurement.ts';
import { profile } from './profile.ts';
import { showProgress } from './progress.ts';
import { printJson, printTable } from './report.ts';
import { importTables } from './tables.ts';
import { countedName } from './tenant.ts';

// An interrupted run ends what it started too: that hangs on the event 'exit'.
void listenForInterruption().then(() => process.exit(130));

try {
  await run(parseOptions(process.argv.slice(2)));
} catch (error) {
  process.stderr.write(`${(error as Error).message}\n\n${USAGE}`);
  process.exitCode = 2;
}

async function run(options: BenchOptions): Promise<void> {
  const cases = casesOf(options);
  if (options.profile) return profile(cases, options);
  const site = await BenchSite.open(options);
  try {
    await importTables(site);
    await shutPayer(site);
    const measured = await measure(site, cases, { options, progress: showProgress(process.stderr) });
    const faults = [...priceFaults(measured), ...(await diskFaults(site))];
    const report = { options, measured, faults };
    if (options.json) printJson(report);
    else printTable(report);
    process.exitCode = faults.length === 0 ? 0 : 1;
  } finally {
    await site.close();
  }
}

/** Those that are asked for, and those beside which they stand. */
function casesOf({ only }: BenchOptions): readonly BenchCase[] {
  const wanted = CASES.filter(({ name }) => name.includes(only));
  return CASES.filter((one) => wanted.includes(one) || wanted.some(({ beside }) => beside === one.name));
}

/** The payer of the blocked case fails once, which at that merchant is one time too many. */
async function shutPayer(site: BenchSite): Promise<void> {
  const repeat = CASES.find(({ request }) => request.payer === 'same');
  if (repeat === undefined) return;
  const declined: BenchCase = { ...repeat, status: 402 };
  for (const tenant of site.cordons.flatMap((name) => [name, countedName(name)])) {
    await site.load(tenant, declined, { connections: 1, requests: 1 });
  }
}
