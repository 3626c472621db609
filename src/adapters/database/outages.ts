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
/** Codes of Node's sockets; ENOENT is a Unix socket that is not there. */
const SOCKET = new Set(['ECONNREFUSED', 'ECONNRESET', 'EPIPE', 'ETIMEDOUT', 'ENOTFOUND', 'ENOENT']);
/** Messages of the pg client, which gives these errors no code. */
const PG_MESSAGES =
  /timeout exceeded when trying to connect|Connection terminated|Query read timeout|Client has encountered a connection error/;
/** Messages of ioredis, which gives these errors no code. */
const REDIS_MESSAGES = /Command timed out|Connection is closed|Stream isn't writeable/;

/**
 * Whether an error says that the database or Redis is out of reach or too slow, rather than that a statement is wrong.
 */
export function isOutage(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const code = String((error as { code?: unknown }).code ?? '');
  return (
    PRISMA.has(code) ||
    POSTGRES.test(code) ||
    POSTGRES.test(codeUnderPrisma(error)) ||
    SOCKET.has(code) ||
    PG_MESSAGES.test(error.message) ||
    REDIS_MESSAGES.test(error.message) ||
    isOutage(error.cause)
  );
}

/** Prisma has a code of its own for whatever PostgreSQL code it does not know (P2039); PostgreSQL's is deep in it. */
function codeUnderPrisma({
  meta,
}: { meta?: { driverAdapterError?: { cause?: { originalCode?: string } } } } & Error): string {
  return meta?.driverAdapterError?.cause?.originalCode ?? '';
}
