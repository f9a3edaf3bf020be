/**
 * The rounds: every case on every worker, one after the other, in turns, so that what disturbs the machine for a while
 * disturbs both sides of each ratio.
 */
import { type BenchSite, CORDON } from './bench-site.ts';
import type { BenchCase } from './cases.ts';
import type { Load } from './generator.ts';
import { type Price, priceOf } from './price.ts';
import type { Progress } from './progress.ts';
import { type Resident, watchResident } from './resident.ts';
import { quantile, type Spread, spreadOf } from './statistics.ts';
import { floorName, JOURNALED } from './tenant.ts';

export interface RoundsOptions {
  readonly seconds: number;
  readonly rounds: number;
  readonly connections: number;
}

/** One worker under one case in one round. */
export interface Sample {
  readonly perSecond: number;
  readonly p50Ms: number;
  readonly p95Ms: number;
  /** Of the runtime, in microseconds a request: what is left of a request when others use the machine too. */
  readonly cpuMicros: number;
  /** What more the runtime held at the most than at the beginning, in MB; of cases that stream. */
  readonly grownMb: number;
  /** Share of the time in which each process was on a processor. */
  readonly busy: { readonly runtime: number; readonly origin: number; readonly generator: number };
}

export interface Side {
  readonly tenant: string;
  readonly samples: readonly Sample[];
  readonly perSecond: Spread;
  readonly p50Ms: Spread;
  readonly p95Ms: Spread;
  readonly cpuMicros: Spread;
  readonly grownMb: Spread;
  readonly price: Price;
}

export interface Measured {
  readonly case: BenchCase;
  /** In the order of the case. */
  readonly floors: readonly Side[];
  /** Cordon's bundle, then the others, if there are any. */
  readonly cordons: readonly (Side & { readonly ratios: readonly Ratio[] })[];
}

/** Of Cordon to one of the floors. */
export interface Ratio {
  readonly rate: Spread;
  readonly cpu: Spread;
}

const WARM_UP_SECONDS = 1.5;
const NO_PRICE: Price = { objectCalls: 0, rowsRead: 0, rowsWritten: 0, callsInCompany: 0 };

export async function measure(
  site: BenchSite,
  cases: readonly BenchCase[],
  { options, progress }: { options: RoundsOptions; progress: Progress },
): Promise<readonly Measured[]> {
  const pairs = cases.flatMap((benchCase) => sidesOf(site, benchCase).map((tenant) => ({ benchCase, tenant })));
  progress.begin(pairs.length * (options.rounds + 1));
  const prices = new Map<string, Price>();
  for (const { benchCase, tenant } of pairs) {
    progress.say(`warm up: ${benchCase.name}, ${tenant}`);
    await site.load(tenant, benchCase, { connections: options.connections, seconds: WARM_UP_SECONDS });
    const among = { tenant, company: options.connections };
    prices.set(keyOf(benchCase.name, tenant), site.hasGate(tenant) ? await priceOf(site, benchCase, among) : NO_PRICE);
    progress.step();
  }
  const samples = new Map<string, Sample[]>(pairs.map(({ benchCase, tenant }) => [keyOf(benchCase.name, tenant), []]));
  for (let round = 0; round < options.rounds; round++) {
    for (const { benchCase, tenant } of round % 2 === 0 ? pairs : pairs.toReversed()) {
      progress.say(`round ${round + 1} of ${options.rounds}: ${benchCase.name}, ${tenant}`);
      samples.get(keyOf(benchCase.name, tenant))?.push(await sample(site, tenant, { benchCase, options }));
      progress.step();
    }
  }
  progress.finish();
  return cases.map((benchCase) => {
    const side = (tenant: string, name = benchCase.name) => {
      const key = keyOf(name, tenant);
      return sideOf(tenant, samples.get(key) ?? [], prices.get(key) ?? NO_PRICE);
    };
    const other = benchCase.beside;
    const floors = benchCase.floors.map((floor) => side(floorName(floor)));
    const sameOf = (tenant: string) => (benchCase.isJournaled === true ? CORDON : tenant);
    const floorsOf = (tenant: string) => (other === undefined ? floors : [side(sameOf(tenant), other)]);
    const cordons = cordonsOf(site, benchCase).map((tenant) => beside(floorsOf(tenant), side(tenant)));
    return { case: benchCase, floors, cordons };
  });
}

/** Cordon stands between its floors: what a ratio is taken of are neighbours. */
function sidesOf(site: BenchSite, benchCase: BenchCase): readonly string[] {
  const [same, ...bare] = benchCase.floors;
  return [...(same === undefined ? [] : [floorName(same)]), ...cordonsOf(site, benchCase), ...bare.map(floorName)];
}

function cordonsOf(site: BenchSite, { isJournaled = false }: BenchCase): readonly string[] {
  return isJournaled ? [JOURNALED] : site.cordons;
}

interface Ordered {
  readonly benchCase: BenchCase;
  readonly options: RoundsOptions;
}

async function sample(site: BenchSite, tenant: string, { benchCase, options }: Ordered): Promise<Sample> {
  const load = () => site.load(tenant, benchCase, options);
  if (benchCase.isStreamed !== true) return sampleOf(await load(), UNWATCHED);
  const { value, resident } = await watchResident(site.runtime.pid, load);
  return sampleOf(value, resident);
}

const UNWATCHED: Resident = { before: Number.NaN, most: Number.NaN };

function sampleOf({ requests, seconds, latencies, cpu }: Load, { before, most }: Resident): Sample {
  const sorted = latencies.toSorted();
  const [runtime = Number.NaN, origin = Number.NaN] = cpu.others;
  const share = (ms: number) => ms / (seconds * 1000);
  return {
    perSecond: requests / seconds,
    p50Ms: quantile(sorted, 0.5),
    p95Ms: quantile(sorted, 0.95),
    cpuMicros: (runtime * 1000) / requests,
    grownMb: most - before,
    busy: { runtime: share(runtime), origin: share(origin), generator: share(cpu.own) },
  };
}

function sideOf(tenant: string, samples: readonly Sample[], price: Price): Side {
  const spread = (name: Exclude<keyof Sample, 'busy'>) => spreadOf(samples.map((it) => it[name]));
  return {
    tenant,
    samples,
    perSecond: spread('perSecond'),
    p50Ms: spread('p50Ms'),
    p95Ms: spread('p95Ms'),
    cpuMicros: spread('cpuMicros'),
    grownMb: spread('grownMb'),
    price,
  };
}

function beside(floors: readonly Side[], side: Side): Measured['cordons'][number] {
  return { ...side, ratios: floors.map((floor) => ratioOf(side, floor)) };
}

/** Ratios are taken round by round: Cordon's rate to the floor's, the floor's processor time to Cordon's. */
function ratioOf({ samples }: Side, floor: Side): Ratio {
  const pairs = samples.flatMap((sample, i) => {
    const base = floor.samples[i];
    return base === undefined ? [] : [{ sample, base }];
  });
  return {
    rate: spreadOf(pairs.map(({ sample, base }) => sample.perSecond / base.perSecond)),
    cpu: spreadOf(pairs.map(({ sample, base }) => base.cpuMicros / sample.cpuMicros)),
  };
}

function keyOf(name: string, tenant: string): string {
  return `${name}|${tenant}`;
}
