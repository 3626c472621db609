import { readdirSync, readFileSync } from 'node:fs';

/** Returns what a process holds in memory (Linux); 0 for one that has ended. */
export function residentBytes({ pid }: { pid?: number | undefined }): number {
  return Number(/VmRSS:\s+(\d+)/.exec(readStatus(Number(pid)))?.[1] ?? 0) * 1024;
}

/** Returns the processes that a process has started, and which have not ended (Linux). */
export const childrenOf = ({ pid }: { pid?: number | undefined }): number[] =>
  readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((other) => Number(/PPid:\s+(\d+)/.exec(readStatus(other))?.[1]) === pid);

/** Returns what the system says of a process; nothing of one that has ended. */
function readStatus(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/status`, 'utf8');
  } catch {
    return '';
  }
}
