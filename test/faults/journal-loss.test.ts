/**
 * The record failing, slow or absent changes no answer, delays none, and costs bounded memory; what the queue would not
 * take goes with the next sending.
 */
import { env } from 'cloudflare:workers';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Entry } from '../../src/journal/entry.ts';
import { Journal } from '../../src/journal/journal.ts';
import { evaluated, newMerchant, tell } from '../api/backend.ts';
import { decision } from '../journal/sample-entries.ts';
import { putAcme, rule } from '../support/merchant.ts';
import { answers, StandInOrigin } from '../support/origin.ts';
import { pay } from '../support/shopper.ts';

const SENT = { metadata: { metrics: { backlogCount: 0, backlogBytes: 0 } } };
let place = 0;
let origin: StandInOrigin;
beforeEach(async () => {
  origin = new StandInOrigin();
  await putAcme({ card_testing_guard_config: rule('card_ip', 1) });
});
afterEach(() => {
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
  vi.useRealTimers();
});

describe.each<[string, () => void]>([
  [
    'the queue refuses',
    () => void vi.spyOn(env.JOURNAL, 'sendBatch').mockRejectedValue(new Error('Queue sendBatch failed')),
  ],
  ['the queue never answers', () => void vi.spyOn(env.JOURNAL, 'sendBatch').mockReturnValue(new Promise(() => {}))],
  [
    'the queue throws at once',
    () =>
      void vi.spyOn(env.JOURNAL, 'sendBatch').mockImplementation(() => {
        throw new Error('no such queue');
      }),
  ],
  [
    'points cannot be written',
    () =>
      void vi.spyOn(env.POINTS, 'writeDataPoint').mockImplementation(() => {
        throw new Error('You have exceeded the number of writeDataPoint calls');
      }),
  ],
  ['D1 is away', () => void vi.spyOn(env.RECORDS, 'batch').mockRejectedValue(new Error('D1_ERROR: overloaded'))],
])('while %s', (_, breakIt) => {
  const ip = `198.18.7.${++place}`;
  beforeEach(() => breakIt());

  it('payments are answered, counted and refused as always, at once', async () => {
    const startedAt = Date.now();
    expect((await pay({ ip })).status).toBe(200);
    origin.answer(answers.decline);
    expect((await pay({ ip })).status).toBe(402);
    expect((await pay({ ip })).status).toBe(403);
    expect((await pay({ ip, body: '{' })).status).toBe(400);
    expect(Date.now() - startedAt).toBeLessThan(2_000);
  });

  it('the API evaluates and takes outcomes', async () => {
    const merchant = await newMerchant();
    const { id, decision: decided } = await evaluated(merchant);
    expect([decided, (await tell(id, { status: 'failed' })).status]).toEqual(['allow', 200]);
  });
});

/** A journal whose queue does as told, and what became of it. */
function journalOf(send: (bodies: readonly string[]) => Promise<void>) {
  const works: Promise<unknown>[] = [];
  const queue = {
    sendBatch: async (messages: Iterable<{ body: unknown }>) => {
      await send([...messages].map(({ body }) => String(body)));
      return SENT;
    },
  } as unknown as Queue;
  const journal = new Journal(queue);
  const write = (entry: Entry = decision()) =>
    journal.write(
      () => entry,
      (work) => void works.push(work),
    );
  return { write, works };
}
const entriesIn = (bodies: readonly string[]) =>
  bodies.flatMap((body) => (JSON.parse(body) as { entries: { id: string }[] }).entries.map(({ id }) => id));

describe('the buffer', () => {
  it('keeps what the queue would not take, and sends it with the next', async () => {
    vi.useFakeTimers();
    vi.spyOn(scheduler, 'wait').mockImplementation((ms) => new Promise((resolve) => setTimeout(resolve, ms)));
    vi.spyOn(console, 'error').mockImplementation(() => {});
    const sent: string[] = [];
    let isDown = true;
    const { write } = journalOf(async (bodies) => {
      if (isDown) throw new Error('down');
      sent.push(...entriesIn(bodies));
    });
    const [one, two] = [decision(), decision()];
    write(one);
    await vi.advanceTimersByTimeAsync(60_000);
    expect(sent).toEqual([]);
    isDown = false;
    write(two);
    await vi.advanceTimersByTimeAsync(1_000);
    expect(sent).toEqual([one.id, two.id]);
  });

  it('holds two thousand, and says once how many did not fit', async () => {
    vi.useFakeTimers();
    vi.spyOn(scheduler, 'wait').mockImplementation((ms) => new Promise((resolve) => setTimeout(resolve, ms)));
    const errors = vi.spyOn(console, 'error').mockImplementation(() => {});
    const { write, works } = journalOf(() => Promise.reject(new Error('down')));
    for (let n = 0; n < 2_500; n++) write();
    await vi.advanceTimersByTimeAsync(60_000);
    const lines = errors.mock.calls.map(([line]) => JSON.parse(String(line)) as Record<string, unknown>);
    expect(lines.filter(({ event }) => event === 'journal_dropped')).toMatchObject([{ entries: 500 }]);
    expect(lines.filter(({ event }) => event === 'journal_unsent')).toMatchObject([{ waiting: 2_000 }]);
    expect(works.length).toBeLessThan(4);
  });

  it('is sent by the next request where the one that was to send it has died', async () => {
    vi.useFakeTimers();
    vi.spyOn(scheduler, 'wait').mockReturnValueOnce(new Promise(() => {}));
    const sent: string[] = [];
    const { write } = journalOf(async (bodies) => void sent.push(...entriesIn(bodies)));
    const [one, two] = [decision(), decision()];
    write(one);
    await vi.advanceTimersByTimeAsync(20_000);
    vi.mocked(scheduler.wait).mockImplementation((ms) => new Promise((resolve) => setTimeout(resolve, ms)));
    write(two);
    await vi.advanceTimersByTimeAsync(1_000);
    expect(sent).toEqual([one.id, two.id]);
  });

  it('is not touched by a sending that comes back after another has taken its turn', async () => {
    vi.useFakeTimers();
    vi.spyOn(scheduler, 'wait').mockImplementation((ms) => new Promise((resolve) => setTimeout(resolve, ms)));
    vi.spyOn(console, 'error').mockImplementation(() => {});
    const sent: string[] = [];
    const never = () => new Promise<void>(() => {});
    const late = () => new Promise<void>((resolve) => setTimeout(resolve, 4_000));
    const refuses = () => Promise.reject(new Error('down'));
    // The first sending is late by more than it may be; the third is refused until it gives up.
    const calls = [never, never, late, async () => {}, refuses, refuses, refuses, refuses];
    const { write } = journalOf(async (bodies) => {
      await (calls.shift() ?? (async () => {}))();
      sent.push(...entriesIn(bodies));
    });
    const [one, two, three, four] = [decision(), decision(), decision(), decision()];
    write(one);
    await vi.advanceTimersByTimeAsync(15_400);
    write(two);
    await vi.advanceTimersByTimeAsync(600);
    write(three);
    await vi.advanceTimersByTimeAsync(30_000);
    expect(sent).not.toContain(three.id);
    write(four);
    await vi.advanceTimersByTimeAsync(1_000);
    expect(sent).toEqual(expect.arrayContaining([one.id, two.id, three.id, four.id]));
  });

  it('throws nothing at whoever writes, whatever he writes', () => {
    vi.spyOn(console, 'error').mockImplementation(() => {});
    const journal = new Journal({} as Queue);
    const make = () => {
      throw new Error('no entry');
    };
    expect(() => journal.write(make, () => {})).not.toThrow();
    expect(() =>
      journal.write(
        () => decision(),
        () => {
          throw new Error('the request is over');
        },
      ),
    ).not.toThrow();
  });

  it('packs messages well below what a queue takes, whatever the entries', async () => {
    const bodies: string[] = [];
    const { write, works } = journalOf(async (some) => void bodies.push(...some));
    const long = 'é'.repeat(200);
    const reasons = Array.from({ length: 500 }, () => ({ code: 'asn', message: long, mode: 'shadow' }) as const);
    for (let n = 0; n < 20; n++) write(decision({ reasons }));
    for (let n = 0; n < 300; n++) write(decision({ customer: long }));
    await Promise.all(works);
    const sizes = bodies.map((body) => new TextEncoder().encode(body).byteLength);
    expect(Math.max(...sizes)).toBeLessThan(120_000);
    expect(entriesIn(bodies)).toHaveLength(320);
  });
});

it('a queue that is slow, and payments at full speed: each entry goes at least once, and none is lost', async () => {
  const sent = new Set<string>();
  const { write, works } = journalOf(async (bodies) => {
    await scheduler.wait(30);
    for (const id of entriesIn(bodies)) sent.add(id);
  });
  const entries = Array.from({ length: 1_000 }, () => decision());
  for (const [n, entry] of entries.entries()) {
    write(entry);
    if (n % 20 === 0) await scheduler.wait(5);
  }
  await Promise.all(works);
  expect(sent.size).toBe(1_000);
});
