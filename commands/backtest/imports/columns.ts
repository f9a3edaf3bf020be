// What the operator says about columns that no processor writes by itself: an address that the shop keeps as metadata.

export interface Columns {
  readonly ip: readonly string[];
  readonly card: readonly string[];
  readonly bin: readonly string[];
  readonly session: readonly string[];
  readonly device: readonly string[];
}

export type ColumnOption = keyof Columns;
export const columnOptions = ['ip', 'card', 'bin', 'session', 'device'] as const satisfies readonly ColumnOption[];
