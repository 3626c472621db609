import { randomBytes } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { describeWork } from '#adapters/database/tally.ts';
import type { Authentication, Credentials, Identity } from '#domain/accounts/authentication.ts';
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

/** What every transport knows about a request before GraphQL begins. */
export type RequestContext = {
  requestId: string;
  actor: Actor;
  /** The span of the client that waits for it, as its header `traceparent` names it. */
  traceParent?: string | undefined;
  /** What its answer is to have in `extensions`. */
  extensions?: RequestedExtensions | undefined;
  /** Told how long its answer holds, where that may be kept. */
  lifetime?: AnswerLifetime;
  /** The revision of its viewer, read after it came; null where there is none, or the database is away. */
  present?: Promise<PresentRevision | null>;
  /** What it has been charged so far. */
  points?: number;
  /** What is left to whoever pays for it, since it was last charged. */
  budget?: Budget;
  /** To be called when its answer has been sent, or nobody is left to take it. */
  release?: (() => void) | undefined;
  /** Whether its answer may take long to write, once it is known; then how many bytes it has. */
  isLarge?: boolean;
  answerBytes?: number;
  /** Whether nobody is left to take its answer. */
  isAbandoned?: () => boolean;
  /** Of one answer; RESPONSE_MAX_BYTES where it is left out. */
  maxAnswerBytes?: number;
  /** How many events of its connection are answered at once; any number where it is left out. */
  eventSlots?: Semaphore;
  /** Sends a result, as JSON, without being asked for it. Sends nothing and returns false where the client does not keep up. */
  push?: (result: Buffer) => boolean;
};

/** Whose budget a request is charged to. */
export const payerOf = (actor: Actor): string =>
  isAnonymous(actor) ? `address ${networkOf(actor.ip ?? '')}` : actor.userId;

/** What a key may spend, where that is less than its user may. */
const keyLimitOf = ({ apiKeyId, pointsPerMinute }: Actor): KeyLimit | undefined =>
  apiKeyId && pointsPerMinute ? { key: `key ${apiKeyId}`, points: pointsPerMinute } : undefined;

/** Begins the request ids of this process. */
const PROCESS_ID = randomBytes(9).toString('base64url');
let requests = 0;

/**
 * Returns the id that the client gave, where it is plausible, or a new one: the log, errors and the audit log name it.
 */
export function requestIdOf(headers: IncomingMessage['headers']): string {
  const requestId = headers['x-request-id'];
  return typeof requestId === 'string' && /^[\w.:-]{1,64}$/.test(requestId)
    ? requestId
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

/** Lets requests in, by whatever transport they come, and takes what they cost. */
export type Gatekeeper = {
  /**
   * Returns the actor of a request, the anonymous one without a key. Throws Unauthenticated, Forbidden, RATE_LIMITED.
   */
  admit(credentials: Credentials | null, request: { requestId: string; ip: string }): Promise<Actor>;
  /**
   * Charges a request `points` in all, so only what exceeds those it has been charged before: to the user it is done
   * for, whichever of their keys it came with, or to the address where there is none. Throws RATE_LIMITED.
   */
  charge(request: RequestContext, points: number): Promise<void>;
};

/** The bytes of a body, or of large values in an answer, for which a request takes one point; it takes one at least. */
export const BYTES_PER_POINT = 64 * 1024;

/** Returns the points of a request by the size of its body. */
export const pointsOf = (bodyBytes: number): number => Math.max(1, Math.ceil(bodyBytes / BYTES_PER_POINT));

/** Creates a gatekeeper. With `keyRequired` (in production) nobody gets in without a key, not even to introspect. */
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
      request.budget = await limits.spend(payerOf(request.actor), due, keyLimitOf(request.actor));
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
  { userId, role, apiKeyId, scopes, pointsPerMinute }: Identity,
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
});
