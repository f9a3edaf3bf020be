/**
 * What the doctor finds: a shop that is well, and one thing wrong at a time, told by stand-ins on loopback; and the real
 * Cordon, as it runs in development.
 */
import { createServer as createHttp, type RequestListener, type ServerResponse } from 'node:http';
import { createServer as createHttps, type ServerOptions } from 'node:https';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { runCommand } from '../../commands/cordon/command-line.ts';
import { exchange } from '../../commands/doctor/exchange.ts';
import type { Finding } from '../../commands/doctor/finding.ts';
import { selfSigned } from '../support/bare-certificate.ts';
import { openShop, type Shop } from '../support/bare-merchant.ts';
import { paid } from '../support/bare-origin.ts';

async function run(...words: string[]) {
  let out = '';
  const code = await runCommand(['doctor', ...words], {
    environment: {},
    devVarsPath: '/nowhere',
    write: (text) => {
      out += text;
    },
    complain: (text) => {
      out += text;
    },
    readFile: () => '',
    openFile: () => {
      throw new Error('no file is written');
    },
    askForCard: async () => '',
    askForProof: async () => '',
    askAloud: async () => null,
    isWatched: false,
  });
  return { code, out };
}

const bads = (out: string) =>
  (JSON.parse(out) as { findings: Finding[] }).findings
    .filter(({ verdict }) => verdict === 'bad')
    .map(({ check }) => check);

interface Patient {
  /** Answers before the healthy one; true: it has. */
  readonly first?: (method: string, path: string, response: ServerResponse, isMarked: boolean) => boolean;
  readonly plain?: RequestListener;
  readonly tls?: ServerOptions;
}

const HSTS = { 'strict-transport-security': 'max-age=31536000' };
const tls = (() => {
  const { privateKey: key, certificate: cert } = selfSigned('localhost');
  return { key, cert };
})();

function say(response: ServerResponse, status: number, body: unknown, headers: Record<string, string> = {}): true {
  response.writeHead(status, { 'content-type': 'application/problem+json', ...HSTS, ...headers });
  response.end(typeof body === 'string' ? body : JSON.stringify(body));
  return true;
}

/** A host as Cordon serves it in production. */
function cordon(first: Patient['first']): RequestListener {
  return (request, response) => {
    request.resume();
    const { method = '', url: path = '' } = request;
    const isMarked = request.headers['cordon-loop'] !== undefined;
    if (first?.(method, path, response, isMarked)) return;
    if (isMarked) return void say(response, 508, { code: 'loop_detected' });
    if (path === '/.cordon/health') return void say(response, 200, { status: 'ok' });
    if (path === '/.cordon/jwks.json') return void say(response, 200, { keys: [{ kty: 'OKP', use: 'sig' }] });
    if (path.startsWith('/.cordon/')) return void say(response, 404, { code: 'not_found' });
    if (method === 'POST') return void say(response, 400, { code: 'unreadable' }, { 'cordon-evaluation': 'ev_1' });
    say(response, path === '/' ? 200 : 404, '<p>shop</p>', {
      'content-type': 'text/html',
      server: 'cloudflare',
      'cf-ray': 'x',
    });
  };
}

const plainCordon: RequestListener = ({ method }, response) => {
  if (method === 'POST') say(response, 403, { code: 'https_required' });
  else response.writeHead(308, { location: 'https://localhost/' }).end();
};

async function listen(server: ReturnType<typeof createHttp> | ReturnType<typeof createHttps>): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', () => resolve()));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return (server.address() as AddressInfo).port;
}

async function patient({ first, plain = plainCordon, tls: more = {} }: Patient): Promise<string[]> {
  const secure = await listen(createHttps({ ...tls, ...more }, cordon(first)));
  const open = await listen(createHttp(plain));
  return [`localhost:${secure}`, '--http-port', String(open)];
}

async function originThat(answer: RequestListener): Promise<string[]> {
  return ['--origin', `http://127.0.0.1:${await listen(createHttp(answer))}`];
}
const refusing: RequestListener = (_, response) => void response.writeHead(401).end('unsigned');
/** Refuses what is not signed, and looks at no signature. */
const believing: RequestListener = ({ headers }, response) =>
  void response.writeHead(headers.signature === undefined ? 401 : 200).end();

it('a host that is well: 0, and a table that says so', async () => {
  const words = [...(await patient({})), ...(await originThat(refusing))];
  const { code, out } = await run(...words);
  expect(code, out).toBe(0);
  expect(out).toContain('whole host');
  expect(out).not.toContain('BAD');
  const { findings } = JSON.parse((await run(...words, '--json')).out) as { findings: Finding[] };
  expect(findings.filter(({ verdict }) => verdict === 'good').length).toBeGreaterThan(12);
  expect(findings.every(({ verdict, advice }) => (verdict === 'good') === (advice === null))).toBe(true);
});

describe('one thing wrong', () => {
  it.each<[string, Patient, string[]]>([
    [
      'a spelling that passes Cordon by',
      { first: (_, path, to) => path === '/API/PAY' && say(to, 200, 'paid') },
      ['whole host'],
    ],
    [
      'a method that passes Cordon by',
      { first: (method, path, to) => method === 'POST' && path === '/api/pay/' && say(to, 404, 'x') },
      ['whole host'],
    ],
    [
      'no Cordon',
      { first: (_, path, to) => path === '/.cordon/health' && say(to, 404, 'x', { 'content-type': 'text/html' }) },
      ['Cordon is ready'],
    ],
    [
      'a secret that is missing',
      { first: (_, path, to) => path === '/.cordon/health' && say(to, 503, { code: 'unhealthy' }) },
      ['Cordon is ready'],
    ],
    [
      'pages over plain http',
      { plain: (request, to) => (request.method === 'POST' ? plainCordon(request, to) : void to.end('hello')) },
      ['pages by https alone'],
    ],
    [
      'payments over plain http',
      { plain: (request, to) => (request.method === 'POST' ? void to.end('paid') : plainCordon(request, to)) },
      ['payments by https alone'],
    ],
    ['old TLS', { tls: { minVersion: 'TLSv1', ciphers: 'DEFAULT@SECLEVEL=0' } }, ['TLS version']],
    [
      'a server that tells its name',
      {
        first: (_, path, to, isMarked) =>
          !isMarked && path === '/' && say(to, 200, 'x', { server: 'nginx', 'content-type': 'text/html' }),
      },
      ['headers'],
    ],
    [
      'an address in a header',
      { first: (_, path, to, isMarked) => !isMarked && path === '/' && say(to, 200, 'x', { 'x-from': '10.0.0.7' }) },
      ['headers'],
    ],
    ['no keys', { first: (_, path, to) => path === '/.cordon/jwks.json' && say(to, 404, {}) }, ['signing keys']],
    [
      'management on the shop’s host',
      { first: (_, path, to) => path === '/.cordon/v1/merchants' && say(to, 401, {}) },
      ['management'],
    ],
  ])('%s', async (_, sick, expected) => {
    const { code, out } = await run(...(await patient(sick)), '--json');
    expect([code, bads(out)]).toEqual([1, expected]);
  });

  it('an origin that answers strangers: what to do stands below', async () => {
    const { code, out } = await run(
      ...(await patient({})),
      ...(await originThat((_, response) => void response.end('shop'))),
    );
    expect(code).toBe(1);
    expect(out).toContain('docs/hidden-origin.md');
  });

  it('an origin that believes any signature', async () => {
    const { out } = await run(...(await patient({})), ...(await originThat(believing)), '--json');
    expect(bads(out)).toEqual([expect.stringMatching(/forged signature$/)]);
  });

  it.each([
    ['a page', { 'content-type': 'text/html' }, 'see http://127.0.0.1/'],
    ['a header', { 'content-type': 'text/html', etag: '"127.0.0.1"' }, 'x'],
  ])('an origin that is named in %s', async (_, headers, body) => {
    const sick = await patient({
      first: (_, path, to, isMarked) => !isMarked && path === '/' && say(to, 200, body, headers),
    });
    const { out } = await run(...sick, ...(await originThat(refusing)), '--json');
    expect(bads(out)).toEqual(['127.0.0.1 is named nowhere']);
  });

  it('an origin that nobody reaches is as it should be', async () => {
    const { code } = await run(...(await patient({})), '--origin', 'http://127.0.0.1:1');
    expect(code).toBe(0);
  });
});

it('a host that does not answer: 3', async () => {
  expect((await run('127.0.0.1:1')).code).toBe(3);
});

it.each([
  [[]],
  [['a', 'b']],
  [['https://shop.example']],
  [['user@shop.example']],
  [['shop.example', '--path', 'api/pay']],
  [['shop.example', '--http-port', 'x']],
  [['shop.example', '--origin', 'ftp://x']],
])('a command that makes no sense: 2 (%j)', async (words) => {
  expect((await run(...words)).code).toBe(2);
});

describe('the real Cordon', () => {
  let shop: Shop;
  const ends: (() => void | Promise<void>)[] = [];
  beforeAll(async () => {
    shop = await openShop({ hosts: ['localhost'] }, { atTheEnd: (end) => void ends.push(end) });
    shop.origin.reply(() => paid(0));
  });
  afterAll(async () => {
    for (const end of ends.reverse()) await end();
  });

  it('in development: well but for what development leaves open', async () => {
    const { https, http } = shop.bare.ports;
    const { out } = await run(`localhost:${https}`, '--http-port', String(http), '--json');
    expect(bads(out)).toEqual(['management']);
    // Of all that was asked, only what came without the mark went on.
    expect(shop.origin.arrived.length).toBeLessThan(4);
  });
});

it('asks a server for its own certificate, whatever shop it names: else a closed name is taken for a closed door', async () => {
  const names: string[] = [];
  const SNICallback: ServerOptions['SNICallback'] = (name, answer) => {
    names.push(name);
    answer(null);
  };
  const port = await listen(createHttps({ ...tls, SNICallback }, refusing));
  await exchange({ url: new URL(`https://localhost:${port}`), headers: { host: 'shop.acme.example' } });
  expect(names).toEqual(['localhost']);
});
