import { afterEach, beforeEach, vi } from 'vitest';
import type { Logger } from '#adapters/log.ts';

/**
 * The pauses before a model is asked again, in milliseconds, since the test began. Each is over as soon as it begins: the clock jumps
 * to its end, which is all that moves it. In a test with real timers they are sat out.
 */
export function skipPauses(log: Logger): number[] {
  const pauses: number[] = [];
  beforeEach(() => {
    pauses.length = 0;
    vi.useFakeTimers({ toFake: ['Date', 'setTimeout', 'clearTimeout'] });
    vi.spyOn(log, 'info').mockImplementation((entry: unknown) => {
      const { pauseMs } = entry as { pauseMs: number };
      pauses.push(pauseMs);
      setImmediate(() => vi.isFakeTimers() && vi.advanceTimersByTime(Math.ceil(pauseMs)));
    });
  });
  afterEach(() => {
    vi.useRealTimers();
    vi.restoreAllMocks();
  });
  return pauses;
}
