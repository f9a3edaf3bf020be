// The commands about deny and allow lists: what they ask of Cordon, and what they say.

import type { Cordon, Imported, ListItem, ListItemType, ListName } from '../../src/client/client.ts';
import { type Said, table, timeOf } from './answers.ts';
import type { ListCommand } from './list-words.ts';
import { UsageError } from './usage.ts';
import { readText, type World } from './world.ts';

// One call each: some seconds of the Worker's time, and what is broken off is soon done again.
const linesAtOnce = 10_000;
const shownItems = 1_000;

export async function obeyList(command: ListCommand, cordon: Cordon, world: World): Promise<Said> {
  const { list, merchant } = command;
  switch (command.kind) {
    case 'list show': {
      // Whether a type is one is the server's to say, with the others.
      const query = { type: command.type as ListItemType | undefined, value: command.value, limit: shownItems };
      const { items, next_cursor } = await cordon.lists.items(merchant, list, query);
      return sayItems(items, { list, isMore: next_cursor !== null });
    }
    case 'list add': {
      const { type, value, reason = '', until: expires_at } = command;
      const card = command.card ? { number: await askForNumber(world) } : undefined;
      const item = { type: type as ListItemType, value, card, reason, expires_at };
      return sayItems([await cordon.lists.put(merchant, list, item)], { list, isMore: false });
    }
    case 'list remove':
      await cordon.lists.remove(merchant, list, command.item);
      return { json: { removed: command.item }, text: 'Removed.\n' };
    case 'list import':
      return sayImported(await importFile(command, cordon, world));
  }
}

async function askForNumber(world: World): Promise<string> {
  const number = await world.askForCard();
  if (number === '') throw new UsageError('No card number was given.');
  return number;
}

async function importFile(
  { list, merchant, file, isTrial, reason, until }: Extract<ListCommand, { kind: 'list import' }>,
  cordon: Cordon,
  world: World,
): Promise<Imported> {
  const [header = '', ...lines] = readText(file, world).split(/\r\n|\n|\r/);
  const options = { dryRun: isTrial, reason, expiresAt: until };
  let all: Imported = { added: 0, updated: 0, refused: 0, lines: [], dry_run: isTrial, is_complete: true };
  for (let from = 0; from === 0 || (from < lines.length && all.is_complete); from += linesAtOnce) {
    const csv = [header, ...lines.slice(from, from + linesAtOnce)].join('\n');
    const part = await cordon.lists.importCsv(merchant, list, csv, options);
    all = together(all, part, from);
    show(Math.min(from + linesAtOnce, lines.length), lines.length, world);
  }
  if (world.isWatched) world.complain('\n');
  return all;
}

// Lines are counted as they stand in the file: each part begins with the header again.
function together(all: Imported, part: Imported, from: number): Imported {
  const lines = part.lines.map(({ line, message }) => ({ line: line === 1 ? 1 : line + from, message }));
  return {
    added: all.added + part.added,
    updated: all.updated + part.updated,
    refused: all.refused + part.refused,
    lines: [...all.lines, ...lines],
    dry_run: part.dry_run,
    is_complete: part.is_complete,
  };
}

function show(done: number, total: number, { isWatched, complain }: World): void {
  const width = 30;
  const full = total === 0 ? width : Math.round((width * done) / total);
  if (isWatched) complain(`\r${'█'.repeat(full)}${'░'.repeat(width - full)} ${done}/${total} lines`);
}

function sayItems(items: readonly ListItem[], { list, isMore }: { list: ListName; isMore: boolean }): Said {
  const rows = items.map(({ id, type, value, reason, actor, expires_at }) => [
    id,
    type,
    value,
    reason,
    actor,
    timeOf(expires_at),
  ]);
  const more = isMore ? `The first ${shownItems} are shown: --type and --value find others.\n` : '';
  const text =
    items.length === 0
      ? `Nothing stands on the ${list} list.\n`
      : table(['item', 'type', 'value', 'reason', 'by', 'until'], rows);
  return { json: { items, is_complete: !isMore }, text: `${text}${more}` };
}

function sayImported(imported: Imported): Said {
  const { added, updated, refused, lines, dry_run, is_complete } = imported;
  const done = dry_run ? 'would be added' : 'added';
  const counts = `${added} ${done}, ${updated} were there, ${refused} lines were not taken.\n`;
  const faults =
    lines.length === 0
      ? ''
      : table(
          ['line', 'why'],
          lines.map(({ line, message }) => [String(line), message]),
        );
  const end = is_complete ? '' : 'It stopped before the end of the file: the last line of the table says why.\n';
  return { json: imported, text: `${counts}${faults}${end}` };
}
