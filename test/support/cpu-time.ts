/** The CPU time of this thread that `work` takes, not the clock's: other work on the machine must not fail a test. */
export async function cpuSecondsOf(work: () => unknown): Promise<number> {
  const before = process.threadCpuUsage();
  await work();
  const { user, system } = process.threadCpuUsage(before);
  return (user + system) / 1e6;
}
