/** Prisma's codes for a database that is unreachable or too slow: https://www.prisma.io/docs/orm/reference/error-reference */
const PRISMA = new Set(['P1001', 'P1002', 'P1008', 'P1017', 'P2024', 'P2028']);
/** SQLSTATEs: connection exceptions (class 08), insufficient resources (53), shutdown and startup, and all timeouts. */
const POSTGRES = /^(08...|53...|57P0[1235]|57014|55P03|25P0[34])$/;
/** Codes of Node's sockets. */
const SOCKET = new Set(['ECONNREFUSED', 'ECONNRESET', 'EPIPE', 'ETIMEDOUT', 'ENOTFOUND']);
/** Messages of the pg client, whose errors of this kind have no code. */
const PG_MESSAGES =
  /timeout exceeded when trying to connect|^timeout expired$|Connection terminated|Query read timeout|Client has encountered a connection error/;
/** Messages of ioredis, whose errors of this kind have no code. */
const REDIS_MESSAGES =
  /Command timed out|Connection is closed|Stream isn't writeable|CLUSTERDOWN|Cluster isn't ready|Too many Cluster redirections/;

/** Whether an error means that the database or Redis is unreachable or too slow, rather than that a statement is wrong. */
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

/** Whether an error means that a disk is full: one of this machine, or that of a database. */
export const isDiskFull = (error: unknown): boolean =>
  error instanceof Error && (DISK_FULL.has(codeOf(error)) || sqlStateOf(error) === '53100' || isDiskFull(error.cause));

const DISK_FULL = new Set(['ENOSPC', 'EDQUOT']);

/** ENOENT alone is not enough: any missing file has it. */
function isSocketMissing(error: NodeJS.ErrnoException): boolean {
  return error.code === 'ENOENT' && error.syscall === 'connect';
}

/** Messages of an outage that leaves open whether the database executed what it was sent: the connection broke, or no response came. */
const UNKNOWN_OUTCOME = /^(08...|57P0[12]|P1017|ECONNRESET|EPIPE|ETIMEDOUT)$/;
const UNKNOWN_OUTCOME_MESSAGES = /Connection terminated|Query read timeout|Client has encountered a connection error/;

const unsent = new WeakSet<Error>();

/** Notes that an error came before anything was sent: a connection that breaks while it is opened has the messages of one that breaks later. */
export const markUnsent = (error: Error): void => void unsent.add(error);

/**
 * Whether an outage leaves open if the statement that met it was executed. False if PostgreSQL itself refused or ended it, because then
 * it is rolled back, and if it was never sent.
 */
export function isOutcomeUnknown(error: unknown): boolean {
  if (!(error instanceof Error) || unsent.has(error)) return false;
  return (
    UNKNOWN_OUTCOME.test(sqlStateOf(error)) ||
    UNKNOWN_OUTCOME.test(codeOf(error)) ||
    UNKNOWN_OUTCOME_MESSAGES.test(error.message) ||
    isOutcomeUnknown(error.cause)
  );
}

/** pg's message if all connections of a pool are in use. */
export const CHECKOUT_TIMEOUT = 'timeout exceeded when trying to connect';
/** The same for a user's share of a pool, while other statements of theirs got some of it. */
export const SHARE_TIMEOUT = `${CHECKOUT_TIMEOUT}: other statements of the same user came before`;

/** Whether a statement got no connection from its pool, because others had them all. It was not sent. */
export const isCheckoutTimeout = (error: unknown): boolean =>
  error instanceof Error && (error.message === CHECKOUT_TIMEOUT || isShareTimeout(error));

/** Whether that was only because its user asks for more at once than one user may have of the database. */
export const isShareTimeout = (error: unknown): boolean => error instanceof Error && error.message === SHARE_TIMEOUT;

/** Whether a statement hit the time limit for waiting for a lock (55P03). It is rolled back. */
export const isLockTimeout = (error: unknown): boolean => error instanceof Error && sqlStateOf(error) === '55P03';

/** Whether PostgreSQL ended a statement that hit its time limit (57014). It is rolled back. */
export const isStatementTimeout = (error: unknown): boolean => error instanceof Error && sqlStateOf(error) === '57014';

function codeOf(error: Error): string {
  return String((error as { code?: unknown }).code ?? '');
}

/** Returns PostgreSQL's code; under Prisma, which has codes of its own (P2039 for what it does not know), it is deep in the error. */
export function sqlStateOf(error: Error): string {
  const { meta } = error as { meta?: { driverAdapterError?: { cause?: { originalCode?: string } } } };
  return meta?.driverAdapterError?.cause?.originalCode ?? codeOf(error);
}
