/**
 * Prisma's codes for a database that is out of reach or too slow:
 * https://www.prisma.io/docs/orm/reference/error-reference
 */
const PRISMA = new Set(['P1001', 'P1002', 'P1008', 'P1017', 'P2024', 'P2028']);
/**
 * SQLSTATEs: connection exceptions (class 08), lack of resources (53), shutdown and start-up, and all that took too
 * long.
 */
const POSTGRES = /^(08...|53...|57P0[1235]|57014|55P03|25P0[34])$/;
/** Codes of Node's sockets. */
const SOCKET = new Set(['ECONNREFUSED', 'ECONNRESET', 'EPIPE', 'ETIMEDOUT', 'ENOTFOUND']);
/** Messages of the pg client, which gives these errors no code. */
const PG_MESSAGES =
  /timeout exceeded when trying to connect|Connection terminated|Query read timeout|Client has encountered a connection error/;
/** Messages of ioredis, which gives these errors no code. */
const REDIS_MESSAGES =
  /Command timed out|Connection is closed|Stream isn't writeable|CLUSTERDOWN|Cluster isn't ready|Too many Cluster redirections/;

/**
 * Whether an error says that the database or Redis is out of reach or too slow, rather than that a statement is wrong.
 */
export function isOutage(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const code = codeOf(error);
  return (
    PRISMA.has(code) ||
    POSTGRES.test(sqlStateOf(error)) ||
    SOCKET.has(code) ||
    isSocketMissing(error) ||
    PG_MESSAGES.test(error.message) ||
    REDIS_MESSAGES.test(error.message) ||
    isOutage(error.cause)
  );
}

/** Whether an error says that a disk is full: one of this machine, or that of a database. */
export const isDiskFull = (error: unknown): boolean =>
  error instanceof Error && (DISK_FULL.has(codeOf(error)) || sqlStateOf(error) === '53100' || isDiskFull(error.cause));

const DISK_FULL = new Set(['ENOSPC', 'EDQUOT']);

/** ENOENT is what any missing file has, too. */
function isSocketMissing(error: NodeJS.ErrnoException): boolean {
  return error.code === 'ENOENT' && error.syscall === 'connect';
}

/** What of an outage leaves open whether the database did what it was sent: it broke off, or never said. */
const UNKNOWN_OUTCOME = /^(08...|57P0[12]|P1017|ECONNRESET|EPIPE|ETIMEDOUT)$/;
const UNKNOWN_OUTCOME_MESSAGES = /Connection terminated|Query read timeout|Client has encountered a connection error/;

/**
 * Whether an outage leaves open if the statement that met it was carried out. False for what PostgreSQL itself refused or
 * ended, which is rolled back, and for what was never sent.
 */
export function isOutcomeUnknown(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  return (
    UNKNOWN_OUTCOME.test(sqlStateOf(error)) ||
    UNKNOWN_OUTCOME.test(codeOf(error)) ||
    UNKNOWN_OUTCOME_MESSAGES.test(error.message) ||
    isOutcomeUnknown(error.cause)
  );
}

/** As pg says it of a pool that is in use. */
export const CHECKOUT_TIMEOUT = 'timeout exceeded when trying to connect';
/** The same of a user's share of a pool, of which others of theirs had some meanwhile. */
export const SHARE_TIMEOUT = `${CHECKOUT_TIMEOUT}: other statements of the same user came before`;

/** Whether a statement got no connection of its pool, as others had them all. It was not sent. */
export const isCheckoutTimeout = (error: unknown): boolean =>
  error instanceof Error && (error.message === CHECKOUT_TIMEOUT || isShareTimeout(error));

/** Whether that was only since its user asks for more at once than the database does for one user. */
export const isShareTimeout = (error: unknown): boolean => error instanceof Error && error.message === SHARE_TIMEOUT;

/** Whether a statement waited for a lock for as long as it may (55P03). It is rolled back. */
export const isLockTimeout = (error: unknown): boolean => error instanceof Error && sqlStateOf(error) === '55P03';

/** Whether PostgreSQL ended a statement that took as long as it may (57014). It is rolled back. */
export const isStatementTimeout = (error: unknown): boolean => error instanceof Error && sqlStateOf(error) === '57014';

function codeOf(error: Error): string {
  return String((error as { code?: unknown }).code ?? '');
}

/** Returns PostgreSQL's code; under Prisma, which has codes of its own (P2039 for what it does not know), it is deep in the error. */
export function sqlStateOf(error: Error): string {
  const { meta } = error as { meta?: { driverAdapterError?: { cause?: { originalCode?: string } } } };
  return meta?.driverAdapterError?.cause?.originalCode ?? codeOf(error);
}
