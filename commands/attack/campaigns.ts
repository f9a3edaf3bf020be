// The four campaigns of the attack, and how many failures a working guard lets through in each.
// A plan is made once and run twice, so that both runs try the same cards from the same addresses.

import type { GuardConfig } from '../demo-merchant.ts';
import { drawAddress, drawAddresses } from './addresses.ts';
import { makeCvcGuesses, makeLeakedList, repeatDeadCard, type TriedCard } from './cards.ts';

export interface Attempt {
  address: string;
  card: TriedCard;
}

export interface Campaign {
  name: string;
  attempts: Attempt[];
  /** Attempts in flight at once. */
  parallel: number;
  /** Failures that the demo merchant's rules let reach the processor; `unlimited` where no rule is against it yet. */
  failureLimit: number | 'unlimited';
}

export function planCampaigns(config: GuardConfig): Campaign[] {
  return [
    {
      name: 'One address, many cards',
      attempts: sendFrom([drawAddress()], makeLeakedList(120)),
      parallel: 8,
      failureLimit: config.guest_ip_blocking_threshold,
    },
    {
      name: 'CVC guessing',
      attempts: sendFrom(drawAddresses(8), makeCvcGuesses(300)),
      parallel: 20,
      failureLimit: config.guest_user_card_blocking_threshold,
    },
    {
      name: 'Parallel burst',
      attempts: sendFrom([drawAddress()], repeatDeadCard(50)),
      parallel: 50,
      failureLimit: config.card_ip_blocking_threshold,
    },
    {
      name: 'Rotating addresses ¹',
      attempts: sendFrom(drawAddresses(60), makeLeakedList(60)),
      parallel: 8,
      failureLimit: 'unlimited',
    },
  ];
}

export const footnote =
  '¹ One try per card, each from a new address: the four classic rules count nothing twice here and do not stop it.\n' +
  '  Velocity rules and attack mode do (docs/velocity.md, docs/attack-mode.md); this shop has neither.';

function sendFrom(addresses: readonly string[], cards: readonly TriedCard[]): Attempt[] {
  return cards.map((card, index) => ({ card, address: addresses[index % addresses.length] ?? drawAddress() }));
}
