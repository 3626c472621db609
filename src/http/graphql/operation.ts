import {
  type DocumentNode,
  type ExecutionArgs,
  type ExecutionResult,
  execute,
  type GraphQLError,
  getOperationAST,
  Kind,
  type OperationDefinitionNode,
  type OperationTypeNode,
} from 'graphql';
import { countFor, createTally, currentTallies, describeWork, type Tally } from '#adapters/database/tally.ts';
import type { Logger } from '#adapters/log.ts';
import { inSpan } from '#adapters/tracing.ts';
import { BadUserInput, Unavailable } from '#domain/core/errors.ts';
import { codeOf, toPublicError } from '#http/errors.ts';
import type { Metrics } from '#http/ops/metrics.ts';
import { payerOf, type RequestContext } from '#http/request.ts';
import type { AnswerMeter } from '#loaders/answer-meter.ts';
import { readChangeCursor } from '#resolvers/changes.ts';
import { assertFits, isLarge } from './answer-size.ts';
import { type Events, isStream } from './events.ts';
import { toDoubles } from './exact-variables.ts';
import type { Params } from './params.ts';
import type { Pipeline } from './pipeline.ts';
import { describeTaken, type Taken, type Told } from './told.ts';

/** An operation that is valid. */
export type Operation = Pick<ExecutionArgs, 'schema' | 'document' | 'operationName'> & {
  type: OperationTypeNode;
  /** What the client calls it. */
  name: string | null;
  /**
   * Charges for it, waits for its turn, and runs it. Never rejects, and its events never throw: whatever goes wrong is in
   * the results. Call the `release` of its request when the answer has been sent.
   */
  run(): Promise<ExecutionResult | Events>;
};

/**
 * Parses and validates what a client asks for. Returns the operation, or the errors that say why not; all errors, also
 * of its results, have been through `toPublicError` and are counted. Every transport begins with it.
 */
export function prepareOperation(
  pipeline: Pipeline,
  params: Params,
  context: RequestContext,
  log: Logger,
): Operation | { errors: readonly GraphQLError[] } {
  const { schema, metrics } = pipeline;
  const { variables, operationName } = params;
  const publish = <Result extends ExecutionResult>(result: Result): Result => {
    if (!result.errors?.length) return result;
    const errors = result.errors.map((error) => toPublicError(error, context.requestId, log));
    metrics.countErrors(errors);
    return { ...result, errors };
  };
  /** Answers an event for all who are told it. Throws where it is incomplete: each then reads it for itself. */
  const answerEvent = async (args: ExecutionArgs, entry: unknown, cost: number): Promise<Buffer> => {
    const contextValue = pipeline.contextOf(context);
    const { meter } = contextValue.load;
    try {
      const event = await execute({ ...args, rootValue: entry, contextValue });
      const published = publish(isLarge(event, meter, cost) ? await assertFits(event, meter) : event);
      if (isIncomplete(published)) throw new Unavailable();
      return Buffer.from(JSON.stringify(published));
    } finally {
      meter.release();
    }
  };
  const fail = (errors: readonly unknown[]) => publish({ errors: errors as readonly GraphQLError[] });
  try {
    const query = pipeline.persistedOperations.textOf(params, context.actor);
    const { document, errors } = pipeline.document(query);
    if (errors.length > 0) return fail(errors);
    const { operation: type, name } = findOperation(document, operationName);
    toDoubles(schema, document, operationName, variables);
    const tally = createTally(name?.value ?? null);
    let cacheHits = 0;
    const countHit = () => {
      cacheHits += 1;
    };
    /** Returns what was taken since the last call: by an answer, by each event. */
    const take = (cost: number): Taken => {
      const taken = { tally: { ...tally }, cacheHits, cost, budget: context.budget };
      Object.assign(tally, { statements: 0, milliseconds: 0, rows: 0 });
      cacheHits = 0;
      return taken;
    };
    const run = async () => {
      const startedAt = performance.now();
      try {
        const cost = await pipeline.charge(context, type, { document, operationName, variables });
        const endTurn = await pipeline.turns.take(payerOf(context.actor), cost, context.actor.apiKeyId);
        if (context.isAbandoned?.()) {
          endTurn();
          return fail([new Unavailable('Nobody waits for this answer any more.')]);
        }
        const place = await pipeline.choosePlace?.({ type, document, operationName }, context);
        const contextValue = pipeline.contextOf(context, context.told?.receipt ? countHit : undefined, place);
        context.release = createRelease(endTurn, contextValue.load.meter);
        // Before its lists, which are read at the same time as their neighbours.
        if (query.includes('changeCursor')) await readChangeCursor(contextValue);
        const args = { schema, document, contextValue, variableValues: variables, operationName };
        if (context.push && !context.told) {
          const answer = (entry: unknown) => answerEvent(args, entry, cost);
          contextValue.broadcast = pipeline.broadcast(args, cost, { answer, push: context.push });
        }
        const result = await pipeline.run(type, args);
        const publishFitting = async (each: ExecutionResult) => {
          const { meter } = contextValue.load;
          context.isLarge = isLarge(each, meter, cost);
          const published = publish(context.isLarge ? await assertFits(each, meter) : each);
          if (context.isLarge) context.answerBytes = meter.bytes;
          return context.told ? tell(published, context.told, take(cost)) : published;
        };
        const publishEvent = (event: ExecutionResult) => {
          metrics.countEvent();
          return publishFitting(event);
        };
        if (isStream(result)) {
          const events = withPublicErrors(pipeline.pace(result, context, cost), publishEvent, fail);
          return countEvents(countOpen(events, metrics.subscriptions), tally);
        }
        try {
          return await publishFitting(result);
        } finally {
          await pipeline.chargeForBytes(context, contextValue.load.meter.bytes);
        }
      } catch (error) {
        return fail([error]);
      } finally {
        metrics.observe(type, name?.value ?? null, performance.now() - startedAt);
      }
    };
    return {
      type,
      name: name?.value ?? null,
      schema,
      document,
      operationName,
      run() {
        describeWork({ name: tally.name });
        const counted = () => countFor([...currentTallies(), tally], run);
        return inSpan(
          `${type} ${tally.name ?? ''}`.trimEnd(),
          { 'request.id': context.requestId },
          counted,
          context.traceParent,
        );
      },
    };
  } catch (error) {
    return fail([error]);
  }
}

/**
 * Made here, as a closure of the run would keep all of it: V8 then moved each request into its old space, which cost half of the CPU
 * of a small one (docs/performance.md).
 */
const createRelease = (endTurn: () => void, meter: AnswerMeter) => () => {
  endTurn();
  meter.release();
};

const tell = (result: ExecutionResult, told: Told, taken: Taken): ExecutionResult => ({
  ...result,
  extensions: { ...result.extensions, ...describeTaken(told, taken) },
});

/** Counts a subscription from its beginning to its end, whoever ends it. */
function countOpen(events: Events, open: Metrics['subscriptions']): Events {
  const [next, end] = [events.next.bind(events), events.return.bind(events)];
  let isOpen = true;
  const close = () => {
    if (isOpen) open.dec();
    isOpen = false;
  };
  open.inc();
  return Object.assign(events, {
    async next() {
      const event = await next();
      if (event.done) close();
      return event;
    },
    async return(value: undefined) {
      close();
      return end(value);
    },
  });
}

/** Counts the statements of each event, which is read when its transport asks for it, wherever that is. */
function countEvents(events: Events, tally: Tally): Events {
  const next = events.next.bind(events);
  const tallies = [...currentTallies(), tally];
  return Object.assign(events, { next: () => countFor(tallies, next) });
}

function findOperation(document: DocumentNode, operationName: string | null): OperationDefinitionNode {
  const operation = getOperationAST(document, operationName);
  if (operation) return operation;
  throw new BadUserInput('operationName', `Say which operation to run: ${listOperations(document)}.`);
}

function listOperations({ definitions }: DocumentNode): string {
  return definitions
    .flatMap((each) => (each.kind === Kind.OPERATION_DEFINITION ? [each.name?.value ?? ''] : []))
    .join(', ');
}

/** Whether a part of an event, which was published, could not be read now, and can be later. */
const isIncomplete = ({ errors }: ExecutionResult) => errors?.some((error) => codeOf(error) === 'UNAVAILABLE') ?? false;

/**
 * Publishes the errors of events. A stream that breaks says why in a last event, and ends only itself; so does one of whose
 * events something could not be read: its client goes on after the last that it has, and has missed nothing.
 */
function withPublicErrors(
  source: Events,
  publish: (event: ExecutionResult) => Promise<ExecutionResult>,
  fail: (errors: readonly unknown[]) => ExecutionResult,
): Events {
  let broken = false;
  return {
    async next() {
      if (broken) return { done: true, value: undefined };
      try {
        const event = await source.next();
        if (event.done) return event;
        const value = await publish(event.value);
        if (!isIncomplete(value)) return { done: false, value };
        broken = true;
        void source.return(undefined);
        return { done: false, value: { errors: value.errors ?? [] } };
      } catch (error) {
        broken = true;
        return { done: false, value: fail([error]) };
      }
    },
    return: (value) => source.return(value),
    throw: (error) => source.throw(error),
    [Symbol.asyncIterator]() {
      return this;
    },
    [Symbol.asyncDispose]: async () => void (await source.return(undefined)),
  };
}
