// Why a person or a program wants the demo to end: a signal, or the npm that started it is gone.

import { setInterval as tick } from 'node:timers/promises';

const parentCheckMs = 500;

/** Settles when the demo should end. */
export function listenForInterruption(): Promise<void> {
  return Promise.race([listenForSignals(), watchParent()]);
}

function listenForSignals(): Promise<void> {
  return new Promise((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => resolve());
  });
}

// A signal to npm ends npm and the shell between it and this process, and stops there: the shell passes nothing on.
// Whoever starts this file without npm may leave it to run alone.
async function watchParent(): Promise<void> {
  const parentId = process.ppid;
  const ticks = tick(parentCheckMs, undefined, { ref: false });
  for await (const _ of ticks) {
    if (process.env.npm_lifecycle_event !== undefined && process.ppid !== parentId) return;
  }
}
