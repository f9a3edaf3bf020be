// The development secrets in `.dev.vars`: made up on the first start, kept afterwards, readable by their owner alone.
// Must never print one.

import { randomBytes } from 'node:crypto';
import { chmodSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { parseEnv } from 'node:util';

const ownerOnlyMode = 0o600;

const makers: Readonly<Record<string, () => string>> = {
  CORDON_MASTER_KEY: () => randomBytes(32).toString('base64'),
  CORDON_ADMIN_KEY: () => randomBytes(32).toString('base64url'),
  CORDON_ENV: () => 'development',
};

/** Adds to the file what it lacks, and returns the admin key. */
export function keepDevSecrets(path: string): { adminKey: string } {
  const text = existsSync(path) ? readFileSync(path, 'utf8') : '# Development secrets, made up by `npm start`.\n';
  const present = parseEnv(text);
  const missing = Object.entries(makers).filter(([name]) => !present[name]);
  const lines = missing.map(([name, make]) => `${name}="${make()}"`);
  if (lines.length > 0) {
    const separator = text.endsWith('\n') ? '' : '\n';
    writeFileSync(path, `${text}${separator}${lines.join('\n')}\n`, { mode: ownerOnlyMode });
  }
  // `mode` above holds for a new file only.
  chmodSync(path, ownerOnlyMode);
  return { adminKey: readAdminKey(path) };
}

function readAdminKey(path: string): string {
  const key = parseEnv(readFileSync(path, 'utf8')).CORDON_ADMIN_KEY;
  if (!key) throw new Error(`${path} holds no CORDON_ADMIN_KEY.`);
  return key;
}
