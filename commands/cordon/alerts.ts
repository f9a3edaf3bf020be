// The commands about alerts: what they ask of Cordon, and what they say.

import type { AlertBurst, AlertMessage, AlertOverview, Cordon, SentAlert } from '../../src/client/client.ts';
import { type Said, table, timeOf } from './answers.ts';
import type { Command } from './arguments.ts';

export type AlertCommand = Extract<Command, { kind: 'alerts' | `alerts ${string}` }>;

const shown = 20;

export async function obeyAlerts(command: AlertCommand, cordon: Cordon): Promise<Said> {
  const { merchant } = command;
  switch (command.kind) {
    case 'alerts':
      return sayAlerts(await cordon.alerts.list(merchant));
    case 'alerts test':
      return saySent(await cordon.alerts.test(merchant));
    case 'alerts resend':
      return saySent(await cordon.alerts.resend(merchant, command.message));
  }
}

function sayAlerts(overview: AlertOverview): Said {
  const { receiver, bursts, messages } = overview;
  const whom =
    receiver === null
      ? 'Nobody is alerted: the configuration has no "alerts".\n'
      : `Alerts go to ${receiver.url}${receiver.state === 'gone' ? ', which wants no more (410)' : ''}.\n`;
  const wrong = bursts.length === 0 ? 'Nothing is or was wrong.\n' : burstTable(bursts.slice(0, shown));
  const told = messages.length === 0 ? '' : messageTable(messages.slice(0, shown));
  return { json: overview, text: `${whom}${wrong}${told}` };
}

function burstTable(bursts: readonly AlertBurst[]): string {
  const rows = bursts.map(({ kind, began_at, ended_at, count, summary, docs }) => [
    kind,
    timeOf(began_at),
    ended_at === null ? 'lasts' : timeOf(ended_at),
    String(count),
    `${summary}\n${docs}`,
  ]);
  return table(['kind', 'since', 'over', 'times', 'what'], rows);
}

function messageTable(messages: readonly AlertMessage[]): string {
  const rows = messages.map(({ id, type, state, tries, next_try_at }) => [
    id,
    type,
    next_try_at === null ? state : `${state}\nuntil ${timeOf(next_try_at)}`,
    tries.map(({ at, result, status }) => `${timeOf(at)} ${result}${status === null ? '' : ` ${status}`}`).join('\n'),
  ]);
  return table(['message', 'type', 'state', 'tries'], rows);
}

function saySent(sent: SentAlert): Said {
  const { message, result, status, duration_ms } = sent;
  const answer = status === null ? 'no answer' : `answer ${status}`;
  return { json: sent, text: `${message}: ${result} (${answer}, ${duration_ms} ms)\n` };
}
