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

/** Writes the line of a request that has ended. */
export function logRequest(log: Logger, { requestId, method, path, status, startedAt, tally }: RequestEntry): void {
  const level = PROBES.test(path) ? 'debug' : 'info';
  if (!log.isLevelEnabled(level)) return;
  const { name: operation, userId, statements: sqlCount } = tally;
  log[level](
    {
      requestId,
      method,
      path: path.slice(0, MAX_PATH_LENGTH),
      ...(status !== null && { status }),
      ...(operation !== null && { operation }),
      ...(userId !== null && { userId }),
      durationMs: Math.round((performance.now() - startedAt) * 10) / 10,
      sqlCount,
    },
    'request',
  );
}
