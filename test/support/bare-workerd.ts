/**
 * The production bundle on a bare workerd, which can be killed and started again on the same storage. Hang-ups and
 * kills mean here what they mean in production; `wrangler dev` softens both.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, rmSync } from 'node:fs';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { bundle, compatibilityDate } from './bare-bundle.ts';
import { selfSigned } from './bare-certificate.ts';
import { bareConfig } from './bare-config.ts';
import { BareKv } from './bare-kv.ts';

const START_TIMEOUT_MS = 20_000;
const SOCKETS = ['https', 'http'] as const;

type Ports = Readonly<Record<(typeof SOCKETS)[number], number>>;

// The runtime itself, not a script that starts it: a kill by pid must hit it. (require: the package has no types.)
const workerd = createRequire(import.meta.url)('workerd') as { readonly default: string };

export class BareWorkerd {
  readonly kv = new BareKv();
  /** Everything that the runtime wrote to standard output and standard error, over all its lives. */
  output = '';
  readonly #folder: string;
  #child: ChildProcess | null = null;
  #ports: Ports | null = null;
  /** Also when the tests themselves are interrupted, nothing is left behind. */
  readonly #atExit = () => {
    this.#child?.kill('SIGKILL');
    rmSync(this.#folder, { recursive: true, force: true });
  };

  private constructor(folder: string) {
    this.#folder = folder;
    process.once('exit', this.#atExit);
  }

  /** Makes everything that a runtime needs and starts it. Whoever calls this calls `dispose` too. */
  static async start(module?: string): Promise<BareWorkerd> {
    const bare = new BareWorkerd(await mkdtemp(join(tmpdir(), 'cordon-bare-')));
    try {
      await bare.#prepare(module ?? (await bundle()));
      await bare.restart();
      return bare;
    } catch (error) {
      await bare.dispose();
      throw error;
    }
  }

  get storageFolder(): string {
    return join(this.#folder, 'storage');
  }

  /** Of the memory of the whole runtime, what is in use, in bytes. */
  residentBytes(): number {
    const status = readFileSync(`/proc/${this.#child?.pid}/status`, 'utf8');
    return Number(/^VmRSS:\s+(\d+) kB/m.exec(status)?.[1]) * 1024;
  }

  get ports(): Ports {
    if (this.#ports === null) throw new Error('the runtime is not running');
    return this.#ports;
  }

  /** Starts the runtime on the storage that is there; resolves when it listens. */
  async restart(): Promise<void> {
    const child = spawn(workerd.default, ['serve', '--control-fd=3', join(this.#folder, 'config.capnp')], {
      stdio: ['ignore', 'pipe', 'pipe', 'pipe'],
    });
    this.#child = child;
    for (const stream of [child.stdout, child.stderr]) stream?.on('data', (chunk) => this.#write(chunk));
    try {
      this.#ports = await listening(child);
    } catch (error) {
      await this.kill();
      throw new Error(`workerd does not start: ${this.output}`, { cause: error });
    }
  }

  /** SIGKILL: no handler of the runtime runs. Resolves when the process is gone. */
  async kill(): Promise<void> {
    const child = this.#child;
    [this.#child, this.#ports] = [null, null];
    if (child === null || child.exitCode !== null || child.signalCode !== null) return;
    child.kill('SIGKILL');
    await once(child, 'close');
  }

  /** Ends the runtime and removes every file of it. */
  async dispose(): Promise<void> {
    await this.kill();
    this.kv.close();
    await rm(this.#folder, { recursive: true, force: true });
    process.off('exit', this.#atExit);
  }

  async #prepare(module: string): Promise<void> {
    await mkdir(this.storageFolder);
    await writeFile(join(this.#folder, 'index.js'), module);
    const config = bareConfig({
      compatibilityDate: await compatibilityDate(),
      bundleFile: 'index.js',
      storageFolder: this.storageFolder,
      kvAddress: await this.kv.listen(),
      tls: selfSigned('localhost'),
    });
    await writeFile(join(this.#folder, 'config.capnp'), config);
  }

  #write(chunk: unknown): void {
    this.output += String(chunk);
  }
}

/** The ports of all sockets, as the runtime reports them once it listens. */
async function listening(child: ChildProcess): Promise<Ports> {
  const ports: Partial<Record<string, number>> = {};
  const died = once(child, 'exit').then(() => 'died' as const);
  const late = AbortSignal.timeout(START_TIMEOUT_MS);
  const lines = createInterface({ input: child.stdio[3] as Readable })[Symbol.asyncIterator]();
  while (SOCKETS.some((socket) => ports[socket] === undefined)) {
    const line = await Promise.race([lines.next(), died, once(late, 'abort')]);
    if (line === 'died' || Array.isArray(line) || line.done) throw new Error('it ended, or it does not listen');
    const { event, socket, port } = JSON.parse(line.value) as { event: string; socket: string; port: number };
    if (event === 'listen') ports[socket] = port;
  }
  return ports as Ports;
}
