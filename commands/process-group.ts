// Ends a child process with everything that it started. It was started `detached`, which gives it a group of its own.

import type { ChildProcess } from 'node:child_process';
import { setTimeout as wait } from 'node:timers/promises';

const graceMs = 5_000;
const pollMs = 50;

export async function endGroup(child: ChildProcess): Promise<void> {
  if (child.pid === undefined) return;
  const deadlineMs = Date.now() + graceMs;
  let isAlive = signalGroup(child.pid, 'SIGTERM');
  while (isAlive && Date.now() < deadlineMs) {
    await wait(pollMs);
    isAlive = signalGroup(child.pid, 0);
  }
  if (isAlive) signalGroup(child.pid, 'SIGKILL');
}

// The group outlives its leader: workerd may still run when wrangler is gone.
function signalGroup(leaderId: number, signal: NodeJS.Signals | 0): boolean {
  try {
    return process.kill(-leaderId, signal);
  } catch {
    return false;
  }
}
