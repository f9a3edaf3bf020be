/**
 * Somebody looks for the shop's server: through everything that a client can see, of thousands of answers made up by
 * chance from what real servers say, and of Cordon's own. Neither the server's name nor an address of it is there.
 */
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { SERVER_PAGES } from '../origin/server-pages.ts';
import { acme, manage, payRoute } from '../support/merchant.ts';
import { StandInOrigin } from '../support/origin.ts';
import { pay, type Try } from '../support/shopper.ts';

const NAMES = ['nl.hidden.example', 'backend-7f3a.example'] as const;
const ADDRESSES = ['10.0.0.7', '198.51.100.77', 'fd00::77', '2001:db8::77', '::ffff:a00:7'] as const;
const back = { name: 'back', match: { methods: ['GET', 'POST'], path: '/back/{id}' }, payment_id: { request: '{id}' } };

let origin: StandInOrigin;
beforeEach(async () => {
  origin = new StandInOrigin();
  const pool = NAMES.map((name) => ({ url: `https://${name}` }));
  const returns = [{ ...back, outcome: { succeeded: [{ status: [200] }] } }];
  const answer = await manage('PUT', '/merchants/acme', { ...acme, origin: { pool }, routes: [payRoute], returns });
  expect(answer.status, await answer.clone().text()).toBeLessThan(300);
});
afterEach(() => vi.unstubAllGlobals());

/** However it is spelled. Its own rules, not those of the code that it tests. */
function tells(text: string): string | null {
  let plain = text;
  for (let i = 0; i < 4; i += 1) {
    plain = plain.replaceAll(/%([0-9a-f]{2})/gi, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
  }
  const read = plain
    .normalize('NFKC')
    .toLowerCase()
    .replaceAll(/[\t\u00ad\u200b]/g, '')
    .replaceAll('\u3002', '.');
  return [...NAMES, ...ADDRESSES].find((secret) => read.includes(secret)) ?? null;
}

const LEADING = ['location', 'content-location', 'refresh', 'link'];

/** Everything of an answer's head that a client sees. */
function findIn({ status, statusText, headers }: Response): string | null {
  for (const [name, value] of [['', statusText], ...headers]) {
    const found = tells(`${name}: ${value}`);
    if (found !== null) return `${status} ${name}: ${value}`;
    if (LEADING.includes(name ?? '') && /(?:^|[<=])\s*["']?http:/i.test(value ?? '')) return `${name}: ${value}`;
  }
  return null;
}

const name = fc.constantFrom(...NAMES);
const spelling = fc.constantFrom<(text: string) => string>(
  (text) => text,
  (text) => text.toUpperCase(),
  (text) => `${text}.`,
  (text) => `${text}:443`,
  (text) => `${text}:8080`,
  (text) => `user:secret@${text}`,
  (text) => text.replace('.', '%2e'),
  (text) => text.replace(/[a-z]/, (letter) => `%${letter.charCodeAt(0).toString(16)}`),
  (text) => text.replace(/[a-z]/, (letter) => `%25${letter.charCodeAt(0).toString(16)}`),
  (text) => text.replace(/.$/, (letter) => `\t${letter}`),
  (text) => `www.${text}`,
  (text) => `old-${text}`,
  (text) => `${text}.evil.example`,
);
const host = fc.oneof(
  { weight: 5, arbitrary: fc.tuple(name, spelling).map(([it, spelled]) => spelled(it)) },
  {
    weight: 1,
    arbitrary: fc.constantFrom(
      '10.0.0.7',
      '10.0.0.7:8080',
      '[fd00::77]',
      '[FD00::77]:443',
      '[fd00:0::0:77]',
      '[::ffff:10.0.0.7]:8080',
      '[0:0::FFFF:a00:7]',
    ),
  },
);
const url = fc
  .tuple(
    fc.constantFrom(
      'https://',
      'http://',
      'HTTP://',
      '//',
      '\\\\',
      '/\\',
      'https:\\\\',
      'http:',
      'wss://',
      'ht\ttp://',
    ),
    host,
  )
  .map((parts) => `${parts.join('')}/next?a=1`);
const urlInUrl = fc.tuple(fc.constantFrom('/login?to=', 'https://login.example/?to=', 'http://login.example/'), url);
const anyUrl = fc.oneof(
  url,
  urlInUrl.map(([outer, inner]) => outer + encodeURIComponent(inner)),
  urlInUrl.map((it) => it.join('')),
);
const address = fc.constantFrom(...ADDRESSES, '198.51.100.77:8080', 'from 10.0.0.7, port 80', '::ffff:10.0.0.7');
const header = fc.oneof(
  fc.tuple(fc.constantFrom('location', 'content-location', 'sourcemap', 'x-pingback', 'x-next'), anyUrl),
  fc.tuple(
    fc.constant('refresh'),
    anyUrl.map((it) => `0; url=${it}`),
  ),
  fc.tuple(
    fc.constant('refresh'),
    anyUrl.map((it) => `3;URL="${it}"`),
  ),
  fc.tuple(
    fc.constant('link'),
    anyUrl.map((it) => `<${it}>; rel=preload, </b>; rel=next`),
  ),
  fc.tuple(
    fc.constant('set-cookie'),
    host.map((it) => `a=1; Domain=${it}; Path=/`),
  ),
  fc.tuple(
    fc.constant('set-cookie'),
    host.map((it) => `a=1; Path=/; DOMAIN=.${it}`),
  ),
  fc.tuple(
    fc.constant('set-cookie'),
    anyUrl.map((it) => `back=${encodeURIComponent(it)}; Path=/`),
  ),
  fc.tuple(fc.constantFrom('access-control-allow-origin', 'timing-allow-origin'), anyUrl),
  fc.tuple(
    fc.constantFrom('content-security-policy', 'content-security-policy-report-only'),
    anyUrl.map((it) => `connect-src 'self' ${it}; report-uri ${it}`),
  ),
  fc.tuple(
    fc.constantFrom('report-to', 'nel'),
    anyUrl.map((it) => JSON.stringify({ endpoints: [{ url: it }] })),
  ),
  fc.tuple(
    fc.constant('reporting-endpoints'),
    anyUrl.map((it) => `main="${it}"`),
  ),
  fc.tuple(
    fc.constantFrom(
      'server',
      'via',
      'x-served-by',
      'x-cache',
      'alt-svc',
      'warning',
      'forwarded',
      'x-forwarded-host',
      'x-backend',
      'proxy-status',
      'server-timing',
    ),
    host,
  ),
  fc.tuple(
    fc.constantFrom(
      'x-node',
      'x-own',
      'x-shop-state',
      'www-authenticate',
      'etag',
      'content-disposition',
      'x-frame-options',
    ),
    fc.oneof(host, anyUrl),
  ),
  fc.tuple(fc.constantFrom('x-own', 'x-upstream-addr', 'x-real-ip', 'x-shop-server'), address),
);
const answer = fc.record({
  status: fc.constantFrom(200, 201, 204, 301, 302, 303, 304, 307, 308, 402, 404, 500, 503),
  statusText: fc.constantFrom('', 'OK', 'OK by nl.hidden.example', '10.0.0.7'),
  headers: fc.array(header, { maxLength: 6 }),
  page: fc.constantFrom('', '{"status":"succeeded"}', '<p>shop</p>'),
});

const WAYS: readonly (readonly [string, () => Try])[] = [
  ['beside the protected routes', () => ({ path: '/page', method: 'GET', body: null })],
  ['sending something beside them', () => ({ path: '/cart' })],
  ['on a protected route', () => ({})],
  ['on the way back from a bank', () => ({ path: '/back/pay_1', method: 'GET', body: null })],
];

function made({
  status,
  statusText,
  headers,
  page,
}: typeof answer extends fc.Arbitrary<infer A> ? A : never): Response {
  const all = new Headers({ 'content-type': 'text/html' });
  for (const [key, value] of headers) {
    if (key === 'set-cookie') all.append(key, value);
    else all.set(key, value);
  }
  return new Response([204, 304].includes(status) ? null : page, { status, statusText, headers: all });
}

describe.each(WAYS)('%s', (_, way) => {
  it('no head of an answer tells where the server is', async () => {
    await fc.assert(
      fc.asyncProperty(answer, async (one) => {
        origin.answer(() => made(one));
        const got = await pay(way());
        await got.arrayBuffer();
        expect(findIn(got)).toBeNull();
      }),
      { numRuns: 500 },
    );
  });

  it('no page of what stands before the server is seen', async () => {
    for (const [, status, page] of SERVER_PAGES) {
      const named = page.replaceAll('nl.origin.acme.example', NAMES[0]);
      origin.answer(() => new Response(named, { status, headers: { 'content-type': 'text/html', via: NAMES[0] } }));
      const got = await pay(way());
      expect([findIn(got), tells(await got.text())]).toEqual([null, null]);
    }
  });

  it.each([
    ['cannot be reached', () => Promise.reject(new TypeError(`connect ECONNREFUSED ${NAMES[0]} 10.0.0.7:443`))],
    ['breaks off', () => new Response(new ReadableStream({ pull: () => Promise.reject(new Error(NAMES[0])) }))],
    ['says what cannot be said', () => Response.error()],
  ])('where it %s, nothing tells', async (_, failing) => {
    origin.answer(failing as () => Promise<Response>);
    const got = await pay(way());
    expect(findIn(got)).toBeNull();
    expect(tells(await got.text().catch(() => ''))).toBeNull();
  });
});

it('a WebSocket’s handshake tells nothing either, and the socket works', async () => {
  origin.answer(() => {
    const [theirs, ours] = Object.values(new WebSocketPair()) as [WebSocket, WebSocket];
    ours.accept();
    ours.addEventListener('message', ({ data }) => ours.send(`echo ${data}`));
    const headers = {
      server: NAMES[0],
      'x-node': '10.0.0.7',
      'set-cookie': `a=1; Domain=${NAMES[0]}`,
      'x-shop': 'kept',
    };
    return new Response(null, { status: 101, webSocket: theirs, headers });
  });
  const got = await pay({ path: '/live', method: 'GET', body: null, headers: { upgrade: 'websocket' } });
  expect([got.status, findIn(got), got.headers.get('x-shop')]).toEqual([101, null, 'kept']);
  expect(got.headers.getSetCookie()).toEqual(['a=1']);
  const socket = got.webSocket as WebSocket;
  socket.accept();
  const said = new Promise((resolve) => socket.addEventListener('message', ({ data }) => resolve(data)));
  socket.send('hello');
  expect(await said).toBe('echo hello');
  socket.close();
});

it.each<[string, Try]>([
  ['health', { path: '/.cordon/health', method: 'GET', body: null }],
  ['keys', { path: '/.cordon/jwks.json', method: 'GET', body: null }],
  ['the API, asked by a stranger', { path: '/.cordon/v1/merchants/acme', method: 'GET', body: null }],
  ['the page that describes it', { path: '/.cordon/docs', method: 'GET', body: null }],
  ['the description', { path: '/.cordon/v1/openapi.json', method: 'GET', body: null }],
  ['what is nowhere', { path: '/.cordon/nowhere', method: 'GET', body: null }],
  ['a challenge that is none', { path: '/.cordon/challenge/x', method: 'GET', body: null }],
  ['an unreadable payment', { body: '{' }],
  ['another method', { method: 'DELETE', body: null }],
  ['another spelling', { path: '/API/pay' }],
  ['no address', { ip: null }],
  ['plain http', { shop: 'http://shop.acme.example', path: '/', method: 'GET', body: null }],
  ['another host', { shop: `https://${NAMES[0]}`, path: '/', method: 'GET', body: null }],
])('Cordon’s own answer says nothing of it: %s', async (_, way) => {
  const got = await pay(way);
  const body = await got.text();
  expect([findIn(got), way.shop === undefined ? tells(body) : null]).toEqual([null, null]);
});
