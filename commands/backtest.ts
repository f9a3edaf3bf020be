// `npm run backtest -- --config FILE < attempts.ndjson`: recorded attempts under a configuration, judged by the engine
// that serves live traffic (docs/backtest.md). Ends with 2 for what it cannot read. Nothing is sent anywhere.

import './bytes.ts';
import { basename } from 'node:path';
import { decisionLineOf } from '../src/replay/decision-line.ts';
import { type PolicyReading, readPolicy } from '../src/replay/policy-text.ts';
import { Replay } from '../src/replay/replay.ts';
import { Tally } from '../src/replay/summary.ts';
import { Sweep } from '../src/replay/sweep.ts';
import { type Asked, readArguments, usage } from './backtest/arguments.ts';
import { textOf } from './backtest/files.ts';
import { givenBeside } from './backtest/giving.ts';
import { importUsage, runImport } from './backtest/importing.ts';
import { ByLabel } from './backtest/labels.ts';
import { LineSink } from './backtest/line-sink.ts';
import { sizeOfInput, withProgress } from './backtest/progress.ts';
import { type Result, tellJson, tellTables } from './backtest/report.ts';
import { runReplays } from './backtest/run.ts';

const [first, ...rest] = process.argv.slice(2);
if (first === 'import') await attempt(() => runImport(rest));
else {
  const asked = readArguments(process.argv.slice(2));
  if (asked === 'help') process.stdout.write(usage + importUsage);
  else if ('fault' in asked) refuse(`${asked.fault}\n\n${usage}${importUsage}`);
  else await attempt(() => backtest(asked));
}

async function attempt(work: () => unknown): Promise<void> {
  try {
    await work();
  } catch (error) {
    refuse(`${error instanceof Error ? error.message : error}\n`);
  }
}

async function backtest({ config, against, decisions, labels, suggests, isJson, beside }: Asked): Promise<void> {
  // Of this run alone: nothing that it names outlives it.
  const bytes = crypto.getRandomValues(new Uint8Array(32));
  const key = await crypto.subtle.importKey('raw', bytes, 'HKDF', false, ['deriveKey']);
  const files = against === null ? [config] : [config, against];
  const policies = await Promise.all(files.map(async (file) => policyOf(await readPolicy(textOf(file), key), file)));
  const given = await givenBeside(beside);
  const labelText = labels === null ? null : textOf(labels);
  const runs = policies.map((policy, index) => ({
    policy,
    replay: new Replay(policy, given),
    name: basename(files[index] ?? ''),
    tally: new Tally(),
    labels: labelText === null ? null : new ByLabel(labelText),
  }));
  const [first] = policies;
  const sweep = suggests && first !== undefined ? new Sweep(first, given) : null;
  const out = decisions === null ? null : new LineSink(decisions);
  try {
    const input = withProgress(process.stdin, { stream: process.stderr, total: sizeOfInput() });
    const replays = [...runs.map(({ replay }) => replay), ...(sweep?.replays ?? [])];
    await runReplays(input, replays, ({ number, line, replayed }) => {
      sweep?.add(line, replayed.slice(runs.length));
      for (const [index, one] of replayed.slice(0, runs.length).entries()) {
        runs[index]?.tally.add(line, one);
        runs[index]?.labels?.add(number, one);
        if (index === 0) out?.write(decisionLineOf(number, one));
      }
    });
    for (const { labels: byLabel, tally } of runs) byLabel?.end(tally.summary.attempts);
    out?.finish();
  } catch (error) {
    out?.abandon();
    throw error;
  }
  const results = runs.map(({ policy, replay, name, tally, labels: byLabel }): Result => {
    const { hash: version } = policy.version;
    return { name, version, summary: tally.finish(), labels: byLabel, leftOut: replay.leftOut };
  });
  const swept = sweep?.finish() ?? null;
  process.stdout.write(isJson ? tellJson(results, swept) : tellTables(results, swept));
}

function policyOf(read: PolicyReading, file: string) {
  if (read.ok) return read.policy;
  throw new Error([`${file} is no good configuration:`, ...read.faults.map(faultLine)].join('\n'));
}

function faultLine({ path, message }: { readonly path: string; readonly message: string }): string {
  return `  ${path === '' ? 'it' : path} ${message}`;
}

function refuse(text: string): void {
  process.stderr.write(text);
  process.exitCode = 2;
}
