import { readFileSync } from 'node:fs';

/** Of Linux, as `getconf CLK_TCK` says. */
const TICKS_A_SECOND = 100;

/**
 * Returns the CPU time of a process, of all its threads, in seconds: on a shared machine it says more than the clock. NaN where there is no
 * /proc.
 */
export function cpuSecondsOfProcess(pid: number): number {
  try {
    const [userTicks, systemTicks] =
      readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ').slice(11, 13) ?? [];
    return (Number(userTicks) + Number(systemTicks)) / TICKS_A_SECOND;
  } catch {
    return Number.NaN;
  }
}
