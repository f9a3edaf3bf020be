// `origin`: how a merchant's servers stand, and the switch that keeps traffic from some of them.

import type { Cordon, OriginDrain, OriginPlace, OriginPosition } from '../../src/client/client.ts';
import { type Said, table, timeOf, visible } from './answers.ts';
import type { OriginOrder } from './origin-words.ts';

export async function obeyOrigin(command: OriginOrder, cordon: Cordon): Promise<Said> {
  const { merchant } = command;
  switch (command.order) {
    case 'show':
      return say(merchant, (await cordon.switches.get(merchant)).origin);
    case 'drain': {
      const { target: drain, until, reason } = command;
      return say(merchant, await cordon.switches.turnDrain(merchant, { drain, until, reason }));
    }
    case 'undrain': {
      const { target: undrain, reason } = command;
      return say(merchant, await cordon.switches.turnDrain(merchant, { undrain, reason }));
    }
  }
}

function say(merchant: string, origin: OriginPosition | null): Said {
  const json = { merchant, origin };
  if (origin === null) return { json, text: 'It has no servers here, or the gate does not answer.\n' };
  return { json, text: placeTable(origin.places) + origin.drains.map(drainLine).join('') };
}

function placeTable(places: readonly OriginPlace[]): string {
  const rows = places.map(({ place, country, priority, weight, state, since, why }) => [
    place,
    country ?? '',
    String(priority),
    String(weight),
    state,
    since === null ? '' : `${why ?? ''} since ${timeOf(since)}`,
  ]);
  return table(['place', 'country', 'priority', 'weight', 'state', ''], rows);
}

function drainLine({ country, place, until, reason, turned_at, turned_by }: OriginDrain): string {
  const end = until === null ? 'until somebody lifts it' : `until ${timeOf(until)}`;
  const name = country ?? place ?? '';
  return `${visible(`${name} is drained ${end}. Turned by ${turned_by}, ${timeOf(turned_at)}: ${reason}`)}\n`;
}
