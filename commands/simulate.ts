// `npm run simulate -- --seed N`: days of a shop that there is not, with card testers among its buyers, in the replay
// format (docs/simulation.md). The same seed gives the same file. Nothing is sent anywhere.

import { openNewFile, type Sink } from './cordon/new-file.ts';
import { readArguments, usage } from './simulate/arguments.ts';
import { daysOf, type Plan } from './simulate/calendar.ts';
import { lineOf } from './simulate/try.ts';

const asked = readArguments(process.argv.slice(2));
if (asked === 'help') process.stdout.write(usage);
else if ('fault' in asked) {
  process.stderr.write(`${asked.fault}\n\n${usage}`);
  process.exitCode = 2;
} else {
  // Whoever reads may stop reading, as `head` does.
  process.stdout.on('error', () => process.exit(0));
  write(asked.plan, openNewFile(asked.out), asked.labels === null ? null : openNewFile(asked.labels));
}

function write(plan: Plan, out: Sink, labels: Sink | null): void {
  for (const tries of daysOf(plan)) {
    out.write(Buffer.from(tries.map((one) => `${lineOf(one)}\n`).join('')));
    labels?.write(Buffer.from(tries.map(({ label }) => `${label}\n`).join('')));
  }
  out.finish();
  labels?.finish();
}
