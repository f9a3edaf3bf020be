/**
 * Repeats of payers who are shut out: counted, and one line written of each payer's.
 */
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { evaluate } from '../../src/decision/evaluation.ts';
import { Journal } from '../../src/journal/journal.ts';
import { RepeatLog } from '../../src/journal/repeat-log.ts';

const evaluation = evaluate(
  [{ code: 'velocity', rule: 'card_ip', mode: 'enforce', consequence: 'block', message: '' }],
  {
    id: 'ev_1',
    merchant: 'acme',
    mode: 'enforce',
    configVersion: 'v',
    now: 0,
    reservedUntil: null,
    challengeFallback: 'block',
  },
);
const first = { evaluation, context: { route: 'pay', country: 'NL', asn: 1136, bin: '424242' }, subject: null };
const PAYERS_LIMIT = 1_000;

let written: Record<string, unknown>[];
let log: RepeatLog;
beforeEach(() => {
  vi.useFakeTimers();
  written = [];
  vi.spyOn(console, 'log').mockImplementation((line: string) => void written.push(JSON.parse(line)));
  vi.spyOn(scheduler, 'wait').mockImplementation((ms) => new Promise((resolve) => setTimeout(resolve, ms)));
  log = new RepeatLog(new Journal(null));
});
afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
});

const refuse = (payer: string, afterwards: (work: Promise<unknown>) => void = () => {}) => {
  if (!log.counts(payer)) log.begin(payer, first, { now: Date.now(), afterwards });
};

it('are one line a payer, with the shape of a decision and their number', async () => {
  for (const payer of ['a', 'b', 'a', 'a']) refuse(payer);
  await vi.advanceTimersByTimeAsync(1_499);
  expect(written).toEqual([]);
  await vi.advanceTimersByTimeAsync(1);
  const { id, route, decision, reasons, country, asn, bin } = written[0] ?? {};
  expect({ id, route, decision, reasons, country, asn, bin }).toEqual({
    id: 'ev_1',
    route: 'pay',
    decision: 'block',
    reasons: ['velocity:card_ip/enforce'],
    country: 'NL',
    asn: 1136,
    bin: '424242',
  });
  expect(written.map(({ repeats }) => repeats)).toEqual([3, 1]);
});

it('are counted anew once they are written', async () => {
  refuse('a');
  await vi.advanceTimersByTimeAsync(1_500);
  refuse('a');
  refuse('a');
  await vi.advanceTimersByTimeAsync(1_500);
  expect(written.map(({ repeats }) => repeats)).toEqual([1, 2]);
});

it('wait on one timer, whoever they are', () => {
  const afterwards = vi.fn();
  for (const payer of ['a', 'b', 'c']) refuse(payer, afterwards);
  expect(afterwards).toHaveBeenCalledOnce();
});

it('are written with somebody else’s where the request that was to write them is gone', async () => {
  vi.mocked(scheduler.wait).mockReturnValueOnce(new Promise(() => {}));
  refuse('a');
  await vi.advanceTimersByTimeAsync(4_000);
  expect(written).toEqual([]);
  refuse('b');
  await vi.advanceTimersByTimeAsync(1_500);
  expect(written.map(({ repeats }) => repeats)).toEqual([1, 1]);
});

it('are written at once where there are too many payers to hold', () => {
  for (let n = 0; n < PAYERS_LIMIT; n++) refuse(`payer ${n}`);
  expect(written).toHaveLength(PAYERS_LIMIT);
});
