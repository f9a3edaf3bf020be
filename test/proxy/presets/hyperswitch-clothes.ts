/**
 * Payments for Hyperswitch in other clothes, and what serde makes of each: Cordon reads it, or refuses it. That serde
 * takes it is shown by serde itself. For the rest its source speaks:
 * - actix-web's Json takes `application/json` and any `+json`, whatever the charset, and unpacks gzip, deflate, br and
 *   zstd (actix-web, src/types/json.rs; actix-http, src/encoding/decoder.rs);
 * - actix-router decodes every escape of a path but %25, %2F and %2B before it matches (actix-router, src/url.rs);
 * - the imitation of Stripe reads the body's bytes by serde_qs, ten deep and not strict, whatever the content type says
 *   (hyperswitch, crates/router/src/compatibility/stripe.rs, payment_intents.rs).
 */

/** What the server is handed; null where serde refuses. */
export type Seen = {
  readonly confirm: boolean | null;
  readonly number: string | null;
  readonly token: string | null;
  readonly recurring: string | null;
  readonly metadata: unknown;
} | null;

export interface Clothes {
  readonly what: string;
  readonly path: string;
  readonly body: string;
  /** Null: none. */
  readonly type: string | null;
  readonly method?: string;
  readonly fate: string;
  /** Null where serde refuses it too; absent where serde is not asked. */
  readonly isTaken?: ((seen: NonNullable<Seen>) => boolean) | null;
}

const CARD = '4242424242424242';
const OTHER = '5555555555554444';
const JSON_TYPE = 'application/json';
const FORM = 'application/x-www-form-urlencoded';
const card = (number: string) => `{"card":{"card_number":"${number}","card_cvc":"123"}}`;
const data = `"payment_method_data":${card(CARD)}`;
const TOKEN = '"payment_token":"token_1"';
const PAID = `{"confirm":true,${data}}`;

const UNREADABLE = 'refused: unreadable';
const TYPE = 'refused: unsupported_media_type';
const PATH = 'refused: ambiguous_path';
const METHOD = 'refused: method_not_allowed';

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

const cited = (what: string, fate: string, change: Partial<Clothes>): Clothes => ({
  what,
  path: '/payments',
  body: PAID,
  type: JSON_TYPE,
  fate,
  ...change,
});

export const requests: readonly Clothes[] = [
  cited('with a vendor’s type', TYPE, { type: 'application/vnd.api+json' }),
  cited('with another charset', TYPE, { type: `${JSON_TYPE}; charset=latin1` }),
  cited('with a parameter', TYPE, { type: `${JSON_TYPE}; profile=x` }),
  cited('under text/json', TYPE, { type: 'text/json' }),
  cited('without a type', TYPE, { type: null }),
  cited('as a form', TYPE, { type: FORM, body: `confirm=true&payment_method_data[card][card_number]=${CARD}` }),
  cited('confirmed in the query', UNREADABLE, { path: '/payments?confirm=true', body: `{${data}}` }),
  cited('an encoded letter', PATH, { path: '/%70ayments' }),
  cited('an encoded id', PATH, { path: '/payments/pay%5F1/confirm' }),
  cited('an encoded word', PATH, { path: '/payments/pay_1/confir%6D' }),
  cited('a slash more', PATH, { path: '//payments' }),
  cited('a slash at its end', PATH, { path: '/payments/' }),
  cited('another method', METHOD, { path: '/payments/pay_1/confirm', method: 'PUT' }),
];

const NUMBER = 'payment_method_data[card][number]';
const stripe = (what: string, fate: string, body: string, change: Partial<Clothes> = {}): Clothes => ({
  what,
  path: '/vs/v1/payment_intents',
  body,
  type: FORM,
  fate,
  ...change,
});
const intent = `confirm=true&${NUMBER}=${CARD}`;

export const imitation: readonly Clothes[] = [
  stripe('as a form', 'judged', intent),
  stripe('with encoded brackets', 'judged', `confirm=true&${encodeURIComponent(NUMBER)}=${CARD}`),
  stripe('under another type', TYPE, intent, { type: 'text/plain' }),
  stripe('under the type of JSON', TYPE, intent, { type: JSON_TYPE }),
  stripe('without a type', TYPE, intent, { type: null }),
  stripe('confirmed twice', UNREADABLE, `confirm=false&${intent}`),
  stripe('with two numbers', UNREADABLE, `${intent}&${NUMBER}=${OTHER}`),
  stripe('with a list of cards', UNREADABLE, `confirm=true&payment_method_data[card][0][number]=${CARD}`),
  stripe('with an open bracket', UNREADABLE, `confirm=true&payment_method_data[card][number=${CARD}`),
  stripe('with a bracket before the name', UNREADABLE, `[confirm]=true&${NUMBER}=${CARD}`),
  stripe('confirmed in the path', PATH, `${NUMBER}=${CARD}`, { path: '/vs/v1/payment_intents/pi_1/Confirm' }),
];

export const clothes: readonly Clothes[] = [...payments, ...confirmations];
