import type { Tally } from '#adapters/database/tally.ts';
import type { Logger } from '#adapters/log.ts';

/** What the log tells of a request: who asked for what, and what it took. Nothing of what was sent or answered. */
export type RequestEntry = {
  requestId: string;
  method: string;
  path: string;
  /** Of HTTP; null over a WebSocket. */
  status: number | null;
  startedAt: number;
  tally: Tally;
};

/** What orchestrators and collectors ask for every few seconds. */
const PROBES = /^\/(?:health|metrics)(?=\/|$)/;
/** Characters of a path, which clients choose. */
const MAX_PATH_LENGTH = 200;

/** Creates what writes the line of a request that has ended. */
export function createRequestLog(log: Logger): (entry: RequestEntry) => void {
  // Its fields are known, and none has others in it: to look for secrets there took a fifth of all that a small request allocates.
  const lines = log.child({}, { redact: [], level: 'trace' });
  return ({ requestId, method, path, status, startedAt, tally }) => {
    const level = PROBES.test(path) ? 'debug' : 'info';
    if (!log.isLevelEnabled(level)) return;
    const { name: operation, userId, statements: sqlCount } = tally;
    lines[level](
      {
        requestId,
        method,
        path: path.slice(0, MAX_PATH_LENGTH),
        status: status ?? undefined, // what is undefined is not written
        operation: operation ?? undefined,
        userId: userId ?? undefined,
        durationMs: Math.round((performance.now() - startedAt) * 10) / 10,
        sqlCount,
      },
      'request',
    );
  };
}
