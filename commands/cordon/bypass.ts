// `bypass`: a merchant's payments go on unjudged, for a while. What it asks of Cordon, and what it says.

import type { Bypass, Cordon, Turn } from '../../src/client/client.ts';
import { type Said, table, timeOf } from './answers.ts';
import type { BypassOrder } from './operation-words.ts';
import type { World } from './world.ts';

const minuteMs = 60_000;

export async function obeyBypass(command: Exclude<BypassOrder, { order: 'rehearse' }>, cordon: Cordon): Promise<Said> {
  switch (command.order) {
    case 'list':
      return sayBypasses(await allBypasses(cordon));
    case 'show': {
      const { bypass } = await cordon.switches.get(command.merchant);
      return sayBypasses([{ merchant: command.merchant, bypass }]);
    }
    case 'begin': {
      const { merchant, minutes, reason } = command;
      const until = new Date(Date.now() + minutes * minuteMs).toISOString();
      return sayTurn(merchant, await cordon.switches.turn(merchant, { bypass: 'on', until, reason }));
    }
    case 'end': {
      const { merchant, reason } = command;
      return sayTurn(merchant, await cordon.switches.turn(merchant, { bypass: 'off', reason }));
    }
  }
}

/** On standard error, for whoever looks at something else: what is shown there is not in force. */
export async function warnOfBypass(merchant: string, cordon: Cordon, { complain }: World): Promise<void> {
  // Of a Cordon of an earlier release, or one whose gate is away, what was asked for is shown all the same.
  const { bypass } = await cordon.switches.get(merchant).catch(() => ({ bypass: null }));
  if (bypass?.state === 'on')
    complain(`! ${merchant} is bypassed until ${timeOf(bypass.until)}: nothing is refused.\n`);
}

interface Bypassed {
  merchant: string;
  bypass: Bypass;
}

async function allBypasses(cordon: Cordon): Promise<Bypassed[]> {
  const found: Bypassed[] = [];
  for (const merchant of await cordon.merchants.list()) {
    const { bypass } = await cordon.switches.get(merchant);
    if (bypass.state === 'on') found.push({ merchant, bypass });
  }
  return found;
}

function sayBypasses(all: readonly Bypassed[]): Said {
  const json = { bypasses: all.map(({ merchant, bypass }) => ({ merchant, ...bypass })) };
  const on = all.filter(({ bypass }) => bypass.state === 'on');
  const rows = on.map(({ merchant, bypass }) => [
    merchant,
    timeOf(bypass.until),
    bypass.reason ?? '',
    bypass.turned_by ?? '',
    timeOf(bypass.turned_at),
  ]);
  const text = on.length === 0 ? 'Nothing is bypassed.\n' : table(['merchant', 'until', 'reason', 'by', 'since'], rows);
  return { json, text };
}

function sayTurn(merchant: string, { bypass, heard }: Turn): Said {
  const what =
    bypass.state === 'on'
      ? `${merchant} is bypassed until ${timeOf(bypass.until)}: its payments go on unjudged.`
      : `${merchant} is guarded again.`;
  const when = heard.gate
    ? 'In force everywhere within seconds.'
    : 'The gate did not answer: KV tells everybody within a minute and a half.';
  const missed = heard.kv ? '' : 'KV did not take it: should the gate fail, say it again.\n';
  return { json: { merchant, bypass, heard }, text: `${what}\n${when}\n${missed}` };
}
