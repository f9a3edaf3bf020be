/**
 * Many items at once: what is good goes in, lot by lot, and what is not is reported by its line. The same file again
 * changes nothing but who wrote it last.
 */
import { holdsCardNumber } from '../attempt/card-number.ts';
import type { Policy } from '../config/policy.ts';
import type { ListsWord, NewItem } from '../gate/list-messages.ts';
import { ITEMS_LIMIT, type ListName } from '../lists/item.ts';
import { type Header, linesOf, type Row, readHeader, readRow } from './list-csv.ts';
import { keptValue } from './list-items.ts';
import { expirySchema, reasonSchema, typeSchema } from './list-schemas.ts';
import type { Lists } from './lists.ts';

/** The gate takes some five milliseconds for as many, and payments wait for it meanwhile. */
const LOT = 500;
const REPORTED_LIMIT = 1_000;

export interface Importing {
  readonly list: ListName;
  readonly policy: Policy;
  readonly actor: string;
  /** For lines that say nothing of their own. */
  readonly reason: string | undefined;
  readonly expiresAt: number | null;
  /** Looks at every line and puts nothing. */
  readonly isTrial: boolean;
  /** ms since the epoch. */
  readonly now: number;
}

export interface BadLine {
  readonly line: number;
  readonly message: string;
}

/** `lines`: the first thousand that were not taken; `refused`: how many there were. */
export interface Imported {
  readonly added: number;
  readonly updated: number;
  readonly refused: number;
  readonly lines: readonly BadLine[];
  readonly dry_run: boolean;
  /** False where the gate stopped answering, or there was no room: what follows was not looked at. */
  readonly is_complete: boolean;
}

export type ImportResult =
  | { readonly ok: true; readonly imported: Imported }
  | { readonly ok: false; readonly message: string };

export async function importItems(text: string, importing: Importing, lists: Lists): Promise<ImportResult> {
  const lines = linesOf(text);
  const header = readHeader(lines[0] ?? '');
  if (!header.ok) return header;
  if (lines.length > ITEMS_LIMIT + 2) return { ok: false, message: `holds more than ${ITEMS_LIMIT} lines` };
  const tally = new Tally(importing.isTrial);
  let word: ListsWord | null = null;
  for (let from = 1; from < lines.length && tally.goesOn; from += LOT) {
    const rows = rowsOf(lines.slice(from, from + LOT), from + 1, header);
    const looked = await Promise.all(rows.map((row) => itemIn(row, importing)));
    const good = tally.note(looked);
    if (good.length > 0) word = (await putLot(good, importing, { lists, tally })) ?? word;
  }
  await lists.tellKv(importing.policy, word);
  return { ok: true, imported: tally.imported };
}

async function putLot(
  good: readonly NewItem[],
  { list, policy, actor, isTrial }: Importing,
  { lists, tally }: { readonly lists: Lists; readonly tally: Tally },
): Promise<ListsWord | null> {
  // Of an item that stands there twice the last word counts.
  const items = [...new Map(good.map((item) => [`${item.type} ${item.value}`, item])).values()];
  if (isTrial) {
    tally.add(items.length, 0);
    return null;
  }
  const put = await lists.put(policy, { list, actor, items });
  if (put === null || put.kind === 'full') {
    tally.stop(put === null ? 'the gate did not answer' : `there is no room: ${ITEMS_LIMIT} items at most`);
    return null;
  }
  tally.add(put.added, put.updated);
  return put.word;
}

function rowsOf(lines: readonly string[], first: number, header: Extract<Header, { ok: true }>): readonly Row[] {
  return lines.map((line, at) => readRow(line, first + at, header)).filter((row) => row !== null);
}

type Looked = { readonly line: number; readonly item: NewItem } | BadLine;

async function itemIn(row: Row, { list, policy, reason, expiresAt, now }: Importing): Promise<Looked> {
  const { line } = row;
  if (!row.ok) return { line, message: row.message };
  const { type: typed = '', value: written = '', reason: why, expires_at: until } = row.cells;
  const type = typeSchema.safeParse(typed);
  if (!type.success) return { line, message: told('type', type.error) };
  if (Object.values(row.cells).some((cell) => holdsCardNumber(cell ?? '', '/card') && !isOwn(cell))) {
    return { line, message: 'holds what looks like a card number' };
  }
  const said = reasonSchema.safeParse(why === undefined || why === '' ? reason : why);
  if (!said.success) return { line, message: told('reason', said.error) };
  const end = until === undefined || until === '' ? null : expirySchema.safeParse(until);
  if (end?.success === false) return { line, message: told('expires_at', end.error) };
  const ends = end === null ? expiresAt : Date.parse(end.data);
  if (ends !== null && ends <= now) return { line, message: 'expires_at must be in the future' };
  const kept = await keptValue(type.data, written, list, policy);
  if (!kept.ok) return { line, message: `value ${kept.message}` };
  return { line, item: { type: type.data, value: kept.value, label: kept.label, reason: said.data, expiresAt: ends } };
}

/** Cordon's own fingerprints and times are long, and no cards. */
function isOwn(cell = ''): boolean {
  return /^(?:fp|pf|tk|at)_[\w-]{43}$/.test(cell) || expirySchema.safeParse(cell).success;
}

function told(column: string, { issues }: { readonly issues: readonly { readonly message: string }[] }): string {
  return `${column} ${issues[0]?.message ?? 'is not valid'}`;
}

class Tally {
  readonly #isTrial: boolean;
  readonly #lines: BadLine[] = [];
  #added = 0;
  #updated = 0;
  #refused = 0;
  #lastLine = 1;
  goesOn = true;

  constructor(isTrial: boolean) {
    this.#isTrial = isTrial;
  }

  /** Those that are good. */
  note(looked: readonly Looked[]): readonly NewItem[] {
    for (const one of looked) {
      this.#lastLine = one.line;
      if ('message' in one) this.#refuse(one);
    }
    return looked.flatMap((one) => ('item' in one ? [one.item] : []));
  }

  add(added: number, updated: number): void {
    this.#added += added;
    this.#updated += updated;
  }

  stop(message: string): void {
    this.goesOn = false;
    this.#refuse({ line: this.#lastLine, message: `up to this line, ${LOT} at most: ${message}` });
  }

  get imported(): Imported {
    return {
      added: this.#added,
      updated: this.#updated,
      refused: this.#refused,
      lines: this.#lines,
      dry_run: this.#isTrial,
      is_complete: this.goesOn,
    };
  }

  #refuse(line: BadLine): void {
    this.#refused++;
    if (this.#lines.length < REPORTED_LIMIT) this.#lines.push(line);
  }
}
