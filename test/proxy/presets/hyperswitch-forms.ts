/**
 * Payments for Hyperswitch's imitation of Stripe's API: forms in other clothes. What serde_qs, not strict and ten deep
 * as Hyperswitch has it, makes of each stands in the record.
 */
import { type Asked, CARD, FORM, JSON_TYPE, OTHER, PATH, TYPE, UNREADABLE } from './hyperswitch-asked.ts';

const NUMBER = 'payment_method_data[card][number]';
const REST =
  'payment_method_data[type]=card&payment_method_data[card][exp_month]=12&payment_method_data[card][exp_year]=30&payment_method_data[card][cvc]=123';
const NUMBERED = `${REST}&${NUMBER}=${CARD}`;
const PAID = `confirm=true&${NUMBERED}`;
const INTENTS = '/vs/v1/payment_intents';

const form = (what: string, fate: string, body: string, change: Partial<Asked> = {}): Asked => ({
  what,
  fate,
  path: INTENTS,
  type: FORM,
  body,
  ...change,
});
/** The number under a name of its own. */
const named = (what: string, fate: string, name: string) => form(what, fate, `confirm=true&${REST}&${name}=${CARD}`);
/** By a mandate, and confirmed in these words. */
const said = (what: string, fate: string, words: string) => form(what, fate, `mandate=man_1&${words}`);

export const forms: readonly Asked[] = [
  form('as it is documented', 'judged', PAID),
  form('by a mandate', 'judged', 'confirm=true&mandate=man_1'),
  form('for a setup', 'judged', PAID, { path: '/vs/v1/setup_intents' }),
  form('of an intent', 'judged', PAID, { path: `${INTENTS}/pi_1` }),
  form('of an intent that is confirmed', 'judged', NUMBERED, { path: `${INTENTS}/pi_1/confirm` }),
  form('of a setup that is confirmed', 'judged', NUMBERED, { path: '/vs/v1/setup_intents/seti_1/confirm' }),
  form('with empty pairs', 'judged', `&&${PAID}&&`),
];

export const names: readonly Asked[] = [
  named('with encoded brackets', 'judged', NUMBER.replaceAll('[', '%5B').replaceAll(']', '%5D')),
  named('with encoded letters', 'judged', NUMBER.replaceAll('number', 'n%75mber')),
  named('with brackets encoded in small letters', UNREADABLE, NUMBER.replaceAll('[', '%5b').replaceAll(']', '%5d')),
  named('with brackets encoded twice', UNREADABLE, NUMBER.replaceAll('[', '%255B').replaceAll(']', '%255D')),
  named('with a list of cards', UNREADABLE, 'payment_method_data[card][0][number]'),
  named('with a list of numbers', UNREADABLE, `${NUMBER}[]`),
  named('with a numbered number', UNREADABLE, `${NUMBER}[0]`),
  named('with an open bracket', UNREADABLE, 'payment_method_data[card][number'),
  named('with an open bracket within', UNREADABLE, 'payment_method_data[card[number]'),
  named('with two brackets that open', UNREADABLE, 'payment_method_data[[card][number]'),
  named('with an encoded bracket that opens', UNREADABLE, 'payment_method_data[%5Bcard][number]'),
  named('with two brackets that close', UNREADABLE, 'payment_method_data[card]][number]'),
  named('with words between brackets', UNREADABLE, 'payment_method_data[card]x[number]y'),
  named('with a control character in brackets', UNREADABLE, 'payment_method_data[\u0001card][number]'),
  named('with a letter that is not ASCII in brackets', UNREADABLE, 'payment_method_data[écard][number]'),
  named('in capitals', UNREADABLE, NUMBER.replace('card', 'Card')),
  named('with dots for brackets', UNREADABLE, 'payment_method_data.card.number'),
  named('with a space before the name', UNREADABLE, ` ${NUMBER}`),
  named('with a plus before the name', UNREADABLE, `+${NUMBER}`),
  named('with an empty name before it', UNREADABLE, `[]${NUMBER}`),
  named('with the first name in brackets', UNREADABLE, '[payment_method_data][card][number]'),
  named('with a NUL after the name', UNREADABLE, `${NUMBER}%00`),
];

/** Flattened into an `Option`, a card with a flaw is none to serde, and no error: another card may be attached. */
const CARD_ITSELF = 'payment_method_data[card]';
const flawed = (what: string, change: (text: string) => string) => form(what, UNREADABLE, change(PAID));

export const flaws: readonly Asked[] = [
  flawed('without a code', (text) => text.replace(`&${CARD_ITSELF}[cvc]=123`, '')),
  flawed('without a month', (text) => text.replace(`&${CARD_ITSELF}[exp_month]=12`, '')),
  flawed('with a year in capitals', (text) => text.replace('[exp_year]', '[Exp_year]')),
  flawed('with a list for its code', (text) => text.replace('[cvc]=', '[cvc][]=')),
  flawed('with an object for its code', (text) => text.replace('[cvc]=', '[cvc][a]=')),
];

export const doubles: readonly Asked[] = [
  form('with two numbers', UNREADABLE, `${PAID}&${NUMBER}=${OTHER}`),
  form('with two numbers, one of them encoded', UNREADABLE, `${PAID}&${encodeURIComponent(NUMBER)}=${OTHER}`),
  form('with two numbers, one in small brackets', UNREADABLE, `${PAID}&${NUMBER.replaceAll('[', '%5b')}=${OTHER}`),
  form('with two numbers, one behind a word', UNREADABLE, `${PAID}&payment_method_data[card]x[number]=${OTHER}`),
  form('with a text where the card is', UNREADABLE, `payment_method_data=x&${PAID}`),
  form('with a text for the card', UNREADABLE, `payment_method_data[card]=x&${PAID}`),
  form('with a number in metadata', UNREADABLE, `${PAID}&metadata[a]=${OTHER}`),
  form('with a number under a name of its own', UNREADABLE, `${PAID}&other=${OTHER}`),
  form('parted by a semicolon', UNREADABLE, PAID.replaceAll('&', ';')),
];

export const words: readonly Asked[] = [
  said('said in an encoded word', 'judged', 'confirm=%74rue'),
  said('said under an encoded name', 'judged', 'con%66irm=true'),
  said('said in capitals', 'judged', 'confirm=True'),
  said('said in a number', 'judged', 'confirm=1'),
  said('said in nothing', 'judged', 'confirm='),
  said('said in no value', 'judged', 'confirm'),
  said('said with a space', 'judged', 'confirm=+true'),
  said('said twice', UNREADABLE, 'confirm=false&confirm=true'),
  said('said twice alike', UNREADABLE, 'confirm=true&confirm=true'),
  said('said in a list', UNREADABLE, 'confirm[]=true'),
  said('said in a numbered list', UNREADABLE, 'confirm[0]=true'),
  said('said in brackets', UNREADABLE, '[confirm]=true'),
  said('said in encoded brackets', UNREADABLE, '%5Bconfirm%5D=true'),
  said('said behind two brackets', UNREADABLE, '[[confirm]=true'),
  said('said behind a bracket and a control character', UNREADABLE, '[\u0001confirm]=true'),
  said('said in brackets beside', UNREADABLE, 'confirm=false&[confirm]=true'),
  said('said in capitals beside', UNREADABLE, 'confirm=false&Confirm=true'),
  said('said behind a semicolon', 'judged', 'confirm=false;confirm=true'),
  said('said with a NUL', 'judged', 'confirm=true%00'),
  said('said beside no UTF-8', UNREADABLE, 'confirm=true&description=%FF'),
];

export const clothing: readonly Asked[] = [
  form('under another type', TYPE, PAID, { type: 'text/plain' }),
  form('under the type of JSON', TYPE, PAID, { type: JSON_TYPE }),
  form('as a multipart form in name', TYPE, PAID, { type: 'multipart/form-data; boundary=x' }),
  form('under half a type', TYPE, PAID, { type: 'form' }),
  form('without a type', TYPE, PAID, { type: null }),
  form('in another charset', TYPE, PAID, { type: `${FORM}; charset=latin1` }),
  form('in chunks', 'judged', PAID, { as: 'chunks' }),
  form('in gzip', TYPE, PAID, { headers: { 'content-encoding': 'gzip' }, as: 'gzip' }),
  form('in Brotli', TYPE, PAID, { headers: { 'content-encoding': 'br' }, as: 'br' }),
  form('with a name that is not UTF-8', UNREADABLE, `é=1&${PAID}`, { as: 'latin1' }),
  form('confirmed in the path', PATH, NUMBERED, { path: `${INTENTS}/pi_1/Confirm` }),
  form('confirmed in an encoded word', PATH, NUMBERED, { path: `${INTENTS}/pi_1/confir%6d` }),
  form('on an encoded path', PATH, PAID, { path: '/v%73/v1/payment%5Fintents' }),
  form('on a path with a slash more', PATH, PAID, { path: '/vs//v1/payment_intents' }),
  form('on a path with a slash at its end', PATH, PAID, { path: `${INTENTS}/` }),
  form('of an intent without a name', PATH, NUMBERED, { path: `${INTENTS}/%20/confirm` }),
  form('confirmed in the query', UNREADABLE, NUMBERED, { path: `${INTENTS}?confirm=true` }),
  form('as JSON', UNREADABLE, `{"confirm":true,"x":"${CARD}"}`),
];
