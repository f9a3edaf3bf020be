// `attack`: what of a merchant is attacked, and the panic button. What it asks of Cordon, and what it says.

import type { AttackedSegment, AttackMode, Cordon } from '../../src/client/client.ts';
import { type Said, table, timeOf, visible } from './answers.ts';
import type { AttackOrder } from './attack-words.ts';

export async function obeyAttack(command: AttackOrder, cordon: Cordon): Promise<Said> {
  const { merchant, reason } = command;
  switch (command.order) {
    case 'show': {
      const { attack_mode: mode } = await cordon.switches.get(merchant);
      return mode === null ? sayUnknown(merchant) : say(merchant, mode);
    }
    case 'auto':
      return say(merchant, await cordon.switches.turnAttackMode(merchant, { attack_mode: 'auto', reason }));
    case 'on':
    case 'off': {
      const { order, until } = command;
      return say(merchant, await cordon.switches.turnAttackMode(merchant, { attack_mode: order, until, reason }));
    }
  }
}

function sayUnknown(merchant: string): Said {
  const text = 'The gate does not answer: nobody else knows what is attacked.\n';
  return { json: { merchant, attack_mode: null }, text };
}

function say(merchant: string, mode: AttackMode): Said {
  const { segments } = mode;
  const seen = segments.length === 0 ? 'The watch sees no attack.\n' : segmentTable(segments);
  return { json: { merchant, attack_mode: mode }, text: `${visible(wordOf(merchant, mode))}\n${seen}` };
}

const meaning = {
  on: 'every stranger is asked for a challenge',
  off: 'nobody is asked for a challenge, whatever is attacked',
  auto: 'nothing was said by hand, the watch alone says',
} as const;

function wordOf(merchant: string, { state, until, reason, turned_by, turned_at }: AttackMode): string {
  const word = `${merchant}: attack mode is ${state}: ${meaning[state]}.`;
  if (state === 'auto') return word;
  const end = until === null ? `Until somebody says: attack ${merchant} auto` : `Until ${timeOf(until)}`;
  return `${word}\n${end}. Turned by ${turned_by ?? 'nobody known'}, ${timeOf(turned_at)}: ${reason ?? ''}`;
}

function segmentTable(segments: readonly AttackedSegment[]): string {
  const rows = segments.map(({ segment, level, since, seen_at, attempts, failures, usual_share }) => [
    segment,
    level === 'elevated' ? 'suspicious' : 'under attack',
    timeOf(since),
    timeOf(seen_at),
    `${Math.round(failures * 10) / 10} of ${attempts}`,
    `${Math.round(usual_share * 100)}%`,
  ]);
  return table(['segment', 'level', 'since', 'last seen', 'failed of tried', 'usual'], rows);
}
