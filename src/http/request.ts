import { randomBytes } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { Authentication, Credentials, Identity } from '#domain/accounts/authentication.ts';
import type { Actor } from '#domain/core/actor.ts';
import { DomainError, Unauthenticated } from '#domain/core/errors.ts';
import { anonymous } from '#resolvers/context.ts';
import type { Budget, RateLimits } from './rate-limits.ts';

/** What every transport knows about a request before GraphQL begins. */
export type RequestContext = {
  requestId: string;
  actor: Actor;
  /** Set once the operation has been charged for. */
  budget?: Budget;
};

/** Begins the request ids of this process. */
const PROCESS_ID = randomBytes(9).toString('base64url');
let requests = 0;

/**
 * Returns the id that the client gave, where it is plausible, or a new one: the log, errors and the audit log name it.
 */
export function requestIdOf(headers: IncomingMessage['headers']): string {
  const given = headers['x-request-id'];
  return typeof given === 'string' && /^[\w.:-]{1,64}$/.test(given)
    ? given
    : `${PROCESS_ID}.${(++requests).toString(36)}`;
}

/** Returns the path as it was sent: no path of ours has anything to decode. */
export function pathOf({ url = '/' }: IncomingMessage): string {
  const end = url.indexOf('?');
  return end === -1 ? url : url.slice(0, end);
}

/** Returns the parameters after the `?`. */
export function searchOf({ url = '/' }: IncomingMessage): URLSearchParams {
  const start = url.indexOf('?');
  return new URLSearchParams(start === -1 ? '' : url.slice(start));
}

/** Returns the IP address of the other side, which is a proxy where there is one. */
export function addressOf(request: IncomingMessage): string {
  return request.socket.remoteAddress ?? 'unknown';
}

/**
 * Reads key and user to act as from headers or connection parameters. Null without a key. Throws Unauthenticated for
 * another form.
 */
export function readCredentials(fields: Record<string, unknown>): Credentials | null {
  const authorization = fields.authorization;
  if (authorization === undefined || authorization === null || authorization === '') return null;
  const [, secret] = /^Bearer +(\S+) *$/i.exec(String(authorization)) ?? [];
  if (!secret) throw new Unauthenticated();
  const actAs = fields['x-act-as'];
  return { secret, actAs: actAs === undefined || actAs === null || actAs === '' ? null : String(actAs) };
}

/** Lets requests in, by whatever transport they come. */
export type Gatekeeper = {
  /**
   * Returns the actor of a request, the anonymous one without a key. Throws Unauthenticated, Forbidden, RATE_LIMITED.
   */
  admit(credentials: Credentials | null, request: { requestId: string; ip: string }): Promise<Actor>;
};

/** Creates a gatekeeper. With `keyRequired` (in production) nobody gets in without a key, not even to introspect. */
export function createGatekeeper(authentication: Authentication, limits: RateLimits, keyRequired: boolean): Gatekeeper {
  return {
    async admit(credentials, { requestId, ip }) {
      if (!credentials && keyRequired) throw new Unauthenticated();
      if (!credentials) return { ...anonymous, requestId, ip };
      try {
        return actorOf(await authentication.identify(credentials), requestId, ip);
      } catch (error) {
        if (error instanceof DomainError && error.code === 'UNAUTHENTICATED') await limits.countWrongKey(ip);
        throw error;
      }
    },
  };
}

const actorOf = ({ userId, role, apiKeyId, scopes }: Identity, requestId: string, ip: string): Actor => ({
  userId,
  role,
  apiKeyId,
  scopes,
  requestId,
  ip,
});
