import { createRequire } from 'node:module';
import { type DestinationStream, type Logger, pino } from 'pino';

export type { Logger };

/**
 * Opens the log on standard error, as standard output is for the results of commands: lines to read on a terminal, JSON
 * elsewhere. Known secrets are masked.
 */
export function openLog(level: string): Logger {
  return pino(
    {
      level,
      base: null,
      redact: { paths: ['*.authorization', '*.secret', '*.apiKey', '*.password'], censor: '[secret]' },
    },
    hideSecrets(process.stderr.isTTY ? openTerminal() : pino.destination({ fd: 2, sync: false })),
  );
}

/** Keys, whoever put one into what is logged, and the passwords of addresses. */
const SECRETS = /prl_[\w-]{8,}|(?<=:\/\/)[^\s/@"]+@/g;

/** Hides secrets by their shape, also where no field's name tells that there is one. */
function hideSecrets(destination: DestinationStream): DestinationStream {
  const write = destination.write.bind(destination);
  const hide = (line: string) =>
    line.includes('prl_') || line.includes('://') ? line.replace(SECRETS, '[secret]') : line;
  return Object.assign(destination, { write: (line: string) => write(hide(line)) });
}

/** Of a slow statement, so that it is one line of the terminal. */
const MAX_SQL_SHOWN = 80;

function openTerminal(): DestinationStream {
  // Only people at a terminal need it, which servers are without.
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
