/**
 * Payments in other clothes, and what Rack makes of each: Stripe's API runs on Ruby, and its form encoding is Rack's.
 * Cordon reads each, or refuses it. That Rack takes it is shown by Rack itself.
 */

/** What an application on Rack is handed: the method after overrides, and query and form as one. Null: Rack raised. */
export interface Seen {
  readonly method: string;
  readonly params: Readonly<Record<string, unknown>> | null;
}

export interface Clothes {
  readonly what: string;
  readonly path: string;
  readonly body: string;
  /** Null: none. */
  readonly type: string | null;
  readonly method?: string;
  readonly fate: string;
  /** Null where Rack refuses it as well, and Cordon must not be the one to guess. */
  readonly isTaken: ((seen: Seen) => boolean) | null;
}

export const FORM = 'application/x-www-form-urlencoded';
export const INTENTS = '/v1/payment_intents';
const CARD = '4242424242424242';
const OTHER = '5555555555554444';
const DATA = 'payment_method_data';
const NUMBER = `${DATA}[card][number]`;
const PM = 'payment_method=pm_1';

const UNREADABLE = 'refused: unreadable';
const TYPE = 'refused: unsupported_media_type';
const PATH = 'refused: ambiguous_path';
const METHOD = 'refused: method_not_allowed';

type Value = { readonly [name: string]: Value } | readonly Value[] | string | null | undefined;
const at = (seen: Seen, ...names: readonly (string | number)[]): Value =>
  names.reduce<Value>((value, name) => (value as Record<string | number, Value> | null)?.[name], seen.params as Value);
const has =
  (value: string, ...names: readonly (string | number)[]) =>
  (seen: Seen) =>
    at(seen, ...names) === value;

const form = (what: string, body: string, fate: string, isTaken: Clothes['isTaken']): Clothes => ({
  what,
  path: INTENTS,
  body,
  type: FORM,
  fate,
  isTaken,
});
const paid = (what: string, number: string, fate: string, isTaken: Clothes['isTaken']) =>
  form(what, `confirm=true&${number}`, fate, isTaken);
const inCard = has(CARD, DATA, 'card', 'number');

export const numbers: readonly Clothes[] = [
  paid('as the libraries send it', `${NUMBER}=${CARD}`, 'judged', inCard),
  paid('encoded brackets', `${encodeURIComponent(NUMBER)}=${CARD}`, 'judged', inCard),
  paid('encoded letters', `${NUMBER.replace('number', '%6eumber')}=${CARD}`, 'judged', inCard),
  paid('in groups', `${NUMBER}=4242+4242+4242+4242`, 'judged', has('4242 4242 4242 4242', DATA, 'card', 'number')),
  paid('twice', `${NUMBER}=${OTHER}&${NUMBER}=${CARD}`, UNREADABLE, inCard),
  paid('a list of numbers', `${NUMBER}[]=${CARD}`, UNREADABLE, has(CARD, DATA, 'card', 'number', 0)),
  paid('a list of cards', `${DATA}[card][][number]=${CARD}`, UNREADABLE, has(CARD, DATA, 'card', 0, 'number')),
  paid('a list of data', `${DATA}[][card][number]=${CARD}`, UNREADABLE, has(CARD, DATA, 0, 'card', 'number')),
  paid('an indexed card', `${DATA}[card][0][number]=${CARD}`, UNREADABLE, has(CARD, DATA, 'card', '0', 'number')),
  paid('an open bracket', `${DATA}[card][number=${CARD}`, UNREADABLE, inCard),
  paid('text after a bracket', `${DATA}[card]number]=${CARD}`, UNREADABLE, inCard),
  paid('a bracket too many', `${DATA}[card]][number]=${CARD}`, UNREADABLE, inCard),
  paid('a bracket before the name', `[${DATA}][card][number]=${CARD}`, UNREADABLE, inCard),
  paid('two cards', `${NUMBER}=${CARD}&source[number]=${OTHER}`, UNREADABLE, has(OTHER, 'source', 'number')),
  paid('a card in metadata', `${PM}&metadata[n]=${OTHER}`, UNREADABLE, has(OTHER, 'metadata', 'n')),
  paid('a text, then an object', `source=tok_1&source[number]=${CARD}`, UNREADABLE, null),
  paid('an object, then a text', `source[number]=${CARD}&source=tok_1`, UNREADABLE, has('tok_1', 'source')),
];

export const tokens: readonly Clothes[] = [
  paid('as a text', PM, 'judged', has('pm_1', 'payment_method')),
  paid('twice', `payment_method=pm_2&${PM}`, UNREADABLE, has('pm_1', 'payment_method')),
  paid('in a list', 'payment_method[]=pm_1', UNREADABLE, has('pm_1', 'payment_method', 0)),
  paid('under an index', 'payment_method[0]=pm_1', UNREADABLE, has('pm_1', 'payment_method', '0')),
  paid('in an object', 'payment_method[id]=pm_1', UNREADABLE, has('pm_1', 'payment_method', 'id')),
  paid('in a list of sources', 'source[]=src_1', UNREADABLE, has('src_1', 'source', 0)),
  paid('in a list of data', `${DATA}[][card][token]=tok_1`, UNREADABLE, has('tok_1', DATA, 0, 'card', 'token')),
  // Rack drops the NUL that an old Safari appended.
  paid('a NUL at the end of the body', `${PM}\0`, UNREADABLE, has('pm_1', 'payment_method')),
  paid('bytes that are no UTF-8', `${PM}&a=%ff`, UNREADABLE, has('pm_1', 'payment_method')),
];

const confirm = (what: string, name: string, fate: string, isTaken: Clothes['isTaken']) =>
  form(what, `${name}&${PM}`, fate, isTaken);
const confirmed = has('true', 'confirm');

export const confirmations: readonly Clothes[] = [
  confirm('by a number', 'confirm=1', 'judged', has('1', 'confirm')),
  confirm('by a word', 'confirm=yes', 'judged', has('yes', 'confirm')),
  confirm('by nothing', 'confirm=', 'judged', has('', 'confirm')),
  confirm('by its name alone', 'confirm', 'judged', (seen) => seen.params?.confirm === null),
  confirm('with an encoded name', 'con%66irm=true', 'judged', confirmed),
  confirm('with empty pairs', '&&confirm=true&', 'judged', confirmed),
  confirm('by a list', 'confirm[]=true', UNREADABLE, has('true', 'confirm', 0)),
  confirm('twice', 'confirm=false&confirm=true', UNREADABLE, confirmed),
  confirm('a space before the name', 'a=1& confirm=true', UNREADABLE, confirmed),
  confirm('a bracket before the name', '[confirm]=true', UNREADABLE, confirmed),
  confirm('a bracket after the name', 'confirm]=true', UNREADABLE, confirmed),
  confirm('a closing bracket before the name', ']confirm=true', UNREADABLE, confirmed),
];

const query = (what: string, search: string, body: string, isTaken: Clothes['isTaken']): Clothes => ({
  ...form(what, body, UNREADABLE, isTaken),
  path: `${INTENTS}?${search}`,
});

export const queries: readonly Clothes[] = [
  query('confirmed', 'confirm=true', PM, confirmed),
  query('paid', PM, 'confirm=true', has('pm_1', 'payment_method')),
  query('a card', `${NUMBER}=${CARD}`, 'confirm=true', inCard),
  query('a part of a card', `${DATA}[type]=card`, 'confirm=true', has('card', DATA, 'type')),
  query('a part of a card, a bracket before', `[${DATA}][type]=card`, 'confirm=true', has('card', DATA, 'type')),
  query('confirmed by a list', 'confirm[]=true', PM, has('true', 'confirm', 0)),
  query('confirmed with a bracket', ']confirm=true', PM, confirmed),
  // Rack 2 splits a query at `;` too, and a form no more.
  query('confirmed behind a semicolon', 'a=1;confirm=true', PM, confirmed),
  query('paid behind a semicolon', `a=1;%20;${PM}`, 'confirm=true', has('pm_1', 'payment_method')),
  query('a card behind a semicolon', `a=1;${NUMBER}=${CARD}`, 'confirm=true', inCard),
];

const multipart = (...fields: readonly (readonly [string, string])[]) =>
  `${fields.map(([name, value]) => `--x\r\ncontent-disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`).join('')}--x--\r\n`;
const parts = multipart(['confirm', 'true'], ['payment_method', 'pm_1']);
const BODY = `confirm=true&${PM}`;
const pays = (seen: Seen) => confirmed(seen) && at(seen, 'payment_method') === 'pm_1';
const typed = (what: string, type: string | null, fate: string, body = BODY): Clothes => ({
  ...form(what, body, fate, pays),
  type,
});

export const types: readonly Clothes[] = [
  typed('in capitals', 'Application/X-WWW-Form-Urlencoded', 'judged'),
  typed('none', null, TYPE),
  typed('two', `${FORM}, text/plain`, TYPE),
  typed('a parameter', `${FORM}; x=y`, TYPE),
  typed('another charset', `${FORM}; charset=utf-16`, TYPE),
  typed('multipart', 'multipart/form-data; boundary=x', TYPE, parts),
  typed('multipart, mixed', 'multipart/mixed; boundary=x', TYPE, parts),
  typed('multipart, related', 'multipart/related; boundary=x', TYPE, parts),
  // Rack leaves JSON to the application; a server that speaks Stripe's language may well parse it.
  {
    ...form('JSON', '{"confirm":true}', TYPE, ({ params }) => params?.confirm === undefined),
    type: 'application/json',
  },
];

/** Rack hands the path on as it came; routers above it decode and clean it (Rack::Utils, `unescape_path`). */
export const paths: readonly Clothes[] = [
  ...['/V1/Payment_Intents', `${INTENTS}/`, `${INTENTS}/pi_1/%63onfirm`, `/${INTENTS}`, `${INTENTS}.json`].map(
    (path) => ({
      ...form(path, BODY, PATH, pays),
      path,
    }),
  ),
  { ...form('by PUT', BODY, METHOD, (seen) => pays(seen) && seen.method === 'PUT'), method: 'PUT' },
  form('made PUT by the form', `_method=PUT&${BODY}`, 'judged', (seen) => pays(seen) && seen.method === 'PUT'),
];

export const clothes: readonly Clothes[] = [...numbers, ...tokens, ...confirmations, ...queries, ...types, ...paths];
