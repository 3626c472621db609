import pg from 'pg';
import { DataDirectoryInUse } from '#adapters/database/embedded/data-directory.ts';
import { MigrationError } from '#adapters/database/migrator/migrator.ts';
import { isDiskFull, isOutage } from '#adapters/database/outages.ts';
import { ConfigError } from '#config/config.ts';
import { DomainError } from '#domain/core/errors.ts';
import { BackupBroken, BackupOfOtherVersion } from '#domain/operations/backups/backup-broken.ts';
import { Refused } from './command.ts';

/** Errors whose messages are meant for the person who started the process. */
const SENTENCES = [
  ConfigError,
  DataDirectoryInUse,
  MigrationError,
  DomainError,
  BackupBroken,
  BackupOfOtherVersion,
  Refused,
];

/** Error codes of the file system for a configured directory that is not a directory, or not writable. */
const REFUSALS = new Set(['ENOTDIR', 'EEXIST', 'EISDIR', 'EACCES', 'EPERM', 'EROFS']);

/** Poolers do not pass on session settings (session-settings.ts). */
const REFUSED_BY_POOLERS = 'unsupported startup parameter';

/** Messages of the pg client, without a code, and codes of TLS for a server that cannot be connected to with what DATABASE_URL says. */
const UNFIT_MESSAGES = /^SASL: |^The server does not support SSL|SSL connection to the server/;
const UNFIT_CODES = /^(CERT_|DEPTH_ZERO_|SELF_SIGNED_|UNABLE_TO_|ERR_TLS_|ERR_SSL_)/;

/** Returns why the process ends, for the person who started it: a sentence if they can fix it, otherwise the stack. */
export function explainError(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if (SENTENCES.some((kind) => error instanceof kind)) return error.message;
  const { code = '', message, syscall, path } = error as NodeJS.ErrnoException;
  if (code === 'EADDRINUSE')
    return `${message}. Another program listens there; set PORT, or METRICS_PORT of a worker, to a free one.`;
  if (code === 'EADDRNOTAVAIL' || syscall === 'listen') return `${message}. Check HOST and PORT.`;
  if (isDiskFull(error))
    return `The disk of DATA_DIR, of BACKUP_DIR or of PostgreSQL is full: ${message}. Make room on it, and begin again.`;
  if (path !== undefined && REFUSALS.has(code)) return `${message}. Check DATA_DIR and BACKUP_DIR, and who owns them.`;
  if (message.includes(REFUSED_BY_POOLERS))
    return `Between Parley and PostgreSQL is a pooler, as PgBouncer: ${message}. Give DATABASE_URL the address of PostgreSQL itself.`;
  if (isOutage(error)) return `The database does not answer: ${message || code}. Check DATABASE_URL.`;
  if (UNFIT_MESSAGES.test(message) || UNFIT_CODES.test(code))
    return `The database cannot be connected to: ${message}. Check the password, sslmode and certificates in DATABASE_URL.`;
  if (code === 'ENOENT' && syscall === 'open')
    return `${message}. Check the settings that name files, as sslrootcert in DATABASE_URL.`;
  if (error instanceof pg.DatabaseError) return `PostgreSQL refuses: ${message}. Check DATABASE_URL.`;
  return error.stack ?? message;
}
