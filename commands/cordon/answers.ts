// What a command found, as a table for people; JSON is the answer as it came.

import { styleText } from 'node:util';
import Table from 'cli-table3';
import type { Fault, Hold, Key, Lifted, NewKey } from '../../src/client/client.ts';

export interface Said {
  /** For `--json`. */
  json: unknown;
  text: string;
}

const fingerprintShown = 12;

export function sayKeys(keys: readonly Key[]): Said {
  const rows = keys.map((key) => [
    key.id,
    key.name ?? '',
    key.scopes.join(', '),
    timeOf(key.created_at),
    key.created_by ?? '',
  ]);
  const text = keys.length === 0 ? 'No keys.\n' : table(['id', 'name', 'scopes', 'created', 'by'], rows);
  return { json: { keys }, text };
}

export function sayNewKey(key: NewKey): Said {
  const rows = [
    ['id', key.id],
    ['key', key.key],
    ['scopes', key.scopes.join(', ')],
  ];
  return { json: key, text: `${table([], rows)}The key is shown here once: keep it where you keep secrets.\n` };
}

export function sayBlocks(blocks: readonly Hold[]): Said {
  return { json: { blocks }, text: blocks.length === 0 ? 'Nothing is shut.\n' : holdTable(blocks) };
}

export function sayLifted({ lifted, count, shared_holds: shared = [] }: Lifted): Said {
  const rest = count > lifted.length ? `and ${count - lifted.length} more\n` : '';
  const text = count === 0 ? 'Nothing held this payer.\n' : `Lifted:\n${holdTable(lifted)}${rest}`;
  const others =
    shared.length === 0 ? '' : `Held with others, and left (DELETE …/blocks/ID lifts one):\n${holdTable(shared)}`;
  return { json: { lifted, count, shared_holds: shared }, text: `${text}${others}` };
}

export function sayFaults(faults: readonly Fault[]): string {
  return table(
    ['path', 'fault'],
    faults.map(({ path, message }) => [path || '(the whole)', message]),
  );
}

function holdTable(holds: readonly Hold[]): string {
  const rows = holds.map((hold) => [
    hold.id,
    hold.mode === 'enforce' ? hold.rule : `${hold.rule}\n(${hold.mode})`,
    whoOf(hold),
    hold.state === 'in_flight' ? 'in flight' : `${hold.failures} of ${hold.limit}`,
    timeOf(hold.until),
  ]);
  return table(['block', 'rule', 'who', 'failures', 'until'], rows);
}

// The fingerprint is long, and says nothing to people but whether two are the same.
function whoOf({ card, ip, customer_id }: Hold): string {
  const parts = [card && `card ${card.slice(0, fingerprintShown)}…`, ip, customer_id && `customer ${customer_id}`];
  return parts.filter(Boolean).join('\n');
}

export function timeOf(time: string | null): string {
  return time === null ? '' : time.replace('T', ' ').replace(/\.\d+Z$/, 'Z');
}

export function table(head: string[], rows: string[][]): string {
  // No colours of the table's own: `styleText` knows about NO_COLOR and terminals, it does not.
  const bold = head.map((title) => styleText('bold', visible(title)));
  const made = new Table({ ...(head.length > 0 && { head: bold }), style: { head: [], border: [] } });
  made.push(...rows.map((row) => row.map(visible)));
  return `${made.toString()}\n`;
}

/** What others wrote, as a terminal may show it: a customer id or a name may hold what it would obey. */
export function visible(text: string): string {
  return text.replaceAll(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu, (character) => (character === '\n' ? character : '�'));
}
