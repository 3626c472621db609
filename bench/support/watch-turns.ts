/** Watches the CPU time of this thread from one turn of the event loop to the next. */
export function watchTurns(): { stop(): number } {
  let longestMs = 0;
  let before = process.threadCpuUsage();
  const timer = setInterval(() => {
    const { user, system } = process.threadCpuUsage(before);
    longestMs = Math.max(longestMs, (user + system) / 1000);
    before = process.threadCpuUsage();
  }, 1);
  return {
    /** Returns the longest: milliseconds. */
    stop() {
      clearInterval(timer);
      return longestMs;
    },
  };
}
