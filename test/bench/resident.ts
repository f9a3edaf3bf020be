/**
 * How much memory a process holds while something runs: what flows through a proxy must not lie in it. From Linux's
 * /proc (proc_pid_status); NaN on other systems.
 */
import { readFileSync } from 'node:fs';

const EVERY_MS = 20;
const KB_PER_MB = 1_000;

export interface Resident {
  /** In MB, before it began. */
  readonly before: number;
  readonly most: number;
}

/** What `work` comes to, and the most that the process held meanwhile. */
export async function watchResident<T>(pid: number, work: () => Promise<T>): Promise<{ value: T; resident: Resident }> {
  const before = residentMb(pid);
  let most = before;
  const timer = setInterval(() => {
    most = Math.max(most, residentMb(pid));
  }, EVERY_MS);
  try {
    const value = await work();
    return { value, resident: { before, most } };
  } finally {
    clearInterval(timer);
  }
}

function residentMb(pid: number): number {
  try {
    const kb = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
    return Number(kb ?? Number.NaN) / KB_PER_MB;
  } catch {
    return Number.NaN;
  }
}
