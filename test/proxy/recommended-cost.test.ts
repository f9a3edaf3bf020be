/**
 * What the whole recommended set costs a payment at the gate: one call before the origin and one after it, all counters
 * in one read, one row for an approval, one a counter and one more for a decline.
 */
import { env, runInDurableObject } from 'cloudflare:test';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import type { Gate } from '../../src/gate/gate.ts';
import { LIGHT } from '../support/challenges.ts';
import { payRoute, putAcme } from '../support/merchant.ts';
import { answers, StandInOrigin } from '../support/origin.ts';
import { cards, pay } from '../support/shopper.ts';

const NUMBERS = cards(20);
const FIELDS = { ...payRoute.fields, email: '/email', device_id: '/device', amount: '/amount', currency: '/currency' };
const RECOMMENDED = {
  routes: [{ ...payRoute, fields: FIELDS }],
  velocity: 'recommended',
  step_up: { methods: ['proof_of_work'], proof_of_work: LIGHT },
};
const WATCHED = {
  ...RECOMMENDED,
  attack_mode: { mode: 'auto' },
  clean_history: { min_payments: 2, min_age_days: 30 },
};
/** CVC, address (three times), prefix, e-mail, device, BIN by six digits and by eight. */
const OF_THE_SET = 9;
/** Of a decline for less than 5.00 that is not about the CVC: small amounts by prefix come in, the CVC's falls out. */
const COUNTED = OF_THE_SET;

let origin: StandInOrigin;
let next = 0;

beforeEach(() => {
  origin = new StandInOrigin();
});
afterEach(() => {
  vi.restoreAllMocks();
  vi.unstubAllGlobals();
});

const tried = (amount: number) => {
  const number = NUMBERS[next++] ?? '';
  const said = {
    card: { number, cvc: '123' },
    amount,
    currency: 'EUR',
    email: `b${next}@example.com`,
    device: `d${next}`,
  };
  return pay({ ip: `198.18.7.${next}`, body: JSON.stringify(said) });
};

interface Cost {
  readonly calls: readonly string[];
  /** Statements that ask for counters, by how many keys. */
  readonly countersRead: readonly number[];
  readonly rowsWritten: number;
}

it.each([
  ['alone', RECOMMENDED, 0],
  ['watched for attacks, with histories', WATCHED, 1],
])('%s', async (_, configuration, watched) => {
  await putAcme(configuration);
  origin.answer(answers.succeed);
  await tried(1_999);
  const approved = await costOf(() => tried(1_999), 200);
  expect(approved).toEqual({
    calls: ['admitText', 'settleText'],
    countersRead: [OF_THE_SET + watched],
    rowsWritten: 1,
  });
  origin.answer(answers.decline);
  const declined = await costOf(() => tried(499), 402);
  expect(declined.calls).toEqual(['admitText', 'settleText']);
  expect(declined.countersRead[0]).toBe(OF_THE_SET + 1 + watched);
  expect(declined.rowsWritten).toBe(COUNTED + 1);
});

/** What a request costs the gate. */
async function costOf(work: () => Promise<Response>, status: number): Promise<Cost> {
  const open = env.GATE.getByName.bind(env.GATE);
  const calls: string[] = [];
  const spy = vi.spyOn(env.GATE, 'getByName').mockImplementation(
    (...address) =>
      new Proxy(open(...address), {
        get: (stub, name) => {
          calls.push(String(name));
          return Reflect.get(stub, name);
        },
      }),
  );
  const gate = open('acme') as DurableObjectStub<Gate>;
  const countersRead: number[] = [];
  let rowsWritten = 0;
  const restore = await runInDurableObject(gate, (_, { storage: { sql } }) => {
    const exec = sql.exec.bind(sql);
    sql.exec = ((query: string, ...bindings: readonly SqlStorageValue[]) => {
      const cursor = exec(query, ...bindings);
      rowsWritten += cursor.rowsWritten;
      if (/^SELECT.* FROM counters /.test(query)) countersRead.push(bindings.length);
      return cursor;
    }) as typeof sql.exec;
    return () => {
      sql.exec = exec;
    };
  });
  expect((await work()).status).toBe(status);
  spy.mockRestore();
  await runInDurableObject(gate, restore);
  return { calls, countersRead, rowsWritten };
}
