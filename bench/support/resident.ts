import { childrenOf, residentBytes } from '../../test/support/proc.ts';

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
  const first = residentBytes({ pid });
  let [most, mostOfChildren] = [first, 0];
  const timer = setInterval(() => {
    most = Math.max(most, residentBytes({ pid }));
    mostOfChildren = Math.max(
      mostOfChildren,
      childrenOf({ pid }).reduce((sum, child) => sum + residentBytes({ pid: child }), 0),
    );
  }, 100);
  return {
    growthMib: () => Math.round((most - first) / MIB),
    childrenMib: () => Math.round(mostOfChildren / MIB),
    stop: () => clearInterval(timer),
  };
}
