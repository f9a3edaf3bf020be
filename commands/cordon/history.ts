// The commands about what was in force and who changed it: what they ask of Cordon, and what they say.

import { styleText } from 'node:util';
import type { ChangePage, Comparison, Cordon, Difference, Version } from '../../src/client/client.ts';
import { type Said, table, timeOf, visible } from './answers.ts';
import type { ChangeWords, HistoryCommand } from './history-words.ts';
import { UsageError } from './usage.ts';
import type { World } from './world.ts';

/** As many versions as fit on a screen; `--json` tells of all. */
const shownAtOnce = 50;
/** A whole list may be one value. */
const valueLimit = 2_000;

export async function obeyHistory(command: HistoryCommand, cordon: Cordon, world: World): Promise<Said> {
  switch (command.kind) {
    case 'versions':
      return sayVersions(await allVersions(cordon, command.merchant));
    case 'difference': {
      const { merchant } = command;
      const version = await inFull(cordon, merchant, command.version);
      const other = command.other === undefined ? undefined : await inFull(cordon, merchant, command.other);
      return sayComparison(await cordon.versions.difference(merchant, version, other));
    }
    case 'restore':
      return restore(command, cordon, world);
    case 'changes':
      return sayChanges(await newestChanges(command.merchant, command.filter, cordon));
  }
}

async function restore(
  { merchant, version: word, isSure }: Extract<HistoryCommand, { kind: 'restore' }>,
  cordon: Cordon,
  world: World,
): Promise<Said> {
  const versions = await allVersions(cordon, merchant);
  const version = fullName(versions, word);
  const inForce = versions.find(({ in_force }) => in_force)?.version ?? undefined;
  if (inForce !== undefined) {
    world.complain(sayComparison(await cordon.versions.difference(merchant, version, inForce)).text);
  }
  if (!isSure) await confirm(merchant, version, world);
  // What was shown is what is done: not over a version that came meanwhile.
  const restored = await cordon.versions.restore(merchant, version, { onlyIf: inForce });
  return { json: restored, text: `${restored.version} is in force at ${merchant}.\n` };
}

async function confirm(merchant: string, version: string, world: World): Promise<void> {
  const typed = await world.askAloud(`${merchant} goes back to ${version}. Type yes to do it: `);
  if (typed === null) throw new UsageError('Nobody can be asked here: say --yes if you mean it.');
  if (typed !== 'yes') throw new UsageError('Nothing was changed.');
}

async function allVersions(cordon: Cordon, merchant: string): Promise<readonly Version[]> {
  const versions: Version[] = [];
  let cursor: string | null = null;
  do {
    const page = await cordon.versions.list(merchant, { cursor, limit: 500 });
    versions.push(...page.versions);
    cursor = page.next_cursor;
  } while (cursor !== null);
  return versions;
}

/** The first characters of a version name it, as long as no other begins so. */
async function inFull(cordon: Cordon, merchant: string, word: string): Promise<string> {
  return /^[0-9a-f]{32}$/.test(word) ? word : fullName(await allVersions(cordon, merchant), word);
}

function fullName(versions: readonly Version[], word: string): string {
  const names = new Set(versions.flatMap(({ version }) => (version?.startsWith(word) === true ? [version] : [])));
  const [name] = names;
  if (name === undefined) throw new UsageError('There is no such version: see cordon versions.');
  if (names.size > 1) throw new UsageError('More than one version begins so: give more of it.');
  return name;
}

function sayVersions(versions: readonly Version[]): Said {
  const rows = versions
    .slice(0, shownAtOnce)
    .map(({ version, in_force, since, who, restores }) => [
      in_force ? '*' : '',
      version === null ? '(deleted)' : version,
      timeOf(since),
      restores === null ? who : `${who}\nrestored it`,
    ]);
  const rest = versions.length > shownAtOnce ? `and ${versions.length - shownAtOnce} older ones\n` : '';
  return { json: { versions }, text: `${table(['', 'version', 'in force since', 'by'], rows)}${rest}` };
}

export function sayComparison(compared: Comparison): Said {
  const { differences, count, version } = compared;
  const head = compared.with === null ? `${version} is the first` : `${compared.with} → ${version}`;
  const rest = count > differences.length ? `and ${count - differences.length} more\n` : '';
  const body = count === 0 ? 'Nothing differs.\n' : `${differences.map(lineOf).join('')}${rest}`;
  return { json: compared, text: `${head}\n${body}` };
}

// Colours where somebody looks, and not where NO_COLOR says so: `styleText` knows.
function lineOf({ path, ...values }: Difference): string {
  const side = (mark: '-' | '+', value: unknown) =>
    value === undefined ? '' : `${styleText(mark === '-' ? 'red' : 'green', `${mark} ${shortOf(value)}`)}\n`;
  return `${styleText('bold', visible(path) || '(the whole)')}\n${side('-', values.before)}${side('+', values.after)}`;
}

function shortOf(value: unknown): string {
  const text = visible(JSON.stringify(value));
  return text.length > valueLimit ? `${text.slice(0, valueLimit)}…` : text;
}

/** The newest of them; whoever wants all of them asks for CSV, or by times. */
const changesShown = 500;

function newestChanges(merchant: string | undefined, filter: ChangeWords, cordon: Cordon): Promise<ChangePage> {
  const query = { ...filter, limit: changesShown };
  return merchant === undefined ? cordon.changes.listAll(query) : cordon.changes.list(merchant, query);
}

function sayChanges({ changes, next_cursor }: ChangePage): Said {
  const rows = changes.map(({ at, merchant, who, what, before, after }) => [
    timeOf(at),
    merchant ?? '(all)',
    who,
    what,
    [before, after].map(briefOf).filter(Boolean).join('\n→ '),
  ]);
  const rest = next_cursor === null ? '' : `and older ones: give --to ${changes.at(-1)?.at}\n`;
  const text =
    changes.length === 0
      ? 'Nothing was changed.\n'
      : `${table(['when', 'merchant', 'who', 'what', 'before → after'], rows)}${rest}`;
  return { json: { changes, next_cursor }, text };
}

const briefLimit = 100;

function briefOf(value: unknown): string {
  if (value === null) return '';
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return text.length > briefLimit ? `${text.slice(0, briefLimit)}…` : text;
}
