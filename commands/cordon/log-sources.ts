// Where the log comes from: the file that `npm start` writes, any other file, standard input, or `wrangler tail` of the
// deployed Worker. Each ends when `stop` does, and leaves no process.

import { spawn } from 'node:child_process';
import { closeSync, existsSync, fstatSync, openSync, readSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as wait } from 'node:timers/promises';
import { endGroup } from '../process-group.ts';
import { Documents, type LogLine, readLogLine, readTailedEvent } from './log-lines.ts';
import { UsageError } from './usage.ts';

const root = join(import.meta.dirname, '../..');
const demoLog = join(root, '.wrangler/start/cordon.log');
const wrangler = join(root, 'node_modules/wrangler/bin/wrangler.js');
const pollMs = 200;
const chunkBytes = 65_536;
/** Longer than any line of the log: what grows beyond is none. */
const longestLine = 100_000;

export type LogSource =
  | { kind: 'file'; path: string; fromStart: boolean }
  | { kind: 'input' }
  | { kind: 'wrangler'; env: string };

export interface Opened {
  /** For people, on standard error. */
  saying: string;
  lines: AsyncIterable<LogLine>;
}

/** `isLocal`: whether the Cordon that is meant runs on this machine. */
export function chooseSource(from: string | undefined, env: string, isLocal: boolean): LogSource {
  if (from === '-') return { kind: 'input' };
  if (from !== undefined) return { kind: 'file', path: from, fromStart: true };
  return isLocal ? { kind: 'file', path: demoLog, fromStart: false } : { kind: 'wrangler', env };
}

export function openLog(source: LogSource, stop: AbortSignal): Opened {
  switch (source.kind) {
    case 'file':
      if (!existsSync(source.path)) throw new UsageError(noFile(source));
      return { saying: 'Following the log. Ctrl-C ends it.', lines: linesOf(followFile(source, stop)) };
    case 'input':
      return { saying: 'Reading standard input.', lines: linesOf(createInterface({ input: process.stdin })) };
    case 'wrangler':
      return { saying: `Following the Worker (${source.env}). Ctrl-C ends it.`, lines: tailWorker(source.env, stop) };
  }
}

function noFile({ path }: { path: string }): string {
  return path === demoLog
    ? 'There is no log of `npm start` here. Of another `wrangler dev`: wrangler dev … 2>&1 | npm run cordon -- tail --from -'
    : 'The file of --from cannot be read.';
}

async function* linesOf(texts: AsyncIterable<string>): AsyncGenerator<LogLine> {
  for await (const text of texts) {
    const line = readLogLine(text, Date.now());
    if (line !== null) yield line;
  }
}

// Looked at by the clock: what the system tells of changed files differs from one to the next.
async function* followFile({ path, fromStart }: { path: string; fromStart: boolean }, stop: AbortSignal) {
  const file = openSync(path, 'r');
  let [position, rest] = [fromStart ? 0 : fstatSync(file).size, ''];
  const bytes = Buffer.alloc(chunkBytes);
  const decoder = new TextDecoder();
  try {
    while (!stop.aborted) {
      // A server that is started again writes from the beginning.
      if (fstatSync(file).size < position) [position, rest] = [0, ''];
      const count = readSync(file, bytes, 0, chunkBytes, position);
      position += count;
      const texts = `${rest}${decoder.decode(bytes.subarray(0, count), { stream: true })}`.split('\n');
      rest = (texts.pop() ?? '').slice(-longestLine);
      yield* texts;
      if (count < chunkBytes) await wait(pollMs, undefined, { signal: stop }).catch(() => null);
    }
  } finally {
    closeSync(file);
  }
}

async function* tailWorker(env: string, stop: AbortSignal): AsyncGenerator<LogLine> {
  const command = process.env.CORDON_WRANGLER ?? wrangler;
  const child = spawn(process.execPath, [command, 'tail', '--env', env, '--format', 'json'], {
    cwd: root,
    // A group of its own, so that Ctrl-C reaches this process alone, which then ends the group as a whole.
    detached: true,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const end = () => void endGroup(child);
  stop.addEventListener('abort', end);
  const failed = new Promise<number | null>((resolve) => child.once('close', resolve));
  const documents = new Documents();
  try {
    for await (const text of createInterface({ input: child.stdout })) {
      const document = documents.add(text);
      if (document !== null) yield* readTailedEvent(document, Date.now());
    }
    const code = await failed;
    if (code !== 0 && !stop.aborted)
      throw new UsageError('wrangler tail ended: is somebody logged in (wrangler login)?');
  } finally {
    stop.removeEventListener('abort', end);
    await endGroup(child);
  }
}
