/**
 * Payments for Hyperswitch as JSON in other clothes, and what serde makes of each: Cordon reads it, or refuses it. That
 * serde takes it is shown by serde itself, and once more by actix-web in the record.
 */
import { type Asked, CARD, card, JSON_TYPE, OTHER, PAID, UNREADABLE } from './hyperswitch-asked.ts';

/** What the server is handed; null where serde refuses. */
export type Seen = {
  readonly confirm: boolean | null;
  readonly number: string | null;
  readonly token: string | null;
  readonly recurring: string | null;
  readonly metadata: unknown;
} | null;

export interface Clothes extends Asked {
  /** Null where serde refuses it too; absent where serde is not asked. */
  readonly isTaken?: ((seen: NonNullable<Seen>) => boolean) | null;
}

const data = `"payment_method_data":${card(CARD)}`;
const TOKEN = '"payment_token":"token_1"';

const json = (what: string, body: string, fate: string, isTaken: NonNullable<Clothes['isTaken']> | null): Clothes => ({
  what,
  path: '/payments',
  body,
  type: JSON_TYPE,
  fate,
  isTaken,
});
const byCard = (seen: NonNullable<Seen>) => seen.confirm === true && seen.number === CARD;
const byToken = (seen: NonNullable<Seen>) => seen.confirm === true && seen.token === 'token_1';
const byRecurring = (seen: NonNullable<Seen>) => seen.confirm === true && seen.recurring === 'pm_1';

export const payments: readonly Clothes[] = [
  json('as it is documented', PAID, 'judged', byCard),
  json('with escaped names', PAID.replace('card_number', 'card\\u005fnumber'), 'judged', byCard),
  json('with white space', ` \r\n\t${PAID.replaceAll(':', '\t:\n')} \n`, 'judged', byCard),
  json('by a token', `{"confirm":true,${TOKEN}}`, 'judged', byToken),
  json('with a card twice', `{"confirm":true,"payment_method_data":${card(OTHER)},${data}}`, UNREADABLE, null),
  // Within `payment_method_data` the last of equal names is taken.
  json(
    'with a number twice',
    PAID.replace('"card_number"', `"card_number":"${OTHER}","card_number"`),
    UNREADABLE,
    byCard,
  ),
  json(
    'with a card twice inside',
    `{"confirm":true,"payment_method_data":{"card":{"card_number":"${OTHER}","card_cvc":"1"},${card(CARD).slice(1)}}`,
    UNREADABLE,
    byCard,
  ),
  json(
    'with a second card',
    `{"confirm":true,${data},"recurring_details":{"type":"network_transaction_id_and_card_details","data":{"card_number":"${OTHER}","card_cvc":"1"}}}`,
    UNREADABLE,
    (seen) => byCard(seen) && seen.recurring === OTHER,
  ),
  json('with a card in metadata', `{"confirm":true,${data},"metadata":{"n":"${OTHER}"}}`, UNREADABLE, byCard),
  json('with a list for a number', PAID.replace(`"${CARD}"`, `["${CARD}"]`), UNREADABLE, null),
  // A derived struct takes a list too: its elements are the fields in their order.
  json(
    'with a list for a card',
    `{"confirm":true,"payment_method_data":{"card":["${CARD}","123"]}}`,
    UNREADABLE,
    byCard,
  ),
  json(
    'with a list for a network token',
    '{"confirm":true,"payment_method_data":{"network_token":["4242"]}}',
    UNREADABLE,
    (seen) => seen.number === '4242',
  ),
  json(
    'with a list for a tagged enum',
    '{"confirm":true,"recurring_details":["payment_method_id","pm_1"]}',
    UNREADABLE,
    byRecurring,
  ),
  json('as a list of its fields', `[100,true,${card(CARD)},null,null,null]`, UNREADABLE, byCard),
  json('as a list of its fields, by a token', '[100,true,{},"token_1",null,null]', UNREADABLE, byToken),
  json(
    'as a list of its fields, by a stored card',
    '[100,true,{},null,{"type":"payment_method_id","data":"pm_1"},null]',
    UNREADABLE,
    byRecurring,
  ),
  json('with a list of methods', `{"confirm":true,"split_payment_method_data":[{${data}}]}`, UNREADABLE, null),
  json('with a token in a list', '{"confirm":true,"payment_token":["token_1"]}', UNREADABLE, null),
  json('with a token in other letters', '{"confirm":true,"paymentToken":"token_1"}', UNREADABLE, null),
  json('with half a JSON', `{"confirm":true,${data}`, UNREADABLE, null),
  json('with a byte order mark', `\uFEFF${PAID}`, UNREADABLE, null),
  json('with a lone surrogate', `{"confirm":true,${TOKEN},"metadata":"\\ud800"}`, UNREADABLE, null),
];

const confirmed = (what: string, value: string, fate: string, isTaken: NonNullable<Clothes['isTaken']> | null) =>
  json(what, `{${value},${TOKEN}}`, fate, isTaken);

export const confirmations: readonly Clothes[] = [
  confirmed('said in a text', '"confirm":"true"', 'judged', null),
  confirmed('said in a number', '"confirm":1', 'judged', null),
  confirmed('said in an empty list', '"confirm":[]', 'judged', null),
  confirmed('said with an escaped name', '"con\\u0066irm":true', 'judged', byToken),
  confirmed('said in a list', '"confirm":[true]', UNREADABLE, null),
  confirmed('said twice', '"confirm":false,"confirm":true', UNREADABLE, null),
  confirmed('said in capitals beside', '"confirm":false,"Confirm":true', UNREADABLE, null),
];

export const clothes: readonly Clothes[] = [...payments, ...confirmations];
