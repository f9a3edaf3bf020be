/**
 * `wrangler dev` with all its bindings, on a port and state of its own, that can be killed in the middle of its work and
 * started again on what is on disk. Its queue lives in memory: a kill loses what it held, too.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { BareClient } from './bare-client.ts';

const ROOT = join(import.meta.dirname, '../..');
const START_TIMEOUT_MS = 60_000;
export const ADMIN_KEY = 'admin-key-of-a-killable-server';

export class KillableServer {
  readonly #folder: string;
  readonly #port: number;
  #child: ChildProcess | null = null;
  #client: BareClient | null = null;
  #log = '';
  readonly #atExit = () => this.#signal('SIGKILL');

  private constructor(folder: string, port: number) {
    this.#folder = folder;
    this.#port = port;
    process.once('exit', this.#atExit);
  }

  /** Whoever calls this calls `dispose` too. */
  static async prepare(): Promise<KillableServer> {
    const folder = await mkdtemp(join(tmpdir(), 'cordon-killable-'));
    const secrets = [
      'CORDON_ENV=development',
      `CORDON_MASTER_KEY=${btoa('a master key of 32 bytes, made up'.slice(0, 32))}`,
      `CORDON_ADMIN_KEY=${ADMIN_KEY}`,
    ];
    await writeFile(join(folder, 'env'), secrets.join('\n'));
    return new KillableServer(folder, await freePort());
  }

  get client(): BareClient {
    this.#client ??= new BareClient(this.#port);
    return this.#client;
  }

  /** Resolves when it answers. */
  async start(): Promise<void> {
    const wrangler = join(ROOT, 'node_modules/wrangler/bin/wrangler.js');
    const options = ['--persist-to', join(this.#folder, 'state'), '--env-file', join(this.#folder, 'env')];
    const ports = ['--ip', '127.0.0.1', '--port', String(this.#port), '--inspector-port', '0'];
    const child = spawn(process.execPath, [wrangler, 'dev', ...options, ...ports], {
      cwd: ROOT,
      // A group of its own: a kill takes the runtime with it.
      detached: true,
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, CI: '1', CLOUDFLARE_CF_FETCH_ENABLED: 'false', WRANGLER_SEND_METRICS: 'false' },
    });
    this.#child = child;
    for (const stream of [child.stdout, child.stderr]) stream?.on('data', (chunk) => (this.#log += String(chunk)));
    const until = Date.now() + START_TIMEOUT_MS;
    while (Date.now() < until) {
      const answer = await this.client
        .send({ method: 'GET', path: '/.cordon/health', headers: LOCAL })
        .catch(() => null);
      if (answer?.status === 200) return;
      await pause(200);
    }
    throw new Error(`wrangler dev is not up:\n${this.#log.slice(-4_000)}`);
  }

  /** SIGKILL to all of it: no handler runs. Resolves when it is gone. */
  async kill(): Promise<void> {
    const child = this.#child;
    this.#client?.close();
    this.#client = null;
    if (child === null || child.exitCode !== null || child.signalCode !== null) return;
    this.#signal('SIGKILL');
    await once(child, 'exit');
    this.#child = null;
  }

  async dispose(): Promise<void> {
    await this.kill();
    await rm(this.#folder, { recursive: true, force: true });
    process.off('exit', this.#atExit);
  }

  /** The one database in a folder of the state. */
  async databaseIn(folder: string): Promise<string> {
    const place = join(this.#folder, 'state/v3', folder);
    const files = (await readdir(place)).filter((file) => /^[0-9a-f]{64}\.sqlite$/.test(file));
    if (files.length !== 1) throw new Error(`${files.length} databases in ${folder}`);
    return join(place, files[0] ?? '');
  }

  #signal(signal: NodeJS.Signals): void {
    if (this.#child?.pid === undefined) return;
    try {
      process.kill(-this.#child.pid, signal);
    } catch {
      // It is gone.
    }
  }
}

export const LOCAL = { host: 'localhost' } as const;

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer().once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => (typeof address === 'object' && address ? resolve(address.port) : reject(new Error())));
    });
  });
}
