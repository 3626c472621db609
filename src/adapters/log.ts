import { createRequire } from 'node:module';
import { type DestinationStream, type Logger, pino } from 'pino';
import { describeLoggedError } from './logged-error.ts';

export type { Logger };

/**
 * Opens the log on standard error, because standard output is for the results of commands: human-readable lines on a terminal, JSON
 * elsewhere. Secrets are masked: `secrets` themselves, those in fields with such names, and whatever looks like one. Of errors, only what
 * cannot contain user data is logged.
 */
export function openLog(level: string, secrets: readonly string[] = []): Logger {
  return pino(
    {
      level,
      base: null,
      serializers: { err: describeLoggedError },
      redact: { paths: ['*.authorization', '*.secret', '*.apiKey', '*.password'], censor: '[secret]' },
    },
    process.stderr.isTTY ? hideSecrets(openTerminal(), secrets) : openLines(secrets),
  );
}

/** API keys, wherever they are logged, secrets of webhooks and of headers, and the passwords in URLs. */
const SECRETS = /prl_[\w-]{8,}|whsec_[\w+/=]{8,}|(?<=Bearer )[^\s"\\]{8,}|(?<=:\/\/)[^\s/@"]+@/g;
const MAY_BE_SECRET = /prl_|whsec_|Bearer |:\/\//;

/** Masks secrets by their shape, even if no field name reveals them, and known secrets. */
function hideSecrets(destination: DestinationStream, secrets: readonly string[]): DestinationStream {
  const write = destination.write.bind(destination);
  const known = secrets.map((secret) => JSON.stringify(secret).slice(1, -1));
  const hide = (line: string) => {
    const found = known.filter((secret) => line.includes(secret));
    const rest = found.reduce((text, secret) => text.replaceAll(secret, '[secret]'), line);
    return MAY_BE_SECRET.test(rest) ? rest.replace(SECRETS, '[secret]') : rest;
  };
  return Object.assign(destination, { write: (line: string) => write(hide(line)) });
}

/** Writes the lines of one turn of the event loop together, at its end or when the process exits: a write costs more than many lines. */
function openLines(secrets: readonly string[]): DestinationStream {
  const destination = pino.destination({ fd: 2, sync: false });
  const { write } = hideSecrets(destination, secrets);
  let lines = '';
  const flush = () => {
    const text = lines;
    lines = '';
    write(text);
  };
  process.on('exit', () => {
    if (lines) flush();
    destination.flushSync();
  });
  return {
    write(line) {
      if (lines === '') setImmediate(flush);
      lines += line;
    },
  };
}

/** Shortens a slow statement to one line of the terminal. */
const MAX_SQL_SHOWN = 80;

function openTerminal(): DestinationStream {
  // Loaded only on a terminal, which servers do not have.
  const pretty = createRequire(import.meta.url)('pino-pretty') as typeof import('pino-pretty');
  return pretty({
    destination: 2,
    sync: true,
    singleLine: true,
    translateTime: 'SYS:HH:MM:ss',
    ignore: 'sql,durationMs,requestId,method,path,status,operation,userId,sqlCount',
    messageFormat: (line) => {
      const { msg, sql, durationMs } = line;
      if (msg === 'request') return describeRequest(line);
      if (typeof sql !== 'string') return String(msg);
      const shown = msg === 'slow query' && sql.length > MAX_SQL_SHOWN ? `${sql.slice(0, MAX_SQL_SHOWN)}…` : sql;
      return `${msg}, ${Math.round(Number(durationMs))} ms: ${shown}`;
    },
  });
}

function describeRequest({ method, path, status, operation, durationMs, sqlCount }: Record<string, unknown>): string {
  const what = [method, path, operation, status].filter((each) => each !== undefined).join(' ');
  return `${what}, ${durationMs} ms, ${sqlCount} SQL`;
}
