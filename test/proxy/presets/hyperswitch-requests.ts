/**
 * Payments for Hyperswitch on other paths, by other methods, under other content types and encodings. What actix-web
 * makes of each stands in the record.
 */
import { type Asked, ELSEWHERE, FORM, JSON_TYPE, METHOD, PAID, PATH, TYPE, UNREADABLE } from './hyperswitch-asked.ts';

const STORED = '{"card":{"card_number":"4242424242424242"}}';

const at = (path: string, fate: string, what: string, change: Partial<Asked> = {}): Asked => ({
  what,
  fate,
  path,
  type: JSON_TYPE,
  body: PAID,
  ...change,
});

export const documented: readonly Asked[] = [
  at('/payments', 'judged', 'created and confirmed'),
  at('/payments/pay_1', 'judged', 'updated and confirmed'),
  at('/payments/pay_1/confirm', 'judged', 'confirmed'),
  at('/payments/pay_1/confirm', 'judged', 'confirmed with a query', { path: '/payments/pay_1/confirm?x=1' }),
  at('/payments/pay_1/complete_authorize', 'judged', 'completed'),
  at('/v2/payments', 'judged', 'in the second version'),
  at('/v2/payments/pay_1/confirm-intent', 'judged', 'confirmed in the second version'),
  at('/payment_methods', 'judged', 'a card stored', { body: STORED }),
  at('/payment_methods/pm_1/update', 'judged', 'a stored card changed', { body: STORED }),
  at('/payment_methods/pm_1/save', 'judged', 'a stored card kept', { body: STORED }),
];

const details = (text: string) => `{"payment_details":{${text}}}`;
const SUBSCRIBED = details('"payment_method_data":{"card":{"card_number":"4242424242424242","card_cvc":"123"}}');
const subscribed = (what: string, fate: string, body: string, path = '/subscriptions/sub_1/confirm'): Asked =>
  at(path, fate, what, { body });

export const subscriptions: readonly Asked[] = [
  subscribed('confirmed', 'judged', SUBSCRIBED),
  subscribed('made and confirmed', 'judged', SUBSCRIBED, '/subscriptions'),
  subscribed('by a token', 'judged', details('"payment_token":"token_1"')),
  subscribed('by a stored card', 'judged', details('"payment_method_id":"pm_1"')),
  subscribed('with a list for a card', UNREADABLE, details('"payment_method_data":{"card":["4242424242424242","1"]}')),
  subscribed('with a list for its details', UNREADABLE, `{"payment_details":[null,"token_1",null]}`),
  subscribed('as a list', UNREADABLE, `[{"payment_token":"token_1"}]`),
  subscribed('with a number twice', UNREADABLE, SUBSCRIBED.replace('{"card":', '{"card":{"card_number":"1"},"card":')),
  subscribed('with an encoded word', PATH, SUBSCRIBED, '/subscriptions/sub_1/c%6Fnfirm'),
  subscribed('with a space for an id', PATH, SUBSCRIBED, '/subscriptions/%20/confirm'),
  subscribed('with a slash at its end', PATH, SUBSCRIBED, '/subscriptions/'),
];

const CONFIRM = '/payments/pay_1/confirm';

export const paths: readonly Asked[] = [
  at('/%70ayments', PATH, 'an encoded letter'),
  at('/p%61yment%73/pay_1/c%6Fnfirm', PATH, 'encoded letters all over'),
  at('/payments/pay%5F1/confirm', PATH, 'an encoded id'),
  at('/payments/pay%5f1/confirm', PATH, 'an encoded id in small letters'),
  at('/payments/pay_1/confir%6D', PATH, 'an encoded word'),
  at('/payments/pay_1/complete%5Fauthorize', PATH, 'an encoded underscore'),
  at('/v2/payments/pay_1/confirm%2Dintent', PATH, 'an encoded hyphen'),
  at('/payments/l%69st', PATH, 'an encoded name that is no id'),
  at('/payments/pay_1%2Fconfirm', PATH, 'an encoded slash within an id'),
  at('/payments/pay_1%2fconfirm/confirm', PATH, 'an encoded slash and a plain one'),
  at('/payments%2Fpay_1/confirm', PATH, 'an encoded slash before an id'),
  at('/%2Fpayments', PATH, 'an encoded slash before it all'),
  at('/payments/pay%252F1/confirm', PATH, 'a slash encoded twice'),
  at('/payments/pay%25%32F1/confirm', PATH, 'an encoded escape in pieces'),
  at('/%2570ayments', PATH, 'a letter encoded twice'),
  at('/payments/pay%2B1/confirm', PATH, 'an encoded plus'),
  at('/payments/pay+1/confirm', PATH, 'a plus'),
  at('/payments/pay_1;a=b/confirm', PATH, 'a matrix parameter on an id'),
  at('/payments/;a=b/confirm', PATH, 'a matrix parameter for an id'),
  at('/payments/pay_1/confirm;a=b', PATH, 'a matrix parameter at the end'),
  at('/payments;a=b/pay_1/confirm', PATH, 'a matrix parameter at the beginning'),
  at('/payments/pay_1%3Ba/confirm', PATH, 'an encoded semicolon'),
  at('/payments/%3Bpay_1/confirm', PATH, 'an encoded semicolon first'),
  at('/payments/%20/confirm', PATH, 'a space for an id'),
  at('/payments/%C2%AD/confirm', PATH, 'a soft hyphen for an id'),
  at('/payment_methods/%20/update', PATH, 'a space for a stored card', { body: STORED }),
  at('/payment_methods/;a/save', PATH, 'a matrix parameter for a stored card', { body: STORED }),
  at('/v2/payments/%E2%80%8B/confirm-intent', PATH, 'an invisible id in the second version'),
  at('/payments/pay_1%00/confirm', PATH, 'a NUL in an id'),
  at('/payments/%FF/confirm', PATH, 'no UTF-8 for an id'),
  at('/payments/pay%C0%AF1/confirm', PATH, 'an overlong slash'),
  at('/payments/pay_1%/confirm', PATH, 'half an escape'),
  at('/payments/pay_1%zz/confirm', PATH, 'an escape that is none'),
  at('/payments/pay%u0031/confirm', PATH, 'an escape of another kind'),
  at('/payments/pay_1%3F/confirm', PATH, 'an encoded question mark'),
  at('/payments/pay_1%23/confirm', PATH, 'an encoded hash'),
  at('/payments/p%C3%A4y/confirm', PATH, 'a letter that is not ASCII'),
  at('/payments/...%2e/confirm', PATH, 'dots for an id, one encoded'),
  at('//payments', PATH, 'a slash more'),
  at('/payments//confirm', PATH, 'no id'),
  at('/payments/pay_1//confirm', PATH, 'a slash more within'),
  at('/payments/', PATH, 'a slash at its end'),
  at(`${CONFIRM}/`, PATH, 'a slash at the end of a word'),
  at(`${CONFIRM}%20`, PATH, 'a space at its end'),
  at(`${CONFIRM}.json`, PATH, 'a format'),
  at('/PAYMENTS', PATH, 'in capitals'),
  at('/payments/pay_1/CONFIRM', PATH, 'a word in capitals'),
  at('/payments/pay_1/confirm/x', ELSEWHERE, 'a word more'),
  at('/api/payments', ELSEWHERE, 'a folder before it'),
];

export const methods: readonly Asked[] = [
  at('/payments', METHOD, 'PUT for POST', { method: 'PUT' }),
  at(CONFIRM, METHOD, 'PUT of a confirmation', { method: 'PUT' }),
  at(CONFIRM, METHOD, 'PATCH', { method: 'PATCH' }),
  at(CONFIRM, METHOD, 'DELETE', { method: 'DELETE' }),
  at(CONFIRM, METHOD, 'PUT that says it is POST', { method: 'PUT', headers: { 'x-http-method-override': 'POST' } }),
];

const as = (what: string, type: string | null, fate = TYPE, change: Partial<Asked> = {}): Asked =>
  at('/payments', fate, what, { type, ...change });

export const types: readonly Asked[] = [
  as('with a charset', `${JSON_TYPE}; charset=utf-8`, 'judged'),
  as('with a charset in quotes and capitals', `${JSON_TYPE};charset="UTF-8"`, 'judged'),
  as('in capitals', 'Application/JSON', 'judged'),
  as('with white space', `  ${JSON_TYPE}  ;  charset=utf-8`, 'judged'),
  as('with a vendor’s type', 'application/vnd.api+json'),
  as('with a suffix in capitals', 'application/vnd.x+JSON'),
  as('as a problem', 'application/problem+json'),
  as('as a picture in JSON', 'image/svg+json'),
  as('with JSON before the plus', 'application/json+x'),
  as('under text/json', 'text/json'),
  as('under any type of JSON', 'x/json'),
  as('under all types', '*/*'),
  as('with another charset', `${JSON_TYPE}; charset=latin1`),
  as('with a charset of two bytes', `${JSON_TYPE}; charset=utf-16`),
  as('with a parameter', `${JSON_TYPE}; profile=x`),
  as('with two charsets', `${JSON_TYPE}; charset=utf-8; charset=utf-7`),
  as('with a semicolon at its end', `${JSON_TYPE};`),
  as('with two types', `${JSON_TYPE}, text/plain`),
  as('under text/plain', 'text/plain'),
  as('under octet-stream', 'application/octet-stream'),
  as('without a type', null),
  as('under half a type', 'json'),
  as('as a form', FORM, TYPE, { body: 'confirm=true&payment_method_data[card][card_number]=4242424242424242' }),
  as('as JSON that calls itself a form', FORM),
  as('as a multipart form', 'multipart/form-data; boundary=x', TYPE, {
    body: `--x\r\ncontent-disposition: form-data; name="confirm"\r\n\r\ntrue\r\n--x--\r\n`,
  }),
  as('confirmed in the query', JSON_TYPE, UNREADABLE, {
    path: '/payments?confirm=true',
    body: PAID.replace('"confirm":true,', ''),
  }),
];

const coded = (what: string, coding: string, change: Partial<Asked> = {}, fate = TYPE): Asked =>
  at('/payments', fate, what, { headers: { 'content-encoding': coding }, ...change });

const LATIN = PAID.replace('{', '{"metadata":{"a":"ä"},');

export const encodings: readonly Asked[] = [
  at('/payments', 'judged', 'in chunks', { as: 'chunks' }),
  coded('called what it is', 'identity', {}, 'judged'),
  coded('called what it is, in capitals', 'Identity', {}, 'judged'),
  coded('in gzip', 'gzip', { as: 'gzip' }),
  coded('in gzip in capitals', 'GZIP', { as: 'gzip' }),
  coded('in gzip by its old name', 'x-gzip', { as: 'gzip' }),
  coded('in deflate', 'deflate', { as: 'deflate' }),
  coded('in Brotli', 'br', { as: 'br' }),
  coded('in Zstandard', 'zstd', { as: 'zstd' }),
  coded('in gzip, called two things', 'gzip, identity', { as: 'gzip' }),
  coded('in a coding that nobody knows', 'x'),
  at('/payments', 'judged', 'in UTF-8 beyond ASCII', { body: LATIN }),
  at('/payments', UNREADABLE, 'in Latin-1', { body: LATIN, as: 'latin1' }),
  at('/payments', UNREADABLE, 'in UTF-16', { as: 'utf16' }),
];
