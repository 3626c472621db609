import { type Logger, pino } from 'pino';

export type { Logger };

/** JSON lines on standard error: standard output is for what commands answer. */
export function openLog(level: string): Logger {
  return pino(
    {
      level,
      base: null,
      redact: { paths: ['*.authorization', '*.secret', '*.apiKey', '*.password'], censor: '[secret]' },
    },
    pino.destination({ fd: 2, sync: false }),
  );
}
