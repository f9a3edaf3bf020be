/**
 * The workers that run side by side in the benchmark's one runtime: Cordon's bundle, the floors, and each once more
 * with a counting module around it.
 */
import { readFile } from 'node:fs/promises';
import { stripTypeScriptTypes } from 'node:module';
import { join } from 'node:path';
import type { BenchCase } from './cases.ts';
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
}

type FloorName = BenchCase['floor'];

const FLOORS = join(import.meta.dirname, 'floors');
const FLOOR_NAMES: readonly FloorName[] = ['attempt', 'blocked', 'page', 'evaluation'];
const FLOORS_WITH_GATE: readonly FloorName[] = ['attempt', 'evaluation'];
const SHARED = ['gate.ts', 'fingerprint.ts'];

export const floorName = (floor: FloorName) => `floor-${floor}`;
export const countedName = (name: string) => `${name}-counted`;

/** `bundles`: the text of each bundle of Cordon under test, by the name of its tenant. */
export async function makeTenants(bundles: Readonly<Record<string, string>>): Promise<readonly Tenant[]> {
  const cordons = Object.entries(bundles).map(([name, text]) => tenant(name, [{ name: 'worker.js', text }], true));
  const floors = await Promise.all(FLOOR_NAMES.map(makeFloor));
  const all = [...cordons, ...floors];
  return [...all, ...all.filter(({ hasGate }) => hasGate).map(counted)];
}

async function makeFloor(floor: FloorName): Promise<Tenant> {
  const hasGate = FLOORS_WITH_GATE.includes(floor);
  const entry = { name: 'worker.js', text: await javaScriptOf(`${floor}.ts`) };
  const shared = SHARED.map(async (name) => ({ name, text: await javaScriptOf(name) }));
  return tenant(floorName(floor), [entry, ...(await Promise.all(shared))], hasGate);
}

function tenant(name: string, modules: readonly Module[], hasGate: boolean): Tenant {
  return { name, modules, hasGate };
}

function counted({ name, modules, hasGate }: Tenant): Tenant {
  return tenant(countedName(name), [{ name: 'counting.js', text: COUNTING_MODULE }, ...modules], hasGate);
}

async function javaScriptOf(file: string): Promise<string> {
  const text = await readFile(join(FLOORS, file), 'utf8');
  const { emitWarning } = process;
  // Node still calls this function experimental, on every run; loading this very file depends on the same feature.
  process.emitWarning = () => {};
  try {
    return stripTypeScriptTypes(text);
  } finally {
    process.emitWarning = emitWarning;
  }
}
