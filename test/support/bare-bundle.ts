/**
 * The production bundle as text: what `wrangler deploy` would upload. A fault test may run a changed copy of it.
 */
import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);
const ROOT = join(import.meta.dirname, '../..');
const BUILD_TIMEOUT_MS = 60_000;

let built: Promise<string> | null = null;

/** The bundle's one module, built once per test file. */
export function bundle(): Promise<string> {
  built ??= build();
  return built;
}

/** The bundle with pieces replaced; throws unless each stands there exactly once. */
export async function bundleWith(replacements: Readonly<Record<string, string>>): Promise<string> {
  let text = await bundle();
  for (const [piece, replacement] of Object.entries(replacements)) {
    const parts = text.split(piece);
    if (parts.length !== 2) throw new Error(`the bundle holds ${JSON.stringify(piece)} ${parts.length - 1} times`);
    text = parts.join(replacement);
  }
  return text;
}

/** The compatibility date that the bundle is deployed with. */
export async function compatibilityDate(): Promise<string> {
  const config = await readFile(join(ROOT, 'wrangler.toml'), 'utf8');
  const date = /^compatibility_date = "([^"]+)"/m.exec(config)?.[1];
  if (date === undefined) throw new Error('wrangler.toml names no compatibility date');
  return date;
}

async function build(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'cordon-bundle-'));
  try {
    const wrangler = join(ROOT, 'node_modules/wrangler/bin/wrangler.js');
    await run(process.execPath, [wrangler, 'deploy', '--dry-run', '--outdir', folder], {
      cwd: ROOT,
      timeout: BUILD_TIMEOUT_MS,
      env: { ...process.env, CI: '1', WRANGLER_SEND_METRICS: 'false' },
    });
    return await readFile(join(folder, 'index.js'), 'utf8');
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
