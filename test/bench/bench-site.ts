/**
 * Everything that the benchmark runs: origin, load generator and the runtime with its tenants, each a process.
 */
import { readFile } from 'node:fs/promises';
import { bundle } from '../support/bare-bundle.ts';
import type { BenchCase } from './cases.ts';
import { Child } from './child.ts';
import type { Load, LoadOrder, LoadReport } from './generator.ts';
import { Runtime } from './runtime.ts';
import { makeTenants, type Tenant } from './tenant.ts';

export const CORDON = 'cordon';

export interface SiteOptions {
  /** The files of other bundles. */
  readonly against: readonly string[];
  readonly disk?: boolean;
  readonly runtimeFlags?: readonly string[];
}

export type LoadLimit = Pick<LoadOrder, 'connections'> & ({ readonly seconds: number } | { readonly requests: number });

interface Running {
  readonly runtime: Runtime;
  readonly origin: Child;
  readonly generator: Child;
  readonly cordons: readonly string[];
  readonly tenants: readonly Tenant[];
}

export class BenchSite {
  readonly runtime: Runtime;
  /** The tenants that are Cordon. */
  readonly cordons: readonly string[];
  readonly #tenants: readonly Tenant[];
  readonly #origin: Child;
  readonly #generator: Child;
  /** Answers by tenant and case, over the whole run. */
  readonly #answers = new Map<string, number>();

  private constructor({ runtime, origin, generator, cordons, tenants }: Running) {
    this.runtime = runtime;
    this.cordons = cordons;
    this.#tenants = tenants;
    this.#origin = origin;
    this.#generator = generator;
  }

  static async open({ against, disk = false, runtimeFlags = [] }: SiteOptions): Promise<BenchSite> {
    const bundles: Record<string, string> = { [CORDON]: await bundle() };
    for (const [i, file] of against.entries()) bundles[`against-${i + 1}`] = await readFile(file, 'utf8');
    const tenants = await makeTenants(bundles);
    const origin = new Child('origin.ts');
    const generator = new Child('generator.ts');
    try {
      const { port } = (await origin.receive()) as { port: number };
      const runtime = await Runtime.start({ tenants, originPort: port, flags: runtimeFlags, disk });
      return new BenchSite({ runtime, origin, generator, cordons: Object.keys(bundles), tenants });
    } catch (error) {
      for (const child of [origin, generator]) child.close();
      throw error;
    }
  }

  hasGate(tenant: string): boolean {
    return this.#tenants.some(({ name, hasGate }) => name === tenant && hasGate);
  }

  /** Puts a case's load on a tenant. The processor times of the others are the runtime's, then the origin's. */
  async load(tenant: string, { name, request, status }: BenchCase, limit: LoadLimit): Promise<Load> {
    const pids = [this.runtime.pid, this.#origin.pid];
    const order: LoadOrder = { port: this.runtime.port(tenant), request, status, pids, ...limit };
    const report = (await this.#generator.ask(order)) as LoadReport;
    if ('fault' in report) {
      throw new Error(`${name}, ${tenant}: ${report.fault}\n${this.runtime.complaints.slice(0, 2_000)}`);
    }
    const key = answersKey(tenant, name);
    this.#answers.set(key, (this.#answers.get(key) ?? 0) + report.load.answers);
    return report.load;
  }

  answersTo(tenant: string, caseName: string): number {
    return this.#answers.get(answersKey(tenant, caseName)) ?? 0;
  }

  async close(): Promise<void> {
    for (const child of [this.#generator, this.#origin]) child.close();
    await this.runtime.dispose();
  }
}

function answersKey(tenant: string, caseName: string): string {
  return `${tenant}|${caseName}`;
}
