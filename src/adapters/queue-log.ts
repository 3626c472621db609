import type { Logger } from './log.ts';

const QUIET_MS = 60_000;

/** Logs an error when it is new, and the same one again at most once a minute: an engine that polls repeats itself. */
export function repeatsQuietly(log: Logger): (error: Error, sentence: string) => void {
  const lastLogged = new Map<string, number>();
  return (error, sentence) => {
    const now = performance.now();
    for (const [message, at] of lastLogged) if (now - at > QUIET_MS) lastLogged.delete(message);
    if (lastLogged.has(error.message)) return;
    lastLogged.set(error.message, now);
    log.error({ err: error }, sentence);
  };
}
