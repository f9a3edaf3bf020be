// One `wrangler dev` as a child process: started in a process group of its own, its output kept in a log file,
// and ended with everything that it started.

import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, mkdirSync, openSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { endGroup } from './process-group.ts';

const logTailLines = 40;

export interface DevServerPlan {
  name: string;
  /** The folder of the clone; paths below are relative to it. */
  root: string;
  config: string;
  scheme: 'http' | 'https';
  port: number;
  healthPath: string;
  /** Wrangler's debugger: each server needs one of its own. */
  inspectorPort: number;
  logPath: string;
  persistTo: string;
}

export interface DevServer {
  plan: DevServerPlan;
  /** Settles when the process is gone, with words for why. */
  ended: Promise<string>;
  stop(): Promise<void>;
}

export function startDevServer(plan: DevServerPlan): DevServer {
  const logPath = join(plan.root, plan.logPath);
  mkdirSync(dirname(logPath), { recursive: true });
  const log = openSync(logPath, 'w');
  const child = spawn(process.execPath, listArguments(plan), {
    cwd: plan.root,
    // A group of its own, so that Ctrl-C reaches this process alone, which then ends the group as a whole.
    detached: true,
    stdio: ['ignore', log, log],
    env: { ...process.env, CLOUDFLARE_CF_FETCH_ENABLED: 'false', WRANGLER_SEND_METRICS: 'false', NO_COLOR: '1' },
  });
  closeSync(log);
  return { plan, ended: watch(child), stop: () => endGroup(child) };
}

export function readLogTail({ plan }: DevServer): string {
  // esbuild colours its messages whatever NO_COLOR says.
  const log = stripVTControlCharacters(readFileSync(join(plan.root, plan.logPath), 'utf8'));
  return log.trimEnd().split('\n').slice(-logTailLines).join('\n');
}

function listArguments(plan: DevServerPlan): string[] {
  const options = {
    config: plan.config,
    ip: '127.0.0.1',
    port: String(plan.port),
    'local-protocol': plan.scheme,
    'persist-to': plan.persistTo,
    'inspector-port': String(plan.inspectorPort),
    'show-interactive-dev-session': 'false',
  };
  const flags = Object.entries(options).map(([name, value]) => `--${name}=${value}`);
  return [join(plan.root, 'node_modules/wrangler/bin/wrangler.js'), 'dev', ...flags];
}

function watch(child: ChildProcess): Promise<string> {
  return new Promise((resolve) => {
    child.once('error', (error) => resolve(error.message));
    child.once('exit', (code, signal) => resolve(signal === null ? `exit code ${code}` : `signal ${signal}`));
  });
}
