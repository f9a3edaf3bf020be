/**
 * One and the same payment session, as Express would take it in other clothes. Cordon reads it, or refuses it; that
 * Express takes it is shown by Express itself.
 */
export interface Clothes {
  readonly what: string;
  readonly path?: string;
  readonly type: string;
  /** Text, or bytes in hex. */
  readonly body: string | { readonly hex: string };
  readonly headers?: Record<string, string>;
  readonly fate: string;
}

export const SESSION_PATH = '/store/payment-collections/pay_col_1/payment-sessions';
export const TOKEN = 'pm_1Pgafm';

const JSON_TYPE = 'application/json';
const FORM_TYPE = 'application/x-www-form-urlencoded';
const JSON_BODY = `{"provider_id":"pp_x","data":{"payment_method":"${TOKEN}"}}`;
const FORM_BODY = `provider_id=pp_x&data[payment_method]=${TOKEN}`;
const UNREADABLE = 'refused: unreadable';
const TYPE = 'refused: unsupported_media_type';
const PATH = 'refused: ambiguous_path';

export const clothes: readonly Clothes[] = [
  { what: 'as it is documented', type: JSON_TYPE, body: JSON_BODY, fate: 'judged' },
  { what: 'a content type in capitals', type: 'Application/JSON', body: JSON_BODY, fate: 'judged' },
  { what: 'a charset', type: `${JSON_TYPE}; charset=utf-8`, body: JSON_BODY, fate: 'judged' },
  { what: 'an escaped name', type: JSON_TYPE, body: JSON_BODY.replace('data', 'd\\u0061ta'), fate: 'judged' },
  { what: 'white space', type: JSON_TYPE, body: ` \r\n\t${JSON_BODY.replaceAll(':', ' :\t')}\n`, fate: 'judged' },
  { what: 'a form', type: FORM_TYPE, body: FORM_BODY, fate: 'judged' },
  {
    what: 'a form with encoded brackets',
    type: FORM_TYPE,
    body: FORM_BODY.replace('[', '%5B').replace(']', '%5D'),
    fate: 'judged',
  },
  {
    what: 'a form with brackets encoded in small letters',
    type: FORM_TYPE,
    body: FORM_BODY.replace('[', '%5b').replace(']', '%5d'),
    fate: UNREADABLE,
  },
  { what: 'a form with encoded letters', type: FORM_TYPE, body: FORM_BODY.replace('data', '%64ata'), fate: 'judged' },
  { what: 'empty pairs in a form', type: FORM_TYPE, body: `&&${FORM_BODY}&`, fate: 'judged' },
  {
    what: 'a name twice in JSON',
    type: JSON_TYPE,
    body: `{"data":{"payment_method":"pm_0"},${JSON_BODY.slice(1)}`,
    fate: UNREADABLE,
  },
  { what: 'a name twice in a form', type: FORM_TYPE, body: `data[payment_method]=pm_0&${FORM_BODY}`, fate: UNREADABLE },
  { what: 'a list in a form', type: FORM_TYPE, body: FORM_BODY.replace(']=', '][]='), fate: UNREADABLE },
  { what: 'a list with an index', type: FORM_TYPE, body: FORM_BODY.replace(']=', '][0]='), fate: UNREADABLE },
  { what: 'a list in JSON', type: JSON_TYPE, body: JSON_BODY.replace(`"${TOKEN}"`, `["${TOKEN}"]`), fate: UNREADABLE },
  { what: 'a byte order mark', type: JSON_TYPE, body: `\uFEFF${JSON_BODY}`, fate: UNREADABLE },
  { what: 'a parameter of the type', type: `${JSON_TYPE}; profile=x`, body: JSON_BODY, fate: TYPE },
  { what: 'another charset', type: `${JSON_TYPE}; charset=utf-16le`, body: { hex: utf16(JSON_BODY) }, fate: TYPE },
  {
    what: 'a path in capitals',
    path: SESSION_PATH.toUpperCase().replace('PAY_COL', 'pay_col'),
    type: JSON_TYPE,
    body: JSON_BODY,
    fate: PATH,
  },
  { what: 'a slash at the end', path: `${SESSION_PATH}/`, type: JSON_TYPE, body: JSON_BODY, fate: PATH },
  {
    what: 'an encoded id',
    path: SESSION_PATH.replace('pay_col', 'pay%5Fcol'),
    type: JSON_TYPE,
    body: JSON_BODY,
    fate: PATH,
  },
];

export const COMPLETE_PATH = '/store/carts/cart_01J/complete';

const completed = (what: string, body: string, type: string, fate: string): Clothes => ({
  what,
  path: COMPLETE_PATH,
  type,
  body,
  fate,
});

/** Medusa never looks at the body: whatever stands there, the cart is completed. */
export const completions: readonly Clothes[] = [
  completed('nothing', '', JSON_TYPE, 'judged'),
  completed('nothing, and no type', '', '', 'judged'),
  completed('an empty object', '{}', JSON_TYPE, 'judged'),
  completed('a text', 'x', 'text/plain', TYPE),
  completed('a multipart form', '--x\r\n\r\n--x--', 'multipart/form-data; boundary=x', TYPE),
];

function utf16(text: string): string {
  const hex = (byte: number) => byte.toString(16).padStart(2, '0');
  return Array.from({ length: text.length }, (_, i) => text.charCodeAt(i))
    .map((unit) => hex(unit & 0xff) + hex(unit >> 8))
    .join('');
}

export function bytesOf({ body }: Clothes): Uint8Array<ArrayBuffer> {
  if (typeof body === 'string') return new Uint8Array(new TextEncoder().encode(body));
  return Uint8Array.from(body.hex.match(/../g) ?? [], (byte) => Number.parseInt(byte, 16));
}
