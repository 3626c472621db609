import { readdirSync, readFileSync } from 'node:fs';

const MIB = 2 ** 20;

/** What processes hold in memory, looked at ten times a second, in MiB. */
export type ResidentWatch = {
  /** By how much the process has grown at most since the watch began. */
  growthMib(): number;
  /** The most that all its children have held together. */
  childrenMib(): number;
  stop(): void;
};

/** Watches the memory of a process and of those that it has started (Linux). */
export function watchResident(pid: number): ResidentWatch {
  const first = residentBytes(pid);
  let [most, mostOfChildren] = [first, 0];
  const timer = setInterval(() => {
    most = Math.max(most, residentBytes(pid));
    mostOfChildren = Math.max(
      mostOfChildren,
      childrenOf(pid).reduce((sum, child) => sum + residentBytes(child), 0),
    );
  }, 100);
  return {
    growthMib: () => Math.round((most - first) / MIB),
    childrenMib: () => Math.round(mostOfChildren / MIB),
    stop: () => clearInterval(timer),
  };
}

/** 0 for a process that has ended. */
function residentBytes(pid: number): number {
  const status = readStatus(pid);
  return Number(/VmRSS:\s+(\d+)/.exec(status)?.[1] ?? 0) * 1024;
}

const childrenOf = (pid: number): number[] =>
  readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((other) => Number(/PPid:\s+(\d+)/.exec(readStatus(other))?.[1]) === pid);

function readStatus(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/status`, 'utf8');
  } catch {
    return '';
  }
}
