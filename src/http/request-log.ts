import type { Tally } from '#adapters/database/tally.ts';
import type { Logger } from '#adapters/log.ts';

/** The log entry of a request: the user, the operation, the duration and the status, but no content of request or response. */
export type RequestEntry = {
  requestId: string;
  method: string;
  path: string;
  /** The HTTP status; null over a WebSocket. */
  status: number | null;
  startedAt: number;
  tally: Tally;
};

/** Paths that orchestrators and collectors request every few seconds, which are logged at level debug. */
const PROBES = /^\/(?:health|metrics)(?=\/|$)/;
/** The maximum length of a logged path, which clients choose. */
const MAX_PATH_LENGTH = 200;

/** Creates the function that logs a completed request. */
export function createRequestLog(log: Logger): (entry: RequestEntry) => void {
  // The fields are known and flat: searching them for secrets took a fifth of all allocations of a small request.
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
        status: status ?? undefined, // undefined fields are not written
        operation: operation ?? undefined,
        userId: userId ?? undefined,
        durationMs: Math.round((performance.now() - startedAt) * 10) / 10,
        sqlCount,
      },
      'request',
    );
  };
}
