/**
 * What the recommended rules touch for a guest with an e-mail and a device, written down without the work that leads to
 * it in Cordon: the three classic counters, and nine of the set's.
 */
import { digest } from '../../../src/attempt/card-fingerprint.ts';
import type { HeldStream } from '../../../src/attempt/held-stream.ts';
import type { AdmitRequest } from '../../../src/gate/gate-messages.ts';
import type { Touch } from '../../../src/velocity/touch.ts';
import { classicTouches, digestKey, fingerprint, paymentIn, request } from './payment.ts';

/** A payer's digests, each keyed, and the first digits of the card. */
export interface Payer {
  readonly card: string;
  readonly email: string;
  readonly device: string;
  readonly digits: string;
}

type Rule = Pick<Touch, 'rule' | 'limit' | 'windowSeconds' | 'count' | 'declineReasons' | 'then' | 'inFlight'> & {
  readonly keyedAs: string;
};

const HOUR = 3_600;
const DAY = 86_400;
const LONGEST_BLOCK = 604_800;
const ASK = { then: 'challenge', inFlight: 'ignore' } as const;

/** As `"velocity": "recommended"` ships (src/velocity/recommended-rules.ts). */
const CVC: Rule = rule('cvc_per_card', 'failures~:card', {
  limit: 4,
  windowSeconds: DAY,
  declineReasons: ['incorrect_cvc'],
});
const IP_BLOCK = cards('cards_per_ip_block', 'ip', { limit: 10, windowSeconds: HOUR });
const IP = cards('cards_per_ip', 'ip', { limit: 4, windowSeconds: HOUR, ...ASK });
const IP_DAYS = cards('cards_per_ip_days', 'ip', { limit: 6, windowSeconds: 3 * DAY, ...ASK });
const PREFIX = cards('cards_per_ip_prefix', 'ip_prefix', { limit: 20, windowSeconds: HOUR, ...ASK });
const EMAIL = cards('cards_per_email', 'email', { limit: 4, windowSeconds: DAY, ...ASK });
const DEVICE = cards('cards_per_device', 'device', { limit: 4, windowSeconds: DAY, ...ASK });
const BIN = rule('failures_per_bin', 'weighted_failures~:bin', {
  count: 'weighted_failures',
  limit: 30,
  windowSeconds: 600,
  ...ASK,
});

/** The digests one after the other, as from Cordon. An e-mail is taken as it is written. */
export async function payerIn(held: HeldStream): Promise<Payer> {
  const { digits, email, deviceId } = paymentIn(held);
  const card = await fingerprint(digits);
  const key = await digestKey();
  const mailbox = `em_${(await digest(email, 'email', key)).slice(0, 22)}`;
  const device = `de_${(await digest(deviceId, 'device', key)).slice(0, 22)}`;
  return { card, email: mailbox, device, digits };
}

export function admission(evaluation: string, { card, email, device, digits }: Payer, ip: string): AdmitRequest {
  const prefix = `${ip.slice(0, ip.lastIndexOf('.'))}.0/24`;
  const items = [card];
  const touches = [
    ...classicTouches(card, ip),
    touch(CVC, card),
    touch(IP_BLOCK, ip, items),
    touch(IP, ip, items),
    touch(IP_DAYS, ip, items),
    touch(PREFIX, prefix, items),
    touch(EMAIL, email, items),
    touch(DEVICE, device, items),
    touch(BIN, `bin:${digits.slice(0, 6)}`),
    touch(BIN, `bin:${digits.slice(0, 8)}`),
  ];
  return request(evaluation, card, touches);
}

function cards(name: string, by: string, rest: Pick<Rule, 'limit' | 'windowSeconds'> & Partial<Rule>): Rule {
  return rule(name, `distinct_cards~:${by}`, { count: 'distinct_cards', ...rest });
}

function rule(name: string, counts: string, rest: Pick<Rule, 'limit' | 'windowSeconds'> & Partial<Rule>): Rule {
  return { rule: name, keyedAs: `${name}:${counts}`, ...rest };
}

/** A literal: what is undefined is not in the text. */
function touch(one: Rule, identity: string, items?: readonly string[]): Touch {
  return {
    rule: one.rule,
    key: `["${one.keyedAs}","${identity}"]`,
    formerKeys: [],
    limit: one.limit,
    windowSeconds: one.windowSeconds,
    maxBlockSeconds: LONGEST_BLOCK,
    part: 'check',
    mode: 'enforce',
    count: one.count,
    items,
    declineReasons: one.declineReasons,
    slides: true,
    then: one.then,
    inFlight: one.inFlight,
  } as Touch;
}
