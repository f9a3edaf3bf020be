// The commands about the record: what they ask of Cordon, and the files that they write.

import type { Cordon, RecordedDecision } from '../../src/client/client.ts';
import type { Said } from './answers.ts';
import { sayDecisions, sayExplanation } from './record-answers.ts';
import type { FileWanted, RecordCommand } from './record-arguments.ts';
import { sayStats } from './stats-answers.ts';
import { UsageError } from './usage.ts';
import type { World } from './world.ts';

const pageSize = 1000;
const tickMs = 500;

export async function obeyRecord(command: RecordCommand, cordon: Cordon, world: World): Promise<Said> {
  const { merchant } = command;
  switch (command.kind) {
    case 'decisions':
      return command.file === undefined ? listed(command, cordon) : saved(command, command.file, { cordon, world });
    case 'explain':
      return sayExplanation(await cordon.record.explain(merchant, command.evaluation));
    case 'stats':
      return sayStats(merchant, await cordon.record.stats(merchant, command.question));
  }
}

type Decisions = Extract<RecordCommand, { kind: 'decisions' }>;

async function listed({ merchant, filter, limit }: Decisions, cordon: Cordon): Promise<Said> {
  const decisions: RecordedDecision[] = [];
  let cursor: string | null = null;
  do {
    const page = await cordon.record.list(merchant, {
      ...filter,
      cursor,
      limit: Math.min(pageSize, limit - decisions.length),
    });
    decisions.push(...page.decisions);
    cursor = page.next_cursor;
  } while (cursor !== null && decisions.length < limit);
  return sayDecisions(decisions, cursor);
}

/** A file gets its name when it is whole. */
async function saved(
  { merchant, filter }: Decisions,
  { format, path }: FileWanted,
  { cordon, world }: { cordon: Cordon; world: World },
): Promise<Said> {
  const sink = openSink(path, world);
  let bytes = 0;
  let toldAt = 0;
  try {
    for await (const piece of cordon.record.file(merchant, { ...filter, format })) {
      sink.write(piece);
      bytes += piece.byteLength;
      if (world.isWatched && path !== '-' && Date.now() - toldAt > tickMs) {
        toldAt = Date.now();
        world.complain(`\r${path}: ${megabytes(bytes)} …`);
      }
    }
    sink.finish();
  } catch (error) {
    sink.abandon();
    throw error;
  } finally {
    if (toldAt > 0) world.complain('\r\u001b[K');
  }
  const said = { file: path, format, bytes };
  return path === '-' ? { json: undefined, text: '' } : { json: said, text: `${path}: ${megabytes(bytes)}.\n` };
}

function openSink(path: string, world: World) {
  try {
    return world.openFile(path);
  } catch (error) {
    throw new UsageError(`The file cannot be written: ${(error as NodeJS.ErrnoException).code ?? 'unknown reason'}.`);
  }
}

function megabytes(bytes: number): string {
  return `${(bytes / 1e6).toFixed(1)} MB`;
}
