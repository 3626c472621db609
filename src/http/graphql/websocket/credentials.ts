import type { IncomingHttpHeaders } from 'node:http';
import type { Credentials } from '#domain/accounts/identities.ts';
import { UserSuspended } from '#domain/core/errors.ts';
import { readCredentials } from '#http/request.ts';

/** The close reason if there is no usable key, within the 123 bytes of a close frame (RFC 6455, 5.5). */
export const NO_KEY = 'Forbidden: connection_init takes {"authorization": "Bearer prl_…"}, there or in its "headers"';

/** The close reason if the key is wrong, revoked or expired, or may not act as the named user. */
export const WRONG_KEY = 'Forbidden: the key in connection_init is wrong, has ended, or may not act for that user';

/** The close reason if the user of the key, or the one that it acts for, is suspended. */
export const SUSPENDED = `Forbidden: ${new UserSuspended().message}`;

/**
 * Reads the key and the user to act as, by case-insensitive names: from the payload of `connection_init` or its `headers`, as clients
 * differ, or else from the headers of the upgrade request. Null without a key. Throws Unauthenticated if they are malformed.
 */
export function readConnectionCredentials(
  params: Record<string, unknown> | undefined,
  headers: IncomingHttpHeaders,
): Credentials | null {
  return readCredentials(readConnectionFields(params, headers));
}

/** Merges the fields of `connection_init` and the headers of the upgrade request, by lower-case names. */
export function readConnectionFields(
  params: Record<string, unknown> | undefined,
  headers: IncomingHttpHeaders,
): Record<string, unknown> {
  const payload = lowerCaseNames(params);
  return { ...headers, ...lowerCaseNames(payload.headers), ...payload };
}

/** Returns the fields with a value, by their lower-case names. */
export function lowerCaseNames(fields: unknown): Record<string, unknown> {
  if (typeof fields !== 'object' || fields === null) return {};
  const given = Object.entries(fields).filter(([, value]) => value !== null && value !== undefined && value !== '');
  return Object.fromEntries(given.map(([name, value]) => [name.toLowerCase(), value]));
}
