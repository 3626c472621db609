import { Prisma } from '#generated/prisma/client.ts';

/** A running transaction, with the models of the database. */
export type Tx = Prisma.TransactionClient;

/** What a JSON column takes. */
export type Json = Prisma.InputJsonValue;

/** The row that a change or a job is about, by its GraphQL type and its own id. */
export type Subject = { type: string; id: string };

/** Whether PostgreSQL chose this transaction to end a deadlock (40P01), or could not order it with another (40001). */
export function isWriteConflict(error: unknown): boolean {
  return error instanceof Prisma.PrismaClientKnownRequestError && error.code === 'P2034';
}

/** A value for a JSON column: SQL NULL where there is none. */
export function jsonColumn(value: unknown): Json | typeof Prisma.DbNull {
  return value == null ? Prisma.DbNull : (value as Json);
}
