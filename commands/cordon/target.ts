// Which Cordon is meant, and with which key. The key of `.dev.vars` goes to this machine alone.

import { existsSync, readFileSync } from 'node:fs';
import { parseEnv } from 'node:util';
import { type ClientOptions, createClient, type Fetch } from '../../src/client/client.ts';
import type { Invocation } from './arguments.ts';
import { fetchOnLoopback, isLoopback } from './loopback-fetch.ts';
import { UsageError } from './usage.ts';

export interface Surroundings {
  environment: NodeJS.ProcessEnv;
  devVarsPath: string;
  /** Replaces the network. */
  fetch?: Fetch;
}

const timeoutMs = 15_000;

export function openTarget(
  { url, keyFile }: Pick<Invocation, 'url' | 'keyFile'>,
  { environment, devVarsPath, fetch }: Surroundings,
) {
  const target = targetOf(url, environment);
  const isLocal = isLoopback(target);
  const key = readKey(keyFile, environment) ?? (isLocal ? readDevKey(devVarsPath) : undefined);
  if (key === undefined) throw new UsageError('No key: set CORDON_ADMIN_KEY, or name a file with --key-file.');
  const ownFetch = fetch ?? (isLocal && target.protocol === 'https:' ? fetchOnLoopback : undefined);
  return open({ url: target.origin, key, onUnreachable: 'throw', timeoutMs, fetch: ownFetch });
}

/** Whether the Cordon that is meant runs on this machine. */
export function isLocalTarget({ url }: Pick<Invocation, 'url'>, { environment }: Surroundings): boolean {
  return isLoopback(targetOf(url, environment));
}

function targetOf(url: string | undefined, environment: NodeJS.ProcessEnv): URL {
  return readUrl(url ?? environment.CORDON_URL ?? `https://localhost:${environment.PORT || '8787'}`);
}

function open(options: ClientOptions) {
  try {
    return createClient(options);
  } catch (error) {
    throw new UsageError(`${(error as Error).message}.`);
  }
}

function readUrl(text: string): URL {
  const url = URL.parse(text);
  if (url === null) throw new UsageError('The URL of Cordon is none: https://cordon.example.com would be one.');
  return url;
}

function readKey(file: string | undefined, environment: NodeJS.ProcessEnv): string | undefined {
  if (file === undefined) return environment.CORDON_ADMIN_KEY || undefined;
  try {
    return readFileSync(file, 'utf8').trim();
  } catch {
    throw new UsageError('The file of --key-file cannot be read.');
  }
}

function readDevKey(path: string): string | undefined {
  return existsSync(path) ? parseEnv(readFileSync(path, 'utf8')).CORDON_ADMIN_KEY : undefined;
}
