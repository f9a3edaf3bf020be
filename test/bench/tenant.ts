/**
 * The workers that run side by side in the benchmark's one runtime: Cordon's bundle, the floors, and each once more
 * with a counting module around it.
 */
import { join } from 'node:path';
import { build } from 'esbuild';
import { FLOOR_NAMES, type FloorName } from './cases.ts';
import { COUNTING_MODULE } from './counting.ts';

export interface Module {
  readonly name: string;
  readonly text: string;
}

/** A worker on a socket of its own. */
export interface Tenant {
  readonly name: string;
  /** The first is the worker's entry. */
  readonly modules: readonly Module[];
  readonly hasGate: boolean;
  /** Whether it has the bindings of the record. */
  readonly hasJournal: boolean;
}

const FLOORS = join(import.meta.dirname, 'floors');
/** The object's class and the HMAC's key belong to each floor: one file, bundled as Cordon is. */
const FLOORS_WITH_GATE: readonly FloorName[] = [
  'attempt',
  'together/attempt',
  'bare/attempt',
  'evaluation',
  'bare/evaluation',
  'recommended',
  'proxied-payment',
  'together/proxied-payment',
  'signed-payment',
  'together/signed-payment',
];

/** The first bundle once more, with the bindings of the record. */
export const JOURNALED = 'cordon-journal';

export const floorName = (floor: FloorName) => `floor-${floor.replace('/', '-')}`;
export const countedName = (name: string) => `${name}-counted`;

/** `bundles`: the text of each bundle of Cordon under test, by the name of its tenant. */
export async function makeTenants(bundles: Readonly<Record<string, string>>): Promise<readonly Tenant[]> {
  const cordons = Object.entries(bundles).map(([name, text]) => tenant(name, [{ name: 'worker.js', text }], true));
  const [first] = cordons;
  const journaled = first === undefined ? [] : [{ ...first, name: JOURNALED, hasJournal: true }];
  const all = [...cordons, ...journaled, ...(await Promise.all(FLOOR_NAMES.map(makeFloor)))];
  return [...all, ...all.filter(({ hasGate }) => hasGate).map(counted)];
}

async function makeFloor(floor: FloorName): Promise<Tenant> {
  const modules = [{ name: 'worker.js', text: await bundled(join(FLOORS, `${floor}.ts`)) }];
  return tenant(floorName(floor), modules, FLOORS_WITH_GATE.includes(floor));
}

function tenant(name: string, modules: readonly Module[], hasGate: boolean): Tenant {
  return { name, modules, hasGate, hasJournal: false };
}

function counted({ name, modules, hasGate, hasJournal }: Tenant): Tenant {
  const wrapped = [{ name: 'counting.js', text: COUNTING_MODULE }, ...modules];
  return { ...tenant(countedName(name), wrapped, hasGate), hasJournal };
}

// The bundler and the target that wrangler uses for Cordon's own bundle.
async function bundled(file: string): Promise<string> {
  const { outputFiles } = await build({
    entryPoints: [file],
    bundle: true,
    write: false,
    format: 'esm',
    target: 'es2024',
    external: ['cloudflare:*'],
  });
  return outputFiles.map(({ text }) => text).join('');
}
