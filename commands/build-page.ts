// `npm run page`: makes src/challenge/built from src/challenge/page, a file each. A test finds one that was not made anew.

import { createHash } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { buildSync } from 'esbuild';

const root = join(import.meta.dirname, '..');
const folder = join(root, 'src/challenge');
const hashDigits = 16;

/** Name → source. Modules, but for what shops name in a script tag of theirs. */
const sources = {
  page: 'page/page.ts',
  'page-style': 'page/page.css',
  'proof-of-work': 'page/methods/proof-of-work.ts',
  passkey: 'page/methods/passkey.ts',
  turnstile: 'page/methods/turnstile.ts',
  identity: 'page/methods/identity.ts',
  passkeys: 'page/passkeys.ts',
  challenge: 'page/challenge.ts',
  seal: 'page/seal.ts',
} as const;
/** Script tags without `type="module"` load these too. */
const plainScripts: readonly string[] = [sources.challenge, sources.seal];

export interface BuiltFile {
  readonly type: string;
  readonly hash: string;
  readonly text: string;
}

/** By its name, as it is committed. */
export function buildPage(): ReadonlyMap<string, BuiltFile> {
  return new Map(Object.entries(sources).map(([name, source]) => [name, buildFile(source)]));
}

function buildFile(source: string): BuiltFile {
  const { outputFiles } = buildSync({
    entryPoints: [join(folder, source)],
    bundle: true,
    minify: true,
    write: false,
    format: plainScripts.includes(source) ? 'iife' : 'esm',
    target: ['es2022', 'chrome108', 'firefox115', 'safari16'],
    legalComments: 'none',
    absWorkingDir: root,
    logLevel: 'error',
  });
  const text = outputFiles[0]?.text ?? '';
  const type = source.endsWith('.css') ? 'text/css; charset=utf-8' : 'text/javascript; charset=utf-8';
  return { type, hash: createHash('sha256').update(text).digest('hex').slice(0, hashDigits), text };
}

if (process.argv[1] === import.meta.filename) {
  mkdirSync(join(folder, 'built'), { recursive: true });
  for (const [name, file] of buildPage()) {
    writeFileSync(join(folder, 'built', `${name}.json`), `${JSON.stringify(file, null, 2)}\n`);
  }
}
