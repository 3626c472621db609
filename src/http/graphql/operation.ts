import { type ExecutionArgs, type ExecutionResult, execute, type OperationTypeNode } from 'graphql';
import { countFor, createTally, currentTallies, describeWork, type Tally } from '#adapters/database/tally.ts';
import { inSpan } from '#adapters/tracing.ts';
import { Unavailable } from '#domain/core/errors.ts';
import { payerOf, type RequestContext } from '#http/request.ts';
import type { AnswerMeter } from '#loaders/answer-meter.ts';
import { readChangeCursor } from '#resolvers/changes.ts';
import type { Context } from '#resolvers/context.ts';
import { describeUsage, type Usage } from './answer-extensions.ts';
import type { Receiver } from './broadcasts.ts';
import { type Events, isStream } from './events.ts';
import { assertFits, isLarge } from './limits/answer-size.ts';
import type { Params } from './params.ts';
import type { Pipeline } from './pipeline.ts';
import { isIncomplete, type PublicAnswers } from './public-answers.ts';
import { PublishedEvents } from './published-events.ts';

/** What a valid operation is. */
export type PreparedOperation = Pick<ExecutionArgs, 'schema' | 'document'> & {
  /** The estimated memory of its document, in bytes. */
  documentBytes: number;
  type: OperationTypeNode;
  /** The operation's name in the document. */
  name: string | null;
  operationName: Params['operationName'];
  variables: Params['variables'];
  readsChangeCursor: boolean;
};

/** The dependencies of an operation. */
export type OperationParts = { pipeline: Pipeline; context: RequestContext; answers: PublicAnswers };

/** A valid operation that runs once: charges for it, measures what it uses, and publishes its answers. */
export class Operation implements Receiver {
  readonly prepared: PreparedOperation;
  readonly #parts: OperationParts;
  readonly #tally: Tally;
  #args: ExecutionArgs | undefined;
  #cost = 0;
  #cacheHits = 0;

  constructor(parts: OperationParts, prepared: PreparedOperation) {
    this.prepared = prepared;
    this.#parts = parts;
    this.#tally = createTally(prepared.name);
  }

  /**
   * Charges for the operation, waits while its user has too much under way, and executes it. Never rejects, and its events never throw:
   * errors are in the results. Call the `release` of its request once the answer has been sent.
   */
  run(): Promise<ExecutionResult | Events> {
    const { requestId, traceParent } = this.#parts.context;
    const { name } = this.#tally;
    describeWork({ name });
    const counted = () => countFor(currentTallies().concat(this.#tally), () => this.#measure());
    return inSpan(`${this.prepared.type} ${name ?? ''}`.trimEnd(), { 'request.id': requestId }, counted, traceParent);
  }

  async #measure(): Promise<ExecutionResult | Events> {
    const { pipeline, answers } = this.#parts;
    const { type, name } = this.prepared;
    const startedAt = performance.now();
    try {
      return await this.#execute();
    } catch (error) {
      return answers.fail([error]);
    } finally {
      pipeline.metrics.observe(type, name, performance.now() - startedAt);
    }
  }

  async #execute(): Promise<ExecutionResult | Events> {
    const { pipeline, context, answers } = this.#parts;
    const { schema, document, operationName, variables, type, readsChangeCursor } = this.prepared;
    this.#cost = await pipeline.charge(context, type, { document, operationName, variables });
    const { actor } = context;
    const release = await pipeline.concurrency.acquire(payerOf(actor), this.#cost, actor.apiKeyId);
    if (context.isAbandoned?.()) {
      release();
      return answers.fail([new Unavailable('Nobody waits for this answer any more.')]);
    }
    const place = await pipeline.choosePlace?.({ type, document, operationName }, context);
    const contextValue = pipeline.contextOf(
      context,
      context.extensions?.receipt ? () => this.#countHit() : undefined,
      place,
    );
    context.release = createRelease(release, contextValue.load.meter);
    // The cursor is read before the lists of the operation, because sibling fields are read concurrently.
    if (readsChangeCursor) await readChangeCursor(contextValue);
    const args = { schema, document, contextValue, variableValues: variables, operationName };
    this.#joinBroadcast(args);
    const result = await pipeline.run(type, args);
    if (isStream(result)) {
      try {
        return this.#publishEvents(result, contextValue);
      } catch (error) {
        await result.return(undefined);
        throw error;
      }
    }
    try {
      return await this.#publish(result, contextValue);
    } finally {
      await pipeline.chargeForBytes(context, contextValue.load.meter.bytes);
    }
  }

  /** Shares its events with equal subscriptions, unless it asks for something that is its own. */
  #joinBroadcast(args: ExecutionArgs): void {
    const { pipeline, context } = this.#parts;
    if (!context.push || context.extensions) return;
    this.#args = args;
    (args.contextValue as Context).broadcast = pipeline.broadcast(args, this.#cost, this);
  }

  /** Executes an event once for all who receive it. Throws if the result is incomplete: each subscriber then executes it alone. */
  async answer(entry: unknown): Promise<Buffer> {
    const { pipeline, context, answers } = this.#parts;
    const contextValue = pipeline.contextOf(context);
    const { meter } = contextValue.load;
    try {
      const event = await execute({ ...(this.#args as ExecutionArgs), rootValue: entry, contextValue });
      const published = answers.publish(isLarge(event, meter, this.#cost) ? await assertFits(event, meter) : event);
      if (isIncomplete(published)) throw new Unavailable();
      return Buffer.from(JSON.stringify(published));
    } finally {
      meter.release();
    }
  }

  push(event: Buffer): boolean {
    return this.#parts.context.push?.(event) ?? false;
  }

  #publishEvents(events: Events, contextValue: Context): Events {
    const { pipeline, context, answers } = this.#parts;
    const subscription = pipeline.subscriptions.open(payerOf(context.actor), this.prepared);
    const publish = (event: ExecutionResult) => {
      pipeline.metrics.countEvent();
      return this.#publish(event, contextValue);
    };
    return new PublishedEvents(pipeline.pace(events, context, this.#cost), { publish, answers, subscription });
  }

  /** Each event has its own loaders, and thus its own meter. */
  async #publish(result: ExecutionResult, { load: { meter } }: Context): Promise<ExecutionResult> {
    const { context, answers } = this.#parts;
    context.isLarge = isLarge(result, meter, this.#cost);
    const published = answers.publish(context.isLarge ? await assertFits(result, meter) : result);
    if (context.isLarge) context.answerBytes = meter.bytes;
    if (!context.extensions) return published;
    const extensions = describeUsage(context.extensions, this.#takeUsage());
    return { ...published, extensions: { ...published.extensions, ...extensions } };
  }

  #countHit(): void {
    this.#cacheHits += 1;
  }

  /** Returns what was used since the last call: by the answer, or by the latest event. */
  #takeUsage(): Usage {
    const { budget } = this.#parts.context;
    const usage = { tally: { ...this.#tally }, cacheHits: this.#cacheHits, cost: this.#cost, budget };
    Object.assign(this.#tally, { statements: 0, milliseconds: 0, rows: 0 });
    this.#cacheHits = 0;
    return usage;
  }
}

/**
 * A function outside of the class, because a closure would keep the whole run alive: V8 then promoted every request to its old space,
 * which cost half of the CPU time of a small one (docs/performance.md).
 */
const createRelease = (release: () => void, meter: AnswerMeter) => () => {
  release();
  meter.release();
};
