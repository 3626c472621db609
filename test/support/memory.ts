import { readFileSync } from 'node:fs';

/** Returns what a process holds in memory (Linux); 0 for one that has ended. */
export function residentBytes({ pid }: { pid?: number | undefined }): number {
  return Number(/VmRSS:\s+(\d+)/.exec(readStatus(Number(pid)))?.[1] ?? 0) * 1024;
}

/** Returns what the system says of a process; nothing of one that has ended. */
export function readStatus(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/status`, 'utf8');
  } catch {
    return '';
  }
}
