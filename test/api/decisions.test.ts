/**
 * Searching the record: every filter finds what it says and nothing else, pages do not move, faults are named.
 */
import { beforeAll, describe, expect, it } from 'vitest';
import { ANSWERS } from '../../src/api/openapi-schemas.ts';
import { idOf } from '../support/decisions.ts';
import { api, newKey, newMerchant, problemOf } from './backend.ts';
import { FROM, found, list, outcomeOf, plain, put, shopOf } from './record-shelf.ts';

const CARD = `fp_${'b'.repeat(43)}`;
const SESSION = `se_${'c'.repeat(22)}`;
const velocity = (rule: string, mode: 'enforce' | 'shadow') =>
  ({ code: 'velocity', rule, message: '4 failures, limit 4', mode }) as const;

let merchant: string;
let other: string;

/** Eight decisions, a minute from each other; each but the first differs in a few fields. */
const changes = [
  {},
  { decision: 'block', would_be: 'block', reasons: [velocity('card_ip', 'enforce')], country: 'VN', asn: 45899 },
  { would_be: 'block', reasons: [velocity('guest_ip', 'shadow'), velocity('card_ip', 'shadow')] },
  { card: CARD, bin: '411111', customer: 'cus_1', session: SESSION },
  { ip: '203.0.113.10', route: 'wallet' },
  { ip: '203.0.112.9', ip_prefix: '203.0.112.0/24', reasons: [{ code: 'tor', message: 'Tor', mode: 'enforce' }] },
  { ip: '2001:db8:1:2::3', ip_prefix: '2001:db8:1::/48', country: 'T1', asn: null },
  { bin: '42', decision: 'review', would_be: 'review' },
] as const;

beforeAll(async () => {
  merchant = await newMerchant();
  other = await newMerchant();
  for (const one of [merchant, other]) {
    await put(
      ...changes.map((change, at) => plain(one, at, change)),
      outcomeOf(one, 0),
      outcomeOf(one, 3, { status: 'failed', decline_reason: 'do_not_honor' }),
      outcomeOf(one, 3, { status: 'failed', try: 'ch_2', decline_reason: 'do_not_honor' }),
      outcomeOf(one, 4, { status: 'pending' }),
      outcomeOf(one, 5, { status: 'unknown' }),
      outcomeOf(one, 0, { status: 'failed', try: 'ch_1', decline_reason: 'expired' }),
      { kind: 'label', merchant: one, at: FROM, evaluation: idOf(shopOf(one), 0), label: 'dispute' },
    );
  }
});

const minute = (at: number) => encodeURIComponent(new Date(FROM + at * 60_000).toISOString());

const CASES: readonly (readonly [query: () => string, expected: readonly number[]])[] = [
  [() => '', [7, 6, 5, 4, 3, 2, 1, 0]],
  [() => `from=${minute(6)}`, [7, 6]],
  [() => `to=${minute(2)}`, [1, 0]],
  [() => `from=${minute(2)}&to=${minute(4)}`, [3, 2]],
  [() => `from=${encodeURIComponent('2026-11-01T12:06:00+02:00')}`, [7, 6]],
  [() => 'decision=block', [1]],
  [() => 'decision=challenge', []],
  [() => 'would_be=block', [2, 1]],
  [() => 'would_be=block&decision=allow', [2]],
  [() => 'rule=velocity', [2, 1]],
  [() => 'rule=velocity:card_ip', [2, 1]],
  [() => 'rule=velocity:guest_ip', [2]],
  [() => 'rule=velocity:card', []],
  [() => 'rule=tor', [5]],
  [() => 'country=VN', [1]],
  [() => 'country=T1', [6]],
  [() => 'asn=45899', [1]],
  [() => 'bin=411111', [3]],
  [() => 'bin=41', [3]],
  [() => 'bin=42', [7, 6, 5, 4, 2, 1, 0]],
  [() => 'ip=203.0.113.10', [4]],
  [() => 'ip=203.0.113.0/24', [7, 4, 3, 2, 1, 0]],
  [() => 'ip=203.0.112.0/23', [7, 5, 4, 3, 2, 1, 0]],
  [() => 'ip=203.0.0.0/16', [7, 5, 4, 3, 2, 1, 0]],
  [() => 'ip=2001:DB8:1:2:0:0:0:3', [6]],
  [() => 'ip=2001:db8:1::/48', [6]],
  [() => 'ip=2001:db8::/40', [6]],
  [() => 'customer=cus_1', [3]],
  [() => `card=${CARD}`, [3]],
  [() => `session=${SESSION}`, [3]],
  [() => 'outcome=succeeded', [0]],
  [() => 'outcome=failed', [3, 0]],
  [() => 'outcome=pending', [4]],
  [() => 'outcome=unknown', [5]],
  [() => 'outcome=none', [7, 6, 2, 1]],
  [() => 'route=wallet', [4]],
  [() => `evaluation=${idOf(shopOf(merchant), 4)}`, [4]],
  [() => `evaluation=${idOf(shopOf(merchant), 4)}&route=pay`, []],
  [() => 'rule=velocity&outcome=none&country=NL&would_be=block&ip=203.0.113.9', [2]],
  [() => `outcome=failed&card=${CARD}&customer=cus_1&from=${minute(3)}&to=${minute(4)}`, [3]],
];

describe('finds what is asked for, and nothing of another merchant', () => {
  it.each(CASES.map(([query, expected], index) => [index, query, expected] as const))(
    '%i',
    async (_, query, expected) => {
      expect([query(), await found(merchant, query())]).toEqual([query(), expected]);
    },
  );

  it('a session by the name that the backend gave it', async () => {
    const mine = await newMerchant();
    const evaluated = await api('POST', '/evaluations', {
      body: { merchant: mine, attempt: { ip: '203.0.113.9', session_id: 'visit 1' } },
    });
    expect(evaluated.status).toBe(200);
    const digests = await import('../../src/attempt/session-cookie.ts');
    const { parseEnvironment } = await import('../../src/config/environment.ts');
    const { Policies } = await import('../../src/config/policies.ts');
    const { env } = await import('cloudflare:workers');
    const parsed = await parseEnvironment(env as never);
    if (!parsed.ok) throw new Error('no environment');
    const inForce = await new Policies(parsed.environment).ofMerchant(mine, Date.now(), () => {});
    if (inForce === null) throw new Error('no merchant');
    const session = await digests.sessionIdentity('visit 1', inForce.policy.digestKey);
    await put(plain(mine, 0, { session }), plain(mine, 1));
    expect(await found(mine, 'session=visit%201')).toEqual([0]);
  });

  it('with everything that stands in the row', async () => {
    const { decisions } = await list(merchant, '');
    expect(ANSWERS.Decisions?.safeParse({ decisions, next_cursor: null }).error?.issues ?? []).toEqual([]);
    const [first, third] = [decisions.at(-1), decisions.at(-4)];
    expect(first).toMatchObject({ created_at: new Date(FROM).toISOString(), labels: ['dispute'], route: 'pay' });
    expect(first?.outcome).toMatchObject({ status: 'succeeded', told_by: 'answer' });
    expect(third?.outcome).toMatchObject({ status: 'failed', decline_reason: 'do_not_honor' });
    expect(JSON.stringify(decisions)).not.toContain('ch_1');
  });
});

describe('pages', () => {
  it('hold all, each once, while new decisions come', async () => {
    const mine = await newMerchant();
    await put(...Array.from({ length: 10 }, (_, at) => plain(mine, at)));
    const seen: number[] = [];
    let cursor: string | null = '';
    for (let page = 0; cursor !== null; page++) {
      const { decisions, next_cursor }: Awaited<ReturnType<typeof list>> = await list(
        mine,
        `limit=3${cursor === '' ? '' : `&cursor=${cursor}`}`,
      );
      seen.push(...decisions.map(({ created_at }) => (Date.parse(created_at) - FROM) / 60_000));
      await put(plain(mine, 50 + page));
      cursor = next_cursor;
    }
    expect(seen).toEqual([9, 8, 7, 6, 5, 4, 3, 2, 1, 0]);
  });

  it('end where they end: a full last page has no next', async () => {
    expect((await list(merchant, 'limit=8')).next_cursor).toBeNull();
    expect((await list(merchant, 'limit=7')).next_cursor).not.toBeNull();
  });

  it('go on under filters by rule and outcome, whose payments have several tries', async () => {
    for (const filter of ['rule=velocity', 'outcome=failed']) {
      const first = await list(merchant, `${filter}&limit=1`);
      const second = await list(merchant, `${filter}&limit=1&cursor=${first.next_cursor}`);
      const whole = await list(merchant, filter);
      expect([...first.decisions, ...second.decisions]).toEqual(whole.decisions);
      expect(second.next_cursor).toBeNull();
    }
  });

  it('an empty record is an empty page', async () => {
    expect(await list(await newMerchant(), '')).toEqual({ decisions: [], next_cursor: null });
  });
});

const FAULTS: readonly (readonly [string, string])[] = [
  ['from=yesterday', '/from'],
  ['from=2026-02-30T00:00:00Z', '/from'],
  ['from=2026-11-01T00:00:00', '/from'],
  ['from=2026-11-02T00:00:00Z&to=2026-11-01T00:00:00Z', '/to'],
  ['decision=deny', '/decision'],
  ['would_be=', '/would_be'],
  ['rule=speed', '/rule'],
  ['rule=velocity:', '/rule'],
  ['country=nl', '/country'],
  ['asn=AS1136', '/asn'],
  ['asn=0', '/asn'],
  ['bin=4242424', '/bin'],
  ['bin=42a', '/bin'],
  ['ip=203.0.113', '/ip'],
  ['ip=203.0.113.9/24', '/ip'],
  ['ip=203.0.113.0/25', '/ip'],
  ['ip=203.0.0.0/15', '/ip'],
  ['ip=2001:db8::/39', '/ip'],
  ['customer=', '/customer'],
  ['card=4242424242424242', '/card'],
  ['session=', '/session'],
  ['outcome=declined', '/outcome'],
  ['route=', '/route'],
  ['evaluation=ev_1', '/evaluation'],
  ['format=xml', '/format'],
  ['limit=0', '/limit'],
  ['limit=1001', '/limit'],
  ['limit=1e2', '/limit'],
  ['limit=', '/limit'],
  ['format=csv&limit=100001', '/limit'],
  ['cursor=abc', '/cursor'],
  ['cursor=', '/cursor'],
  ['page=2', '/page'],
  ['country=NL&country=DE', '/country'],
];

describe('a fault names its parameter, and no value', () => {
  it.each(FAULTS)('%s', async (query, path) => {
    const answer = await api('GET', `/merchants/${merchant}/decisions?${query}`);
    const { code, errors } = (await answer.json()) as {
      code: string;
      errors: readonly { path: string; message: string }[];
    };
    expect([answer.status, code, errors.map((error) => error.path)]).toEqual([400, 'invalid_request', [path]]);
    expect(JSON.stringify(errors)).not.toContain('4242424242424242');
  });

  it('all of them at once', async () => {
    const answer = await api('GET', `/merchants/${merchant}/decisions?asn=x&bin=y&nothing=z`);
    const { errors } = (await answer.json()) as { errors: readonly { path: string }[] };
    expect(errors.map(({ path }) => path).sort()).toEqual(['/asn', '/bin', '/nothing']);
  });

  it("another merchant's evaluation, or cursor, is none of this one's", async () => {
    const { next_cursor } = await list(other, 'limit=1');
    for (const query of [
      `cursor=${next_cursor}`,
      `evaluation=${idOf(shopOf(other), 0)}`,
      `format=ndjson&cursor=${next_cursor}`,
    ]) {
      expect((await api('GET', `/merchants/${merchant}/decisions?${query}`)).status).toBe(400);
    }
  });

  it.each(['/explained', '/stats?span=week', '/stats?what=weather', '/stats?limit=1'])('at %s', async (path) => {
    const at = path === '/explained' ? `/decisions/${idOf(shopOf(merchant), 0)}?verbose=1` : path;
    expect(await problemOf(await api('GET', `/merchants/${merchant}${at}`))).toEqual([400, 'invalid_request']);
  });
});

describe("one merchant's key", () => {
  it.each(['decisions', 'stats', `decisions/ID`])("opens nothing of another's: %s", async (path) => {
    const { key } = await newKey(merchant);
    const at = (one: string) => path.replace('ID', idOf(shopOf(one), 0));
    expect((await api('GET', `/merchants/${merchant}/${at(merchant)}`, { key })).status).toBe(200);
    expect(await problemOf(await api('GET', `/merchants/${other}/${at(other)}`, { key }))).toEqual([403, 'forbidden']);
    const crossed = await api('GET', `/merchants/${merchant}/${at(other)}`, { key });
    expect(await crossed.text()).not.toContain(`${other}"`);
  });

  it('needs the scope to manage', async () => {
    const { key } = await newKey(merchant, { scopes: ['evaluate', 'report'] });
    for (const path of ['decisions', 'stats', `decisions/${idOf(shopOf(merchant), 0)}`]) {
      expect(await problemOf(await api('GET', `/merchants/${merchant}/${path}`, { key }))).toEqual([403, 'forbidden']);
    }
  });
});
