/**
 * `npm start` on ports and state of its own, and a browser, for tests that look at it from outside.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Browser, chromium, type Page } from 'playwright-core';

const START_TIMEOUT_MS = 90_000;

export interface Demo {
  readonly url: string;
  /** The shop itself, without Cordon in front of it. */
  readonly shop: string;
  /** The folder of everything that it keeps. */
  readonly state: string;
  readonly stop: () => Promise<void>;
}

export async function startDemo(): Promise<Demo> {
  const [cordon, shop] = [await freePort(), await freePort()];
  const state = mkdtempSync(join(tmpdir(), 'cordon-demo-'));
  const env = { ...process.env, PORT: String(cordon), SHOP_PORT: String(shop), STATE_FOLDER: state };
  const child = spawn(process.execPath, ['commands/start.ts'], { env, stdio: ['ignore', 'pipe', 'pipe'] });
  const stop = async () => {
    child.kill('SIGTERM');
    if (child.exitCode === null) await new Promise((resolve) => child.once('exit', resolve));
    rmSync(state, { recursive: true, force: true });
  };
  await untilItPrints(child, 'npm run attack').catch(async (error: unknown) => {
    await stop();
    throw error;
  });
  return { url: `https://localhost:${cordon}/`, shop: `http://127.0.0.1:${shop}`, state, stop };
}

export function launchBrowser(): Promise<Browser> {
  return chromium.launch({
    executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
    args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--disable-background-networking', '--disable-sync'],
  });
}

/** What the page says in the end. */
export async function payWith(page: Page, digits: string): Promise<string> {
  await page.getByRole('button', { name: digits }).click();
  await page.getByRole('button', { name: /^Pay/ }).click();
  await page.locator('#checkout .pay:not([aria-busy])').waitFor();
  return (await page.locator('#result').textContent()) ?? '';
}

function untilItPrints(child: ChildProcess, words: string): Promise<void> {
  return new Promise((resolve, reject) => {
    let seen = '';
    const timer = setTimeout(() => reject(new Error(`npm start is not up:\n${seen}`)), START_TIMEOUT_MS);
    const read = (chunk: Buffer) => {
      seen += chunk.toString();
      if (!seen.includes(words)) return;
      clearTimeout(timer);
      resolve();
    };
    child.stdout?.on('data', read);
    child.stderr?.on('data', read);
    child.once('exit', (code) => reject(new Error(`npm start ended with ${code}:\n${seen}`)));
  });
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer().once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() =>
        typeof address === 'object' && address !== null ? resolve(address.port) : reject(new Error()),
      );
    });
  });
}
