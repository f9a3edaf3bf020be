/**
 * Come back from the bank in a way that the shop understands and the guard does not see, and hear the decline for less.
 */
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { counts, gateOf } from '../gate/asking.ts';
import { manage, putAcme, rule } from '../support/merchant.ts';
import { StandInOrigin } from '../support/origin.ts';
import { step, stepRoutes, told } from '../support/payment-shop.ts';
import { freshAddress } from '../support/preset-shop.ts';
import { cards, pay } from '../support/shopper.ts';

const PACK = cards(90);
const outcome = { failed: [{ location: ['/checkout?payment=failed'] }], succeeded: [{ location: ['/thanks'] }] };
const returns = [
  { name: 'page', match: { methods: ['GET'], path: '/back' }, payment_id: { location: 'id' }, outcome },
  { name: 'of', match: { methods: ['GET'], path: '/back/of/{id}' }, payment_id: { request: '{id}' }, outcome },
  { name: 'by-query', match: { methods: ['GET'], path: '/back/query' }, payment_id: { request: 'pi' }, outcome },
  {
    name: 'anywhere',
    match: { methods: ['GET'], path: '*', query: { 'wc-api': ['bank'] } },
    payment_id: { location: 'id' },
    outcome,
  },
];

let next = 0;
let origin: StandInOrigin;
beforeEach(async () => {
  vi.useFakeTimers({ toFake: ['Date'] });
  origin = new StandInOrigin();
  const routes = stepRoutes({ continues: true });
  await putAcme({ routes, returns, card_testing_guard_config: rule('guest_ip', 3) });
});
afterEach(() => {
  vi.unstubAllGlobals();
  vi.useRealTimers();
});

async function waiting() {
  const [id, ip] = [`pay_unseen_${++next}`, freshAddress()];
  origin.answer(() => told.waits(id));
  const answer = await step('/payments', { confirm: true, card: { number: PACK[next] ?? '' } }, { ip });
  return { id, ip, evaluation: answer.headers.get('cordon-evaluation') ?? '' };
}

const declined = (id: string) => () =>
  new Response(null, { status: 302, headers: { location: `/checkout?payment=failed&id=${id}` } });
const countOf = async (ip: string) => (await counts(gateOf('acme')))[JSON.stringify(['guest_ip', ip])] ?? 0;
const outcomeOf = async (evaluation: string) =>
  ((await (await manage('GET', `/evaluations/${evaluation}`)).json()) as { outcome: { status: string } }).outcome
    .status;

it.each([
  ['by HEAD, whose answer leads there as well', 'HEAD', '/back'],
  ['by OPTIONS, which a PHP shop serves like any other', 'OPTIONS', '/back'],
  ['by a method that no return is written for', 'POST', '/back'],
  ['in capitals', 'GET', '/BACK'],
  ['with a slash behind it', 'GET', '/back/'],
  ['with two slashes before it', 'GET', '//back'],
  ['percent-encoded', 'GET', '/%62ack'],
  ['with a parameter in its path', 'GET', '/back;a=b'],
  ['through the front controller', 'GET', '/index.php/back'],
  ['by a way round', 'GET', '/x/%2e%2e/back'],
  ['with its query said twice', 'GET', '/?wc-api=x&wc-api=bank'],
  ['with its query in capitals', 'GET', '/?WC-API=bank'],
  ['with its query as a list', 'GET', '/?wc-api[]=bank'],
  ['naming the payment in a path with a slash more', 'GET', '/back/of//{id}/'],
  ['naming the payment in a path in capitals', 'HEAD', '/Back/Of/{id}'],
  ['naming the payment in other letters', 'GET', '/back/of/%70{rest}'],
  ['naming the payment twice', 'GET', '/back/query?pi={id}&pi={id}'],
  ['naming the payment in capitals', 'GET', '/back/query?PI={id}'],
  ['naming the payment as a list', 'GET', '/back/query?pi[]={id}'],
])('a decline that is heard %s counts', async (_, method, path) => {
  const { id, ip, evaluation } = await waiting();
  origin.answer(declined(id));
  const asked = path.replaceAll('{id}', id).replaceAll('{rest}', id.slice(1));
  const answer = await pay({ path: asked, method, body: method === 'POST' ? 'a=b' : null, ip, headers: {} });
  expect([answer.status, answer.headers.get('location')]).toEqual([302, `/checkout?payment=failed&id=${id}`]);
  expect([await outcomeOf(evaluation), await countOf(ip)]).toEqual(['failed', 1]);
});

it.each([
  '/back/query?pi=pay_no&pi={id}',
  '/back/query?pi={id}&pi=pay_no',
  '/back/query?pi={id}&PI=',
  '/Back/Query?pi={id};pi=pay_no',
])('nothing is heard, and nothing told, by %s: which of two payments the shop reads nobody knows', async (path) => {
  const { id, ip, evaluation } = await waiting();
  origin.answer(declined(id));
  const asked = origin.arrived.length;
  const answer = await pay({ path: path.replaceAll('{id}', id), method: 'GET', body: null, ip, headers: {} });
  expect([answer.status, origin.arrived.length]).toEqual([400, asked]);
  expect([await outcomeOf(evaluation), await countOf(ip)]).toEqual(['pending', 0]);
});

it.each(['/other', '/back/of', '/backs', '/?wc-api=other', '/back/of/a/b'])('%s is some other page', async (path) => {
  const { id, ip, evaluation } = await waiting();
  origin.answer(declined(id));
  await pay({ path, method: 'GET', body: null, ip, headers: { range: 'bytes=0-1' } });
  expect(origin.arrived.at(-1)?.headers.get('range')).toBe('bytes=0-1');
  expect(await outcomeOf(evaluation)).toBe('pending');
});
