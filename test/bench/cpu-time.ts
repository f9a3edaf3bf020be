/**
 * Processor time that processes have used, in ms: it tells who is busy, and what a request costs on a machine that
 * others use too. From Linux's /proc (proc_pid_schedstat); NaN on other systems.
 */
import { readdirSync, readFileSync } from 'node:fs';

export interface CpuTimes {
  /** This process. */
  readonly own: number;
  readonly others: readonly number[];
}

const NS_PER_MS = 1e6;

export function cpuTimes(pids: readonly number[]): CpuTimes {
  const { user, system } = process.cpuUsage();
  return { own: (user + system) / 1000, others: pids.map(ofProcess) };
}

function ofProcess(pid: number): number {
  try {
    const tasks = readdirSync(`/proc/${pid}/task`);
    const times = tasks.map((task) => readFileSync(`/proc/${pid}/task/${task}/schedstat`, 'utf8').split(' ')[0]);
    return times.reduce((sum, ns) => sum + Number(ns), 0) / NS_PER_MS;
  } catch {
    return Number.NaN;
  }
}
