// The result of an attack: what both runs of each campaign did, and what the guard did wrong. Pure.

import type { Campaign } from './campaigns.ts';
import type { Tally } from './sender.ts';

export interface CampaignResult {
  campaign: Campaign;
  unguarded: Tally;
  guarded: Tally;
}

export interface HonestPayments {
  before: string;
  after: string;
}

/** Attempts without the guard that the guard would have kept from the processor, in per cent. */
export function stoppedPercent(reachedUnguarded: number, reachedGuarded: number): number {
  if (reachedUnguarded === 0) return 0;
  return Math.round((1 - reachedGuarded / reachedUnguarded) * 1000) / 10;
}

/** Sentences about what went wrong; none when the guard did its work. */
export function listFaults(results: readonly CampaignResult[], honest: HonestPayments): string[] {
  return [...results.flatMap(listCampaignFaults), ...listHonestFaults(honest)];
}

function listCampaignFaults({ campaign, unguarded, guarded }: CampaignResult): string[] {
  const failures = guarded.reached - guarded.answers.succeeded;
  const limit = campaign.failureLimit;
  const faults = [
    ...listSurprises(campaign, 'without the guard', unguarded),
    ...listSurprises(campaign, 'with Cordon', guarded),
  ];
  if (limit !== 'unlimited' && failures > limit) {
    faults.push(
      `${campaign.name}: Cordon let ${failures} failures reach the processor; examples/merchant.json allows ${limit}.`,
    );
  }
  if (unguarded.reached < unguarded.sent) {
    faults.push(
      `${campaign.name}: without the guard only ${unguarded.reached} of ${unguarded.sent} reached the processor.`,
    );
  }
  if (Math.min(unguarded.sent, guarded.sent) < campaign.attempts.length) {
    faults.push(`${campaign.name}: its time was over before all attempts were sent.`);
  }
  return faults;
}

function listSurprises(campaign: Campaign, run: string, tally: Tally): string[] {
  const surprises = Object.entries(tally.surprises);
  return surprises.map(
    ([wording, count]) => `${campaign.name}, ${run}: unexpected answer "${wording}", ${count} times.`,
  );
}

function listHonestFaults(honest: HonestPayments): string[] {
  const moments = Object.entries(honest).filter(([, wording]) => wording !== '200 succeeded');
  return moments.map(([moment, wording]) => `An honest customer could not pay ${moment} the attack: "${wording}".`);
}
