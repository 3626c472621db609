import type { IncomingHttpHeaders } from 'node:http';
import type { Credentials } from '#domain/accounts/authentication.ts';
import { readCredentials } from '#http/request.ts';

/** The reason of a close without a usable key, within the 123 bytes that a close frame has for it (RFC 6455, 5.5). */
export const NO_KEY = 'Forbidden: connection_init takes {"authorization": "Bearer prl_…"}, there or in its "headers"';

/** The reason of a close with a key that is wrong, revoked or expired, or may not act as the user it names. */
export const WRONG_KEY = 'Forbidden: the key in connection_init is wrong, has ended, or may not act for that user';

/**
 * Reads key and user to act as from the payload of `connection_init`, or from `headers` in it, as clients differ in it, by
 * names in any case; what neither has, from the headers of the upgrade request. Null without a key. Throws Unauthenticated
 * for another form.
 */
export function readConnectionCredentials(
  params: Record<string, unknown> | undefined,
  headers: IncomingHttpHeaders,
): Credentials | null {
  return readCredentials(readConnectionFields(params, headers));
}

/** Returns what `connection_init` and the headers of the upgrade request say, by names in lower case. */
export function readConnectionFields(
  params: Record<string, unknown> | undefined,
  headers: IncomingHttpHeaders,
): Record<string, unknown> {
  const payload = lowerCaseNames(params);
  return { ...headers, ...lowerCaseNames(payload.headers), ...payload };
}

/** Takes all out of a payload that has been read: graphql-ws holds it for as long as the connection, or the operation, is there. */
export function letGo(payload: object | undefined): void {
  for (const name of Object.keys(payload ?? {})) Reflect.deleteProperty(payload as object, name);
}

/** Returns the fields that have a value, by their names in lower case. */
export function lowerCaseNames(fields: unknown): Record<string, unknown> {
  if (typeof fields !== 'object' || fields === null) return {};
  const given = Object.entries(fields).filter(([, value]) => value !== null && value !== undefined && value !== '');
  return Object.fromEntries(given.map(([name, value]) => [name.toLowerCase(), value]));
}
