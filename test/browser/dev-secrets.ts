/**
 * Secrets that a test's configuration names, put into `.dev.vars` while it runs: `npm start` reads them there.
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { keepDevSecrets } from '../../commands/dev-secrets.ts';

const FILE = '.dev.vars';

/** Takes them out again. */
export function lendSecrets(secrets: Readonly<Record<string, string>>): () => void {
  if (!existsSync(FILE)) keepDevSecrets(FILE);
  const before = readFileSync(FILE, 'utf8');
  const lines = Object.entries(secrets).map(([name, value]) => `${name}="${value}"`);
  writeFileSync(FILE, `${before}${lines.join('\n')}\n`);
  return () => writeFileSync(FILE, before);
}
