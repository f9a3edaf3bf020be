/**
 * The load generator, a process of its own: a closed loop over a fixed number of connections, for a time or for a
 * number of requests. An answer with another status than the case's ends the run: a fast refusal is no result.
 */
import type { RequestKind } from './cases.ts';
import { type Answered, Connection } from './connection.ts';
import { type CpuTimes, cpuTimes } from './cpu-time.ts';
import { FILM_BYTES, outcomeText, requestText } from './request-text.ts';

export interface LoadOrder {
  readonly port: number;
  readonly request: RequestKind;
  readonly status: number;
  readonly connections: number;
  /** Exactly one of the two ends the load. */
  readonly seconds?: number;
  readonly requests?: number;
  /** Processes whose processor time is of interest. */
  readonly pids: readonly number[];
}

export interface Load {
  readonly requests: number;
  readonly seconds: number;
  /** In ms, in no order. */
  readonly latencies: Float64Array;
  /** Every answer of this load, those before the clock started too. */
  readonly answers: number;
  readonly cpu: CpuTimes;
}

export type LoadReport = { readonly load: Load } | { readonly fault: string };

/** New connections and what they make the runtime allocate are not what is measured. */
const LEAD_IN_MS = 150;
const FILM = Buffer.alloc(FILM_BYTES, 'a film, frame by frame; ');

let count = Math.floor(Math.random() * 1e9) * 1e4;

process.on('message', (order: LoadOrder) => void answer(order));
process.once('disconnect', () => process.exit());

async function answer(order: LoadOrder): Promise<void> {
  const report: LoadReport = await run(order).then(
    (load) => ({ load }),
    (error: Error) => ({ fault: error.message }),
  );
  process.send?.(report);
}

async function run(order: LoadOrder): Promise<Load> {
  const lines = await Promise.all(Array.from({ length: order.connections }, () => Connection.open(order.port)));
  try {
    return order.requests === undefined ? await runForTime(lines, order) : await runForCount(lines, order);
  } finally {
    for (const line of lines) line.close();
  }
}

async function runForTime(lines: readonly Connection[], order: LoadOrder): Promise<Load> {
  const startsAt = performance.now() + LEAD_IN_MS;
  const endsAt = startsAt + (order.seconds ?? 0) * 1000;
  const latencies: number[] = [];
  let answers = 0;
  let before: CpuTimes | null = null;
  let after: CpuTimes | null = null;
  await Promise.all(
    lines.map(async (line) => {
      for (let sentAt = performance.now(); sentAt < endsAt; ) {
        await exchange(line, order);
        answers++;
        const now = performance.now();
        if (now >= startsAt) before ??= cpuTimes(order.pids);
        if (now >= startsAt && now < endsAt) latencies.push(now - sentAt);
        if (now >= endsAt) after ??= cpuTimes(order.pids);
        sentAt = now;
      }
    }),
  );
  return {
    requests: latencies.length,
    seconds: order.seconds ?? 0,
    latencies: Float64Array.from(latencies),
    answers,
    cpu: difference(before ?? cpuTimes(order.pids), after ?? cpuTimes(order.pids)),
  };
}

async function runForCount(lines: readonly Connection[], order: LoadOrder): Promise<Load> {
  const latencies: number[] = [];
  const startedAt = performance.now();
  const before = cpuTimes(order.pids);
  let left = order.requests ?? 0;
  await Promise.all(
    lines.map(async (line) => {
      while (left-- > 0) {
        const sentAt = performance.now();
        await exchange(line, order);
        latencies.push(performance.now() - sentAt);
      }
    }),
  );
  return {
    requests: latencies.length,
    seconds: (performance.now() - startedAt) / 1000,
    latencies: Float64Array.from(latencies),
    answers: latencies.length,
    cpu: difference(before, cpuTimes(order.pids)),
  };
}

async function exchange(line: Connection, { request, status }: LoadOrder): Promise<void> {
  const answered = await line.send(requestText(request, count++), request.body === 'film' ? FILM : undefined);
  demandStatus(answered, status);
  if (request.isReported === true) demandStatus(await line.send(outcomeText(request, idIn(answered))), status);
}

function demandStatus({ status, text }: Answered, expected: number): void {
  if (status !== expected) throw new Error(`${expected} was expected, not ${text.slice(0, 2_000)}`);
}

function idIn({ text }: Answered): string {
  const id = /"id":"([^"]+)"/.exec(text)?.[1];
  if (id === undefined) throw new Error(`an answer without an id: ${text.slice(0, 2_000)}`);
  return id;
}

function difference(before: CpuTimes, after: CpuTimes): CpuTimes {
  return { own: after.own - before.own, others: after.others.map((ms, i) => ms - (before.others[i] ?? 0)) };
}
