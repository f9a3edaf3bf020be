/**
 * The benchmark's runtime: one bare `workerd serve` with all tenants, KV beside it, the origin behind it. What the
 * workers log is thrown away unread, for reading it would cost the machine more than writing it.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, rmSync } from 'node:fs';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { compatibilityDate } from '../support/bare-bundle.ts';
import { BareKv } from '../support/bare-kv.ts';
import { MERCHANTS } from './merchants.ts';
import { moduleFile, runtimeConfig } from './runtime-config.ts';
import type { Tenant } from './tenant.ts';

/**
 * Linux's file system in memory. workerd syncs each commit: on a disk that others use too, Cordon and floor wait tens
 * of milliseconds for the same nothing, and what is left of a ratio is chance.
 */
const MEMORY = '/dev/shm';
const START_TIMEOUT_MS = 30_000;
const COMPLAINTS_LIMIT = 20_000;

// The runtime itself, not a script that starts it. (require: the package has no types.)
const workerd = createRequire(import.meta.url)('workerd') as { readonly default: string };

export interface RuntimeOptions {
  readonly tenants: readonly Tenant[];
  readonly originPort: number;
  readonly flags: readonly string[];
  /** The storage on the temporary folder's disk, not in memory. */
  readonly disk: boolean;
}

export class Runtime {
  readonly storageFolder: string;
  /** The beginning of what the runtime wrote to standard error. */
  complaints = '';
  readonly #folder: string;
  readonly #kv = new BareKv();
  #child: ChildProcess | null = null;
  #ports: ReadonlyMap<string, number> = new Map();
  readonly #atExit = () => {
    this.#child?.kill('SIGKILL');
    rmSync(this.#folder, { recursive: true, force: true });
  };

  private constructor(folder: string) {
    this.#folder = folder;
    this.storageFolder = join(folder, 'storage');
    process.once('exit', this.#atExit);
  }

  /** Starts it; whoever calls this calls `dispose` too. */
  static async start({ tenants, originPort, flags, disk }: RuntimeOptions): Promise<Runtime> {
    const place = disk || !existsSync(MEMORY) ? tmpdir() : MEMORY;
    const runtime = new Runtime(await mkdtemp(join(place, 'cordon-bench-')));
    try {
      await runtime.#prepare(tenants, originPort);
      await runtime.#serve(tenants, flags);
      return runtime;
    } catch (error) {
      await runtime.dispose();
      throw new Error(`workerd does not start: ${runtime.complaints}`, { cause: error });
    }
  }

  get pid(): number {
    return this.#child?.pid ?? 0;
  }

  /** The port of a tenant's https socket, or of the `inspector`. */
  port(name: string): number {
    const port = this.#ports.get(name);
    if (port === undefined) throw new Error(`nothing listens for ${name}`);
    return port;
  }

  /** SIGKILL; what was acknowledged is on disk. */
  async kill(): Promise<void> {
    const child = this.#child;
    this.#child = null;
    if (child === null || child.exitCode !== null || child.signalCode !== null) return;
    child.kill('SIGKILL');
    await once(child, 'close');
  }

  async dispose(): Promise<void> {
    await this.kill();
    this.#kv.close();
    await rm(this.#folder, { recursive: true, force: true });
    process.off('exit', this.#atExit);
  }

  async #prepare(tenants: readonly Tenant[], originPort: number): Promise<void> {
    await mkdir(this.storageFolder);
    for (const { name, modules } of tenants) {
      for (const module of modules) await this.#write(moduleFile(name, module.name), module.text);
    }
    for (const merchant of MERCHANTS) this.#kv.putMerchant(merchant);
    const parts = {
      compatibilityDate: await compatibilityDate(),
      storageFolder: this.storageFolder,
      kvAddress: await this.#kv.listen(),
      originAddress: `127.0.0.1:${originPort}`,
      tenants,
    };
    await this.#write('config.capnp', runtimeConfig(parts));
  }

  async #write(file: string, text: string): Promise<void> {
    const path = join(this.#folder, file);
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, text);
  }

  async #serve(tenants: readonly Tenant[], flags: readonly string[]): Promise<void> {
    const args = ['serve', '--control-fd=3', ...flags, join(this.#folder, 'config.capnp')];
    const child = spawn(workerd.default, args, { stdio: ['ignore', 'ignore', 'pipe', 'pipe'] });
    this.#child = child;
    child.stderr?.on('data', (chunk) => {
      if (this.complaints.length < COMPLAINTS_LIMIT) this.complaints += String(chunk);
    });
    const names = [...tenants.map(({ name }) => name), ...(flags.length > 0 ? ['inspector'] : [])];
    this.#ports = await listening(child, names);
  }
}

/** The ports of all sockets, as the runtime reports them once it listens. */
async function listening(child: ChildProcess, names: readonly string[]): Promise<ReadonlyMap<string, number>> {
  const ports = new Map<string, number>();
  const died = once(child, 'exit').then(() => null);
  const late = once(AbortSignal.timeout(START_TIMEOUT_MS), 'abort').then(() => null);
  const lines = createInterface({ input: child.stdio[3] as Readable })[Symbol.asyncIterator]();
  while (names.some((name) => !ports.has(name))) {
    const line = await Promise.race([lines.next(), died, late]);
    if (line === null || line.done) throw new Error('it ended, or it does not listen');
    const { event, socket, port } = JSON.parse(line.value) as { event: string; socket?: string; port: number };
    ports.set(event === 'listen-inspector' ? 'inspector' : (socket ?? ''), port);
  }
  return ports;
}
