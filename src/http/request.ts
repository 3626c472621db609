import { randomBytes } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { describeWork } from '#adapters/database/tally.ts';
import type { Authentication } from '#domain/accounts/authentication.ts';
import type { Credentials, Identity } from '#domain/accounts/identities.ts';
import type { PresentRevision } from '#domain/changes/present-revision.ts';
import type { Actor } from '#domain/core/actor.ts';
import { DomainError, Unauthenticated } from '#domain/core/errors.ts';
import type { Semaphore } from '#domain/core/semaphore.ts';
import type { AnswerLifetime } from '#loaders/answer-lifetime.ts';
import { anonymous, isAnonymous } from '#resolvers/context.ts';
import { networkOf } from './client-address.ts';
import { HttpError } from './errors.ts';
import type { RequestedExtensions } from './graphql/answer-extensions.ts';
import type { Budget, KeyLimit, RateLimits } from './rate-limits.ts';
import { rateLimitHeaders } from './reply.ts';

/** The data of a request that all transports provide before GraphQL starts. */
export type RequestContext = {
  requestId: string;
  actor: Actor;
  /** The span of the client, from its header `traceparent`. */
  traceParent?: string | undefined;
  /** The requested `extensions` of the response. */
  extensions?: RequestedExtensions | undefined;
  /** Records how long the response stays valid, if it may be cached. */
  lifetime?: AnswerLifetime;
  /** The viewer's revision, read after the request arrived; null if there is none, or the database is unreachable. */
  present?: Promise<PresentRevision | null>;
  /** The points charged so far. */
  points?: number;
  /** The remaining budget after the last charge. */
  budget?: Budget;
  /** Called when the response has been sent, or the client has disconnected. */
  release?: (() => void) | undefined;
  /** Whether writing the response may take long, once that is known; then its size in bytes. */
  isLarge?: boolean;
  answerBytes?: number;
  /** Whether the client has disconnected. */
  isAbandoned?: () => boolean;
  /** The maximum size of a response in bytes. Default: RESPONSE_MAX_BYTES. */
  maxAnswerBytes?: number;
  /** The maximum number of events of the connection that are executed concurrently. Default: unlimited. */
  eventSlots?: Semaphore;
  /** Pushes a result as JSON. Sends nothing and returns false if the client reads too slowly. */
  push?: (result: Buffer) => boolean;
};

/** The budget that a request is charged to. */
export const payerOf = (actor: Actor): string =>
  isAnonymous(actor) ? `address ${networkOf(actor.ip ?? '')}` : actor.userId;

/** The limit of an API key, if it is lower than that of its user. */
const keyLimitOf = ({ apiKeyId, pointsPerMinute }: Actor): KeyLimit | undefined =>
  apiKeyId && pointsPerMinute ? { key: `key ${apiKeyId}`, points: pointsPerMinute } : undefined;

/** The prefix of the request ids of this process. */
const PROCESS_ID = randomBytes(9).toString('base64url');
let requests = 0;

/** Returns the request id sent by the client if it is valid, or a new one. It appears in the log, in errors and in the audit log. */
export function requestIdOf(headers: IncomingMessage['headers']): string {
  const requestId = headers['x-request-id'];
  return typeof requestId === 'string' && /^[\w.:-]{1,64}$/.test(requestId)
    ? requestId
    : `${PROCESS_ID}.${(++requests).toString(36)}`;
}

/** Returns the path without decoding: none of our paths needs it. */
export function pathOf({ url = '/' }: IncomingMessage): string {
  const end = url.indexOf('?');
  return end === -1 ? url : url.slice(0, end);
}

/** Returns the parameters after the `?`. */
export function searchOf({ url = '/' }: IncomingMessage): URLSearchParams {
  const start = url.indexOf('?');
  return new URLSearchParams(start === -1 ? '' : url.slice(start));
}

/**
 * Reads the API key, and the user to act as, from headers or connection parameters. Null without a key. Throws Unauthenticated for an
 * invalid format.
 */
export function readCredentials(fields: Record<string, unknown>): Credentials | null {
  const authorization = fields.authorization;
  if (authorization === undefined || authorization === null || authorization === '') return null;
  const [, secret] = /^Bearer +(\S+) *$/i.exec(String(authorization)) ?? [];
  if (!secret) throw new Unauthenticated();
  const actAs = fields['x-act-as'];
  return { secret, actAs: actAs === undefined || actAs === null || actAs === '' ? null : String(actAs) };
}

/** Authenticates requests of all transports, and charges for them. */
export type Gatekeeper = {
  /** Returns the actor of a request, or the anonymous one if there is no key. Throws Unauthenticated, Forbidden, RATE_LIMITED. */
  admit(credentials: Credentials | null, request: { requestId: string; ip: string }): Promise<Actor>;
  /**
   * Charges a request `points` in total, that is, only what exceeds earlier charges: to the user on whose behalf it is made, with whichever
   * key, or to the address if there is no user. Throws RATE_LIMITED.
   */
  charge(request: RequestContext, points: number): Promise<void>;
};

/** The number of bytes of a body, or of large values in a response, per point. A request costs at least one point. */
export const BYTES_PER_POINT = 64 * 1024;

/** Returns the cost of a request in points, by the size of its body. */
export const pointsOf = (bodyBytes: number): number => Math.max(1, Math.ceil(bodyBytes / BYTES_PER_POINT));

/** Creates a gatekeeper. With `keyRequired` (in production), every request needs a key, including introspection. */
export function createGatekeeper(authentication: Authentication, limits: RateLimits, keyRequired: boolean): Gatekeeper {
  return {
    async admit(credentials, { requestId, ip }) {
      if (!credentials && keyRequired) throw new Unauthenticated();
      if (!credentials) return { ...anonymous, requestId, ip };
      const network = networkOf(ip);
      try {
        const identity = await authentication.identify(credentials, limits.isSuspect(network));
        describeWork({ userId: identity.userId });
        return actorOf(identity, requestId, ip);
      } catch (error) {
        if (error instanceof DomainError && error.code === 'UNAUTHENTICATED') await limits.countWrongKey(network);
        throw error;
      }
    },
    async charge(request, points) {
      const due = points - (request.points ?? 0);
      if (due <= 0) return;
      const { actor } = request;
      request.budget = await limits.spend(payerOf(actor), due, {
        ofUser: actor.userPointsPerMinute,
        ofKey: keyLimitOf(actor),
      });
      request.points = points;
      if (request.budget.exceeded) throw createSpentError(request.budget);
    },
  };
}

function createSpentError(budget: Budget): HttpError {
  const { limit, resetSeconds } = budget;
  const message = `You have spent your ${limit} points of this minute; try again in ${resetSeconds} s.`;
  const details = { limit, remaining: 0, retryAfterSeconds: resetSeconds };
  return new HttpError(429, 'RATE_LIMITED', message, { details, headers: rateLimitHeaders(budget) });
}

const actorOf = (
  { userId, role, apiKeyId, scopes, pointsPerMinute, userPointsPerMinute }: Identity,
  requestId: string,
  ip: string,
): Actor => ({
  userId,
  role,
  apiKeyId,
  scopes,
  requestId,
  ip,
  pointsPerMinute,
  userPointsPerMinute,
});
