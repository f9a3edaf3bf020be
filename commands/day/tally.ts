// Who came, and how many of them each layer let through.

import type { Access } from './access.ts';

export interface Row {
  kind: string;
  isMalicious: boolean;
  sent: number;
  /** One for each layer. */
  passed: number[];
}

export class Tally {
  readonly #rows = new Map<string, Row>();

  constructor(accesses: readonly Access[], layers: number) {
    for (const { kind, isMalicious } of accesses) {
      const row = this.#rows.get(kind) ?? { kind, isMalicious, sent: 0, passed: Array<number>(layers).fill(0) };
      row.sent += 1;
      this.#rows.set(kind, row);
    }
  }

  /** An access got through the layer with this number. */
  pass({ kind }: Access, layer: number): void {
    const row = this.#rows.get(kind);
    if (row !== undefined) row.passed[layer] = (row.passed[layer] ?? 0) + 1;
  }

  rows(): Row[] {
    return [...this.#rows.values()];
  }
}
