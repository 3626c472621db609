import type { ExecutionResult } from 'graphql';
import type { SubscribePayload } from 'graphql-ws';
import { countFor, createTally, type Tally } from '#adapters/database/tally.ts';
import type { Actor } from '#domain/core/actor.ts';
import type { Semaphore } from '#domain/core/semaphore.ts';
import { type RequestedExtensions, readRequestedExtensions } from '#http/graphql/answer-extensions.ts';
import type { Events } from '#http/graphql/events.ts';
import type { Hold } from '#http/graphql/limits/held-bytes.ts';
import type { Operation } from '#http/graphql/operation.ts';
import type { Pipeline } from '#http/graphql/pipeline.ts';
import { payerOf, type RequestContext, requestIdOf } from '#http/request.ts';
import { EVENT_MAX_BYTES } from '#loaders/answer-meter.ts';
import type { RunningOperation, Socket } from './connection.ts';
import { lowerCaseNames } from './credentials.ts';
import { createHead, sendEvent } from './event-frames.ts';

/** One operation of a client on its socket. A class, because every subscription has one: closures would take three times the memory. */
export class SocketRequest implements RequestContext, RunningOperation {
  readonly id: string;
  readonly payload: SubscribePayload;
  readonly requestId = requestIdOf({});
  readonly actor: Actor;
  readonly eventSlots: Semaphore;
  readonly extensions: RequestedExtensions | undefined;
  readonly maxAnswerBytes = EVENT_MAX_BYTES;
  readonly tally: Tally;
  readonly startedAt = performance.now();
  /** The bytes of the message that began it, until its events begin. */
  held: Hold | undefined;
  release?: (() => void) | undefined;
  operation: Operation | undefined;
  isLogged = false;
  readonly #socket: Socket;
  readonly #pipeline: Pipeline;
  #head: Buffer | undefined;

  constructor(socket: Socket, id: string, payload: SubscribePayload, pipeline: Pipeline) {
    const { actor, asking, eventSlots } = socket.extra;
    this.id = id;
    this.payload = payload;
    this.actor = { ...(actor as Actor), requestId: this.requestId };
    this.eventSlots = eventSlots;
    this.extensions = readRequestedExtensions({ ...asking, ...lowerCaseNames(payload.extensions) }, 'socket');
    this.tally = { ...createTally(null), userId: this.actor.userId };
    this.held = pipeline.requestBytes.open(payerOf(this.actor));
    this.#socket = socket;
    this.#pipeline = pipeline;
  }

  /** Runs the operation, once it has been prepared. */
  run(): Promise<ExecutionResult | Events> {
    return countFor([this.tally], () => (this.operation as Operation).run());
  }

  isAbandoned(): boolean {
    const { subscriptions, extra } = this.#socket;
    return extra.socket.readyState !== extra.socket.OPEN || !(this.id in subscriptions);
  }

  push(result: Buffer): boolean {
    this.#head ??= createHead(this.id);
    return sendEvent(this.#socket.extra, this.#head, result, this.#pipeline);
  }

  letGo(): void {
    this.held?.release();
    this.held = undefined;
    this.release?.();
    this.release = undefined;
  }
}
