// `tail`: one line a decision, as they come, for people or, with `--json`, for programs.

import { styleText } from 'node:util';
import { inertJson } from '../../src/records/inert-text.ts';
import type { Invocation } from './arguments.ts';
import { isWanted, type LogLine, reasonsOf } from './log-lines.ts';
import { chooseSource, openLog } from './log-sources.ts';
import type { OperationCommand } from './operation-words.ts';
import { isLocalTarget } from './target.ts';
import type { World } from './world.ts';

type Style = Parameters<typeof styleText>[0];
type Tail = Extract<OperationCommand, { kind: 'tail' }>;

const decisionStyles: Readonly<Record<string, Style>> = {
  allow: 'green',
  review: 'cyan',
  challenge: 'yellow',
  block: 'red',
};
const widest = { decision: 9, merchant: 12, route: 10 };

export async function tail({ filter, from, env }: Tail, invocation: Invocation, world: World): Promise<void> {
  const source = chooseSource(from, env, isLocalTarget(invocation, world));
  const stop = world.stop ?? new AbortController().signal;
  const { saying, lines } = openLog(source, stop);
  world.complain(`${saying}\n`);
  for await (const line of lines) {
    if (stop.aborted) return;
    if (!isWanted(line, filter)) continue;
    world.write(invocation.json ? `${inertJson({ at: timeOf(line), ...said(line) })}\n` : `${describe(line)}\n`);
  }
}

function said({ event, fields }: LogLine): object {
  return { event, ...fields };
}

function timeOf({ at }: LogLine): string {
  return new Date(at).toISOString();
}

/** A line for people. Exported for the tests. */
export function describe(line: LogLine): string {
  const time = timeOf(line).slice(11, 19);
  const harmless = { ...line, fields: JSON.parse(visible(JSON.stringify(line.fields))) as LogLine['fields'] };
  const words = line.event === 'decision' ? decisionWords(harmless) : otherWords(harmless);
  return `${style('dim', time)} ${words}`;
}

function decisionWords({ fields }: LogLine): string {
  const { decision, merchant, route, mode, country, asn, bin, status, repeats, id } = fields;
  const head = [
    style(decisionStyles[String(decision)] ?? 'bold', String(decision).padEnd(widest.decision)),
    String(merchant).padEnd(widest.merchant),
    String(route).padEnd(widest.route),
  ];
  const about = [
    mode === 'enforce' ? null : style('yellow', `(${mode})`),
    repeats === undefined ? null : style('bold', `×${repeats}`),
    reasonsOf(fields).join(' ') || null,
    country ?? null,
    asn == null ? null : `AS${asn}`,
    bin == null ? null : `bin ${bin}`,
    status === undefined ? null : `→ ${status}`,
    style('dim', String(id)),
  ];
  return [...head, ...about.filter((word) => word !== null)].join(' ');
}

function otherWords({ event, level, fields }: LogLine): string {
  const words = Object.entries(fields).map(
    ([name, value]) => `${name}=${typeof value === 'string' ? value : JSON.stringify(value)}`,
  );
  return [style(level === 'error' ? ['red', 'bold'] : 'bold', event), ...words].join(' ');
}

function style(format: Style, text: string): string {
  return isColoured() ? styleText(format, text, { validateStream: false }) : text;
}

// Node 20 colours whatever NO_COLOR and the terminal say (https://no-color.org).
function isColoured(): boolean {
  const { NO_COLOR, FORCE_COLOR } = process.env;
  if (NO_COLOR !== undefined && NO_COLOR !== '') return false;
  return process.stdout.isTTY === true || (FORCE_COLOR !== undefined && FORCE_COLOR !== '0');
}

/** The log is inert as it is written; read as JSON it is not, and a file may be somebody else's. */
function visible(json: string): string {
  return json.replaceAll(/\\u00[01][0-9a-f]|\\[bfnrt]|[\p{Cc}\p{Cf}\u2028\u2029]/gu, '�');
}
