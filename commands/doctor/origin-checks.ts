// What can be found out about an origin whose name somebody knows: whether it takes requests that are not Cordon's.

import { lookup } from 'node:dns/promises';
import { type Answered, type Exchange, exchange } from './exchange.ts';
import { bad, type Finding, good, unsure } from './finding.ts';
import { inTurn, type Shop } from './shop-checks.ts';

const guide = 'Close its door: docs/hidden-origin.md, and docs/signed-requests.md for the signature.';
const refusals = [400, 401, 403, 407, 421, 426, 495, 496, 497];

/** As somebody might write it who knows how Cordon signs, and has no key. */
const forged = {
  'cordon-evaluation': 'ev_forged',
  'x-forwarded-proto': 'https',
  'signature-input': 'cordon=("@method" "@target-uri");created=1;keyid="forged";alg="ed25519"',
  signature: `cordon=:${Buffer.alloc(64).toString('base64')}:`,
};

export async function checkOrigin(origin: URL, { url: shop, path }: Shop): Promise<readonly Finding[]> {
  const asShop = { host: shop.host };
  const payment = { method: 'POST', path, body: '{}' };
  const json = { 'content-type': 'application/json' };
  const ways = [
    ['a stranger', { url: origin }],
    ['a stranger who names the shop', { url: origin, headers: asShop }],
    ['a payment of a stranger', { url: origin, ...payment, headers: json }],
    ['a payment with a forged signature', { url: origin, ...payment, headers: { ...json, ...forged, ...asShop } }],
  ] as const;
  const answers = await inTurn(ways, ([, asked]) => exchange(asked));
  return ways.map(([who], i) => judge(`${origin.host}: ${who}`, answers[i] as Exchange));
}

function judge(check: string, answer: Exchange): Finding {
  if (answer.kind === 'silent') return good(check, `gets no answer (${answer.reason})`);
  if (refusals.includes(answer.status)) return good(check, `is refused (${answer.status})`);
  if (answer.status >= 500) return unsure(check, `gets ${answer.status}: it was let in as far as that`, guide);
  return bad(check, `is answered with ${answer.status}`, guide);
}

/** The name and the addresses of an origin, in what anybody gets from the shop. */
export async function checkUnnamed(origin: URL, answers: readonly Answered[]): Promise<Finding> {
  const check = `${origin.hostname} is named nowhere`;
  const found = await lookup(origin.hostname.replace(/^\[|\]$/g, ''), { all: true }).catch(() => []);
  const secrets = [origin.hostname, ...found.map(({ address }) => address)].map((text) => text.toLowerCase());
  const tell = (text: string) => secrets.some((secret) => text.toLowerCase().includes(secret));
  const heads = answers.filter(
    ({ headers, phrase }) => headers.some((header) => tell(header.join(': '))) || tell(phrase),
  );
  const bodies = answers.filter(({ body }) => tell(body));
  const pathOf = ({ asked: { path, url } }: Answered) => path ?? url.pathname;
  if (heads.length > 0)
    return bad(
      check,
      `in the head of ${heads.map(pathOf).join(', ')}`,
      'These answers came past Cordon: route the whole host to it.',
    );
  if (bodies.length === 0) return good(check, `searched ${answers.length} answers`);
  return bad(
    check,
    `in the body of ${bodies.map(pathOf).join(', ')}`,
    'The shop writes it there: set the base URL that it believes in to the shop’s host.',
  );
}
