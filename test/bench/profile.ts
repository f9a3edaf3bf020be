/**
 * Where processor time goes in Cordon, by V8's sampling profiler over workerd's inspector.
 */

import type { BenchOptions } from './bench-options.ts';
import { BenchSite, CORDON } from './bench-site.ts';
import { type BenchCase, CASES } from './cases.ts';
import { Inspector } from './inspector.ts';

interface ProfileNode {
  readonly id: number;
  readonly callFrame: { readonly functionName: string; readonly url: string; readonly lineNumber: number };
  readonly children?: readonly number[];
}

interface CpuProfile {
  readonly nodes: readonly ProfileNode[];
  readonly samples: readonly number[];
  readonly timeDeltas: readonly number[];
}

const SAMPLE_MICROS = 200;
const SHOWN = 45;

export async function profile(cases: readonly BenchCase[], options: BenchOptions): Promise<void> {
  const site = await BenchSite.open({
    against: [],
    disk: options.disk,
    runtimeFlags: ['--inspector-addr=127.0.0.1:0'],
  });
  try {
    const repeat = CASES.find(({ request }) => request.payer === 'same');
    if (repeat !== undefined) await site.load(CORDON, { ...repeat, status: 402 }, { connections: 1, requests: 1 });
    for (const benchCase of cases) {
      await site.load(CORDON, benchCase, { connections: options.connections, seconds: 2 });
      const inspector = await Inspector.open(site.runtime.port('inspector'), CORDON);
      await inspector.call('Profiler.enable');
      await inspector.call('Profiler.setSamplingInterval', { interval: SAMPLE_MICROS });
      await inspector.call('Profiler.start');
      const load = await site.load(CORDON, benchCase, options);
      const { profile: sampled } = (await inspector.call('Profiler.stop')) as { profile: CpuProfile };
      inspector.close();
      process.stdout.write(`\n${benchCase.name}: ${(load.requests / load.seconds).toFixed(0)} requests/s\n`);
      process.stdout.write(`${topOf(sampled, load.answers)}\n`);
    }
  } finally {
    await site.close();
  }
}

/** Self time and total time a request, by function. */
function topOf({ nodes, samples, timeDeltas }: CpuProfile, requests: number): string {
  const self = new Map<number, number>();
  for (const [i, id] of samples.entries()) self.set(id, (self.get(id) ?? 0) + (timeDeltas[i] ?? 0));
  const byId = new Map(nodes.map((node) => [node.id, node]));
  const name = ({ callFrame }: ProfileNode) =>
    `${callFrame.functionName || '(anonymous)'} ${callFrame.url.split('/').at(-1)}:${callFrame.lineNumber + 1}`;
  const selfBy = new Map<string, number>();
  const totalBy = new Map<string, number>();
  const walk = (node: ProfileNode, above: ReadonlySet<string>): number => {
    const own = self.get(node.id) ?? 0;
    const key = name(node);
    const inside = new Set([...above, key]);
    const below = (node.children ?? []).map((id) => byId.get(id)).filter((child) => child !== undefined);
    const total = below.reduce((sum, child) => sum + walk(child, inside), own);
    selfBy.set(key, (selfBy.get(key) ?? 0) + own);
    // A function that calls itself is counted once.
    if (!above.has(key)) totalBy.set(key, (totalBy.get(key) ?? 0) + total);
    return total;
  };
  const [root] = nodes;
  if (root !== undefined) walk(root, new Set());
  const ranked = [...totalBy.entries()].toSorted((a, b) => (selfBy.get(b[0]) ?? 0) - (selfBy.get(a[0]) ?? 0));
  const line = ([key, total]: [string, number]) =>
    `${((selfBy.get(key) ?? 0) / requests).toFixed(1).padStart(8)} ${(total / requests).toFixed(1).padStart(8)}  ${key}`;
  return ['    self    total  µs a request', ...ranked.slice(0, SHOWN).map(line)].join('\n');
}
