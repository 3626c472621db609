import { EndpointFailed } from './model/endpoint-failures.ts';

/** The logged part of an error: only those of its own fields that are known to contain no user data. */
type LoggedError = {
  type: string;
  message: string;
  stack?: string;
  cause?: LoggedError;
  errors?: LoggedError[];
} & Record<string, unknown>;

/** Fields of Node's, PostgreSQL's and our errors. PostgreSQL's `detail`, `where` and the like contain rows. */
const LISTED = [
  'code',
  'errno',
  'syscall',
  'address',
  'port',
  'status',
  'failure',
  'severity',
  'schema',
  'table',
  'column',
  'constraint',
  'routine',
] as const;

/** The maximum depth of logged causes. */
const MAX_DEPTH = 4;
/** The maximum number of logged errors of an AggregateError. */
const MAX_ERRORS = 5;

/** PostgreSQL quotes values in its messages of the classes 22 (data) and P0 (raised by a function). */
const QUOTES_VALUES = /^(22|P0)/;

/** Returns what is logged of an error. */
export function describeLoggedError(error: unknown, depth = 0): LoggedError | unknown {
  if (!(error instanceof Error)) return error;
  const message = messageOf(error);
  const listed = LISTED.flatMap((field) => {
    const value = (error as unknown as Record<string, unknown>)[field];
    return typeof value === 'string' || typeof value === 'number' ? [[field, value]] : [];
  });
  const described: LoggedError = { type: error.name, message, ...Object.fromEntries(listed) };
  if (error.stack) described.stack = [`${error.name}: ${message}`, ...framesOf(error.stack)].join('\n');
  if (error instanceof EndpointFailed) described.details = error.details; // made for the log
  if (depth >= MAX_DEPTH) return described;
  if (error.cause instanceof Error) described.cause = describeLoggedError(error.cause, depth + 1) as LoggedError;
  if (error instanceof AggregateError)
    described.errors = error.errors
      .slice(0, MAX_ERRORS)
      .map((one) => describeLoggedError(one, depth + 1) as LoggedError);
  return described;
}

/** The message, as far as it is in our own, Node's or PostgreSQL's words. */
function messageOf(error: Error): string {
  const { name, message } = error;
  const code = String((error as { code?: unknown }).code ?? '');
  if (name.startsWith('PrismaClient') || name === 'DriverAdapterError') return describePrisma(error, code);
  if (error instanceof SyntaxError) return 'text that is not what it should be'; // JSON.parse quotes it
  if (QUOTES_VALUES.test(code) && 'severity' in error) return `PostgreSQL refuses a value, or raises: ${code}`;
  return message;
}

/** Prisma's messages contain the arguments of a call, and PostgreSQL's message. */
function describePrisma({ message, ...error }: Error, code: string): string {
  const call = /Invalid `([\w.$]+)\(\)` invocation/.exec(message)?.[1] ?? 'a statement';
  const { meta } = error as { meta?: { driverAdapterError?: { cause?: { originalCode?: string; kind?: string } } } };
  const { originalCode, kind } = meta?.driverAdapterError?.cause ?? {};
  return [`Prisma: ${call} failed`, code, originalCode, kind].filter(Boolean).join(' ');
}

const framesOf = (stack: string) => stack.split('\n').filter((line) => /^\s+at /.test(line));
