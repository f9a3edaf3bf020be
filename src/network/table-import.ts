/**
 * From text to a table: lines are read as they come, bad ones counted and the first few named. A text that is not what
 * it was said to be makes no table. Pure.
 */
import { holdsCardNumber } from '../attempt/card-number.ts';
import type { PrefixTable } from './address-set.ts';
import { createBinReader } from './bin-text.ts';
import { readClassLine } from './class-text.ts';
import { readFeedLine, type TableLine } from './feed-text.ts';
import { LINE_LIMIT, LineCutter } from './line-cutter.ts';
import { type LaidPrefixes, PrefixPile } from './prefix-layers.ts';
import { DEFAULT_SCORE, type Table, type TableKind } from './table.ts';

/** Prefixes and networks. Of the widest, IPv6, they take 34 MB while they are laid. */
export const ENTRY_LIMIT = 1_000_000;
const NAMES_LIMIT = 255;
const NAMED_FAULTS = 5;
const QUOTED_CHARACTERS = 40;

export interface LineFault {
  /** From 1. */
  readonly line: number;
  readonly why: string;
  /** The beginning of the line, without control characters; empty where it could be a card number. */
  readonly text: string;
}

export interface ReadingReport {
  /** Lines that were taken. */
  readonly entries: number;
  readonly badLines: number;
  /** The first few. */
  readonly faults: readonly LineFault[];
}

export type ImportResult =
  | { readonly ok: true; readonly table: Table; readonly report: ReadingReport }
  | { readonly ok: false; readonly because: 'empty' | 'unreadable' | 'too_many'; readonly report: ReadingReport };

export interface ImportOptions {
  readonly kind: TableKind;
  /** Of lines that name none; 0 to 100. */
  readonly score?: number | undefined;
}

export class TableImport {
  readonly #kind: TableKind;
  readonly #score: number;
  readonly #cutter = new LineCutter((line, number) => this.#take(line, number));
  readonly #read: (line: string) => TableLine;
  readonly #ipv4 = new PrefixPile(1);
  readonly #ipv6 = new PrefixPile(4);
  readonly #asns = new Map<number, number>();
  readonly #names = new Map<string, number>();
  readonly #faults: LineFault[] = [];
  #entries = 0;
  #badLines = 0;

  constructor({ kind, score = DEFAULT_SCORE }: ImportOptions) {
    this.#kind = kind;
    this.#score = score;
    this.#read = readerOf(kind);
  }

  write(piece: string): void {
    this.#cutter.write(piece);
  }

  end(): ImportResult {
    this.#cutter.end();
    const report = { entries: this.#entries, badLines: this.#badLines, faults: this.#faults };
    if (this.#isFull) return { ok: false, because: 'too_many', report };
    // A page that says that something is wrong may hold a line that looks like an entry.
    if (this.#badLines > this.#entries) return { ok: false, because: 'unreadable', report };
    if (this.#entries === 0) return { ok: false, because: 'empty', report };
    return { ok: true, table: this.#table(), report };
  }

  get #isFull(): boolean {
    return this.#ipv4.count + this.#ipv6.count + this.#asns.size > ENTRY_LIMIT;
  }

  #take(line: string | null, number: number): void {
    if (this.#isFull) return;
    const said = line === null ? overlong : this.#keep(this.#read(line));
    if (said.kind === 'blank') return;
    if (said.kind !== 'bad') {
      this.#entries++;
      return;
    }
    this.#badLines++;
    if (this.#faults.length < NAMED_FAULTS) {
      this.#faults.push({ line: number, why: said.why, text: quoted(line ?? '') });
    }
  }

  #keep(said: TableLine): TableLine {
    if (said.kind === 'blank' || said.kind === 'bad') return said;
    const value = this.#valueOf(said.value);
    if (value === null) return { kind: 'bad', why: `more than ${NAMES_LIMIT} different names` };
    if (said.kind === 'network') {
      const known = this.#asns.get(said.asn);
      const isKept = this.#kind !== 'addresses' || known === undefined || value > known;
      if (isKept) this.#asns.set(said.asn, value);
    } else for (const prefix of said.prefixes) (prefix.words.length === 1 ? this.#ipv4 : this.#ipv6).add(prefix, value);
    return said;
  }

  #valueOf(said: number | string | null): number | null {
    if (typeof said !== 'string') return said ?? this.#score;
    const known = this.#names.get(said);
    if (known !== undefined) return known;
    if (this.#names.size >= NAMES_LIMIT) return null;
    this.#names.set(said, this.#names.size);
    return this.#names.size - 1;
  }

  #table(): Table {
    const tie = this.#kind === 'addresses' ? 'highest' : 'last';
    const [ipv4, ipv6] = [this.#ipv4.lay(tie), this.#ipv6.lay(tie)];
    const asns = Uint32Array.from(this.#asns.keys()).sort();
    return {
      kind: this.#kind,
      prefixes: { ipv4: placesOf(ipv4), ipv6: placesOf(ipv6) },
      values: joined(ipv4, ipv6),
      asns,
      asnValues: Uint8Array.from(asns, (asn) => this.#asns.get(asn) ?? 0),
      names: [...this.#names.keys()],
    };
  }
}

const overlong: TableLine = { kind: 'bad', why: `longer than ${LINE_LIMIT} characters` };

function readerOf(kind: TableKind): (line: string) => TableLine {
  switch (kind) {
    case 'addresses':
      return readFeedLine;
    case 'networks':
      return readClassLine;
    case 'bins':
      return createBinReader();
  }
}

function placesOf({ starts, lengths }: LaidPrefixes): PrefixTable {
  return { starts, lengths };
}

function joined(ipv4: LaidPrefixes, ipv6: LaidPrefixes): Uint8Array {
  const values = new Uint8Array(ipv4.values.length + ipv6.values.length);
  values.set(ipv4.values);
  values.set(ipv6.values, ipv4.values.length);
  return values;
}

/** Somebody else's text: a terminal must not obey it, and a list of cards that was sent by mistake is not repeated. */
function quoted(line: string): string {
  if (holdsCardNumber(line, '/card')) return '';
  return line.replaceAll(/[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Zl}\p{Zp}]/gu, '\u{FFFD}').slice(0, QUOTED_CHARACTERS);
}
