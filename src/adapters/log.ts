import { type Logger, pino } from 'pino';

export type { Logger };

/**
 * Opens the log: JSON lines on standard error, as standard output is for the results of commands. Known secrets are
 * masked.
 */
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
