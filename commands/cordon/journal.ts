// Looking after the record: what it could not take in, trying that again, and comparing it with a merchant's gate.

import type { Cordon, DeadLetter } from '../../src/client/client.ts';
import { type Said, table, timeOf } from './answers.ts';
import type { Command } from './arguments.ts';

type JournalCommand = Extract<Command, { kind: `journal ${string}` }>;

export async function obeyJournal(command: JournalCommand, cordon: Cordon): Promise<Said> {
  switch (command.kind) {
    case 'journal dead':
      return sayDead(await allLetters(cordon));
    case 'journal replay':
      return replayAll(cordon);
    case 'journal reconcile':
      return reconcileAll(cordon, command.merchant);
  }
}

async function allLetters(cordon: Cordon): Promise<readonly DeadLetter[]> {
  const letters: DeadLetter[] = [];
  let cursor: string | null = null;
  do {
    const page = await cordon.journal.deadLetters({ cursor });
    letters.push(...page.dead_letters);
    cursor = page.next_cursor;
  } while (cursor !== null);
  return letters;
}

function sayDead(letters: readonly DeadLetter[]): Said {
  const rows = letters.map(({ id, kept_at, expires_at, entries, why }) => [
    id,
    timeOf(kept_at),
    timeOf(expires_at),
    String(entries),
    why,
  ]);
  const text =
    letters.length === 0 ? 'Nothing was left out.\n' : table(['message', 'since', 'until', 'entries', 'why'], rows);
  return { json: { dead_letters: letters }, text };
}

async function replayAll(cordon: Cordon): Promise<Said> {
  const left: { id: string; why: string }[] = [];
  let replayed = 0;
  let cursor: string | null = null;
  do {
    const page = await cordon.journal.replay({ cursor });
    replayed += page.replayed;
    left.push(...page.left);
    cursor = page.next_cursor;
  } while (cursor !== null);
  const rows = left.map(({ id, why }) => [id, why]);
  const rest = left.length === 0 ? '' : `Not taken in:\n${table(['message', 'why'], rows)}`;
  return { json: { replayed, left }, text: `${replayed} messages were taken in.\n${rest}` };
}

async function reconcileAll(cordon: Cordon, merchant: string): Promise<Said> {
  const sum = { checked: 0, decisions_added: 0, outcomes_added: 0, outcomes_removed: 0 };
  let cursor: string | null = null;
  do {
    const { next_cursor, ...found } = await cordon.journal.reconcile(merchant, { cursor });
    for (const [name, count] of Object.entries(found)) sum[name as keyof typeof sum] += count;
    cursor = next_cursor;
  } while (cursor !== null);
  const { checked, decisions_added: decisions, outcomes_added: outcomes, outcomes_removed: removed } = sum;
  const text = `${checked} lines of the gate compared: ${decisions} decisions and ${outcomes} outcomes were missing and are in now, ${removed} moved.\n`;
  return { json: sum, text };
}
