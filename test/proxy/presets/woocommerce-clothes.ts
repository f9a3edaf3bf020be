/**
 * Checkouts in other clothes, and what PHP makes of each: Cordon reads it, or refuses it. That PHP takes it is shown by
 * PHP itself, up to the names and values from which WooCommerce goes on.
 */

/** What PHP hands to WordPress: the query, the form, the JSON of the body with its last value of equal names. */
export interface Seen {
  readonly get: Readonly<Record<string, unknown>>;
  readonly post: Readonly<Record<string, unknown>>;
  readonly json: unknown;
  readonly keys: readonly string[];
}

export interface Clothes {
  readonly what: string;
  readonly path: string;
  readonly type: string;
  readonly body: string;
  readonly fate: string;
  readonly isTaken: (seen: Seen) => boolean;
}

export const FORM = 'application/x-www-form-urlencoded';
export const JSON_TYPE = 'application/json';
const PLACE = 'woocommerce_checkout_place_order';
const TOKEN = 'wc-stripe-payment-method';
const PAID = `payment_method=stripe&${TOKEN}=pm_1`;
const FORM_BODY = `${PLACE}=1&${PAID}`;
const STORE = '/wp-json/wc/store/v1/checkout';
const pair = (key: string, value: string) => `{"key":"${key}","value":"${value}"}`;
const storeBody = (...pairs: string[]) => `{"payment_method":"stripe","payment_data":[${pairs.join(',')}]}`;
const STORE_BODY = storeBody(pair(TOKEN, 'pm_1'));

const UNREADABLE = 'refused: unreadable';
const PATH = 'refused: ambiguous_path';
const LARGE = 'refused: too_large';
const TYPE = 'refused: unsupported_media_type';

const places = ({ post }: Seen) => post[PLACE] !== undefined && post[TOKEN] !== undefined;
const ajax = ({ get, post }: Seen) => get['wc-ajax'] === 'checkout' && post[TOKEN] === 'pm_1';
const asksAjax = ({ get }: Seen) => Boolean(get['wc-ajax']);
const multipart = (...fields: readonly (readonly [string, string])[]) =>
  `${fields.map(([name, value]) => `--x\r\ncontent-disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`).join('')}--x--\r\n`;
const MULTIPART = 'multipart/form-data; boundary=x';
const many = (count: number) => Array.from({ length: count }, (_, i) => `p${i}=1`).join('&');

const page = (what: string, body: string, fate: string, isTaken = places): Clothes => ({
  what,
  path: '/checkout/',
  type: FORM,
  body,
  fate,
  isTaken,
});

/** The classic page: the name of its button decides. */
const pages: readonly Clothes[] = [
  page('as the page sends it', FORM_BODY, 'judged'),
  page('encoded names', FORM_BODY.replace('woo', '%77oo'), 'judged'),
  page('an empty button', FORM_BODY.replace('=1', '='), 'judged'),
  page('a button without =', FORM_BODY.replace('=1', ''), 'judged'),
  page('dots in a name', FORM_BODY.replace(PLACE, 'woocommerce.checkout.place.order'), UNREADABLE),
  page('spaces in a name', FORM_BODY.replace(PLACE, 'woocommerce+checkout+place%20order'), UNREADABLE),
  page('a space before a name', `+${FORM_BODY}`, UNREADABLE),
  page('an open bracket in a name', FORM_BODY.replace('woocommerce_', 'woocommerce['), UNREADABLE),
  page('a list', FORM_BODY.replace('=1', '[]=1'), UNREADABLE),
  page('a list of lists', FORM_BODY.replace('=1', '[a][]=1'), UNREADABLE),
  page('text after a bracket', FORM_BODY.replace('=1', '[]x=1'), UNREADABLE),
  page('NUL in a name', FORM_BODY.replace('=1', '%00x=1'), UNREADABLE),
  page('a token twice', `${FORM_BODY}&${TOKEN}=pm_2`, UNREADABLE, ({ post }) => post[TOKEN] === 'pm_2'),
  page('a token and a list of them', `${TOKEN}[]=pm_0&${FORM_BODY}`, UNREADABLE),
  page('bytes that are no UTF-8', `${FORM_BODY}&a=%ff`, UNREADABLE),
  // The thousand-and-first variable is not there for PHP: what Cordon would see last, PHP never does.
  page('more fields than PHP sees', `${FORM_BODY}&${many(1_001)}&late=1`, LARGE, ({ post }) => post.late === undefined),
  { ...page('another charset', FORM_BODY, TYPE), type: `${FORM}; charset=iso-8859-1` },
  { ...page('a parameter of the type', FORM_BODY, TYPE), type: `${FORM}; x=y` },
  { ...page('multipart', multipart([PLACE, '1'], [TOKEN, 'pm_1']), TYPE), type: MULTIPART },
  {
    ...page('multipart with two of a kind', multipart([PLACE, '1'], [TOKEN, 'pm_1'], [TOKEN, 'pm_2']), TYPE),
    type: MULTIPART,
  },
  ...['/Checkout/', '//checkout/', '/checkout//', '/checkout/?x=1'].map((path) => ({
    ...page(`the path ${path}`, FORM_BODY, path.includes('?') ? 'judged' : PATH),
    path,
  })),
  { ...page('a front controller', FORM_BODY, PATH), path: '/index.php/checkout/' },
];

const onAjax = (query: string, fate: string, isTaken = ajax): Clothes => ({
  what: `?${query}`,
  path: `/?${query}`,
  type: FORM,
  body: PAID,
  fate,
  isTaken,
});

/** By AJAX: a parameter of the query decides, on any path. */
const ajaxes: readonly Clothes[] = [
  onAjax('wc-ajax=checkout', 'judged'),
  onAjax('wc-ajax=%63heckout', 'judged'),
  onAjax('a=b&wc-ajax=checkout&c', 'judged'),
  { ...onAjax('wc-ajax=checkout', 'judged'), path: '/any/page/?wc-ajax=checkout' },
  onAjax('wc%2Dajax=checkout', PATH),
  onAjax('+wc-ajax=checkout', PATH),
  onAjax('wc-ajax=x&wc-ajax=checkout', PATH),
  onAjax('wc-ajax%00x=checkout', PATH),
  // WordPress cleans the value (sanitize_text_field: tags, octets, white space) before it goes by it.
  onAjax('wc-ajax=checkout%20', PATH, asksAjax),
  onAjax('wc-ajax=%3Cb%3Echeckout', PATH, asksAjax),
  onAjax('wc-ajax=%2520checkout', PATH, asksAjax),
  onAjax('wc-ajax=%09checkout%0a', PATH, asksAjax),
  onAjax('wc-ajax[]=checkout', PATH, asksAjax),
  // On a path of its own kind the query decides all the same.
  { ...onAjax('wc-ajax=checkout%20', PATH, asksAjax), path: '/checkout/?wc-ajax=checkout%20' },
];

const toStore = (what: string, body: string, fate: string, isTaken: Clothes['isTaken']): Clothes => ({
  what,
  path: STORE,
  type: JSON_TYPE,
  body,
  fate,
  isTaken,
});
const tokenIn = (json: unknown, value: string) => JSON.stringify(json ?? null).includes(`"${value}"`);
const holds = (value: string) => (seen: Seen) =>
  tokenIn(seen.json, value) || tokenIn(seen.post, value) || tokenIn(seen.get, value);

/** The Store API: pairs of keys and values, from the JSON of the body, from a form, from the query. */
const stores: readonly Clothes[] = [
  toStore('as the block sends it', STORE_BODY, 'judged', holds('pm_1')),
  toStore('escaped names', STORE_BODY.replace('key', 'k\\u0065y'), 'judged', holds('pm_1')),
  {
    ...toStore(
      'a form',
      `payment_method=stripe&payment_data[0][key]=${TOKEN}&payment_data[0][value]=pm_1`,
      'judged',
      holds('pm_1'),
    ),
    type: FORM,
  },
  toStore('a name twice', STORE_BODY.replace('{', '{"payment_data":[],'), UNREADABLE, holds('pm_1')),
  toStore('a key twice', storeBody(pair(TOKEN, 'pm_0'), pair(TOKEN, 'pm_1')), UNREADABLE, holds('pm_1')),
  // sanitize_key() makes keys lower case and drops what is no letter, digit, - or _.
  toStore('a key in capitals', storeBody(pair(TOKEN.toUpperCase(), 'pm_1')), UNREADABLE, ({ keys }) =>
    keys.includes(TOKEN),
  ),
  toStore('a key in two spellings', storeBody(pair(TOKEN, 'pm_0'), pair(`${TOKEN}!`, 'pm_1')), UNREADABLE, ({ keys }) =>
    keys.every((key) => key === TOKEN),
  ),
  toStore('a list for a value', `{"payment_data":[{"key":"${TOKEN}","value":["pm_1"]}]}`, UNREADABLE, holds('pm_1')),
  toStore('an object for the list', `{"payment_data":{"x":${pair(TOKEN, 'pm_1')}}}`, UNREADABLE, holds('pm_1')),
  toStore(
    'a number for a card in the data',
    storeBody(pair('note', '4242424242424242')),
    UNREADABLE,
    holds('4242424242424242'),
  ),
  {
    ...toStore('its data in the query', '{"payment_method":"stripe"}', UNREADABLE, holds('pm_1')),
    path: `${STORE}?payment_data[0][key]=${TOKEN}&payment_data[0][value]=pm_1`,
  },
  {
    ...toStore(
      'multipart',
      multipart(['payment_data[0][key]', TOKEN], ['payment_data[0][value]', 'pm_1']),
      TYPE,
      holds('pm_1'),
    ),
    type: MULTIPART,
  },
  ...['/wp-json/wc/store/v1/CHECKOUT', '/wp-json/wc/store/v1/checkout/', '/index.php/wp-json/wc/store/v1/checkout'].map(
    (path) => ({
      ...toStore(`the path ${path}`, STORE_BODY, PATH, holds('pm_1')),
      path,
    }),
  ),
  ...[
    '?rest_route=/wc/store/v1/Checkout',
    '?rest_route=/wc/store/v1/checkout/',
    '?rest.route=/wc/store/v1/checkout',
  ].map((query) => ({
    ...toStore(`the path /${query}`, STORE_BODY, PATH, (seen: Seen) => typeof seen.get.rest_route === 'string'),
    path: `/${query}`,
  })),
  ...['/wp-json/wc/store/v1/batch', '/wp-json/wc/store/batch', '/wp-json/batch/v1', '/?rest_route=/batch/v1'].map(
    (path) => ({
      ...toStore(
        `in a batch at ${path}`,
        `{"requests":[{"path":"/wc/store/v1/checkout","body":${STORE_BODY}}]}`,
        UNREADABLE,
        holds('pm_1'),
      ),
      path,
    }),
  ),
];

/** WordPress matches its routes without regard to case, and decodes the path's octets. */
const batches: readonly Clothes[] = [
  '/wc/store/v1/CheckOut',
  '/wc/store/v1/check%6Fut?x',
  '//h/wc/store/v1/checkout/146',
].map((path) => ({
  ...toStore(`in a batch as ${path}`, JSON.stringify({ requests: [{ path, body: {} }] }), UNREADABLE, holds(path)),
  path: '/wp-json/wc/store/v1/batch',
}));

export const clothes: readonly Clothes[] = [...pages, ...ajaxes, ...stores, ...batches];
