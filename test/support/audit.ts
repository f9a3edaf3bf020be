/**
 * The lines that say who changed what, among all that were logged.
 */
export interface AuditLine {
  readonly who: string;
  readonly what: string;
  readonly merchant: string;
  readonly before?: unknown;
  readonly after?: unknown;
}

export function asAuditLines(logged: readonly (readonly unknown[])[]): readonly AuditLine[] {
  const lines = logged.map(([line]) => JSON.parse(String(line)) as AuditLine & { event: string });
  return lines.filter(({ event }) => event === 'audit');
}
