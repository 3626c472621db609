import type { ChatEndpoint } from '#config/models.ts';
import type { CompletionChunk } from './completion-chunk.ts';
import { startTimedRequest, type TimedRequest } from './endpoint.ts';
import { EndpointFailed } from './endpoint-failures.ts';
import { HarmonyChannels } from './harmony.ts';
import type { ModelMessage, ModelReport } from './model-messages.ts';
import { post } from './post.ts';
import { type Chunks, readChunks } from './read-chunks.ts';
import { type AnswerPiece, chainSplitters, collectReasoning, TaggedThoughts } from './thoughts.ts';
import { splitUnopenedThought, type ThoughtTemplate } from './unopened-thoughts.ts';

/** Makes one request, and yields the text in pieces, at least one. Throws EndpointFailed, or the signal's reason. */
export type StreamCompletion = (
  model: string,
  messages: readonly ModelMessage[],
  signal: AbortSignal,
) => AsyncGenerator<string, ModelReport>;

/** Creates the function that requests chat completions from one endpoint. */
export function createStreamCompletion(endpoint: ChatEndpoint): StreamCompletion {
  const request = createRequest(endpoint);
  /** By the names of the models, of which only configured ones occur. */
  const templates = new Map<string, ThoughtTemplate>();
  return async function* streamCompletion(model, messages, signal) {
    const template = templates.get(model) ?? { opensThought: false };
    templates.set(model, template);
    const timed = startTimedRequest(endpoint, signal);
    const usage: Usage = { model, tokensInput: null, tokensOutput: null };
    try {
      const chunks = readChunks(await request({ model, messages }, timed), endpoint, timed.keepAlive);
      const pieces = readPieces(readSpoken(chunks, usage), timed, { template, ...endpoint });
      const { reason, hasText, reasoning } = yield* readAnswer(pieces);
      assertAnswered(reason, hasText);
      if (reason === 'length') yield '…';
      return { ...usage, reasoning };
    } finally {
      timed.end();
    }
  };
}

/** Requests ask for usage until the endpoint refuses one that does, and accepts the same one without. */
function createRequest(endpoint: ChatEndpoint) {
  let supportsUsage = true;
  return async (
    asked: { model: string; messages: readonly ModelMessage[] },
    timed: TimedRequest,
  ): Promise<Response> => {
    const create = (include_usage: boolean) => {
      const options = include_usage ? { stream_options: { include_usage } } : {};
      const body = { ...asked, stream: true, ...options };
      return timed.run(() => post(endpoint, '/chat/completions', body, timed.signal));
    };
    try {
      return await create(supportsUsage);
    } catch (error) {
      if (!supportsUsage || !(error instanceof EndpointFailed) || error.failure !== 'bad request') throw error;
      const response = await create(false);
      supportsUsage = false;
      return response;
    }
  };
}

type Usage = Omit<ModelReport, 'reasoning'>;

/** Yields the chunks that say something, or why the answer ends, and records the usage in all of them. */
async function* readSpoken(chunks: Chunks, recorded: Usage): Chunks {
  let said = '';
  let hasBegun = false;
  /** Whether a `message` may be the whole answer once more. Where all pieces are messages, the same one again goes on: "ha", "ha". */
  let mayRepeat = false;
  for await (const { model, usage, ...chunk } of chunks) {
    Object.assign(recorded, model && { model }, usage);
    mayRepeat ||= hasBegun && Boolean(chunk.finishReason);
    const text: string = mayRepeat && chunk.isMessage && chunk.text === said ? '' : chunk.text;
    mayRepeat ||= !chunk.isMessage && text !== '';
    said += text;
    hasBegun ||= text.trim() !== '';
    // Open WebUI says `stop` in chunks before the answer: https://github.com/open-webui/open-webui/issues/23921
    const finishReason = chunk.finishReason === 'stop' && !hasBegun ? null : chunk.finishReason || null;
    if (text || chunk.thought || finishReason) yield { ...chunk, text, model, usage, finishReason };
  }
}

/** How long a response that has given a reason for its end may be silent: usage follows at once, or never. */
const END_WITHIN_MS = 2_000;
/** The same for a response that has continued after a reason, as Gemini and its proxies give one in each chunk. */
const CONTINUE_WITHIN_MS = 10_000;

type Next = Promise<IteratorResult<CompletionChunk, void> | { value: null }>;

/** Yields reasoning and answer. Returns the endpoint's reason for the end; null if it gives none. */
async function* readPieces(
  chunks: Chunks,
  timed: TimedRequest,
  { template, firstTokenTimeoutMs }: { template: ThoughtTemplate; firstTokenTimeoutMs: number },
): AsyncGenerator<AnswerPiece, string | null> {
  const splitter = chainSplitters([new HarmonyChannels(), new TaggedThoughts(), splitUnopenedThought(template)]);
  let reason: string | null = null;
  let restMs = END_WITHIN_MS;
  while (!isFailure(reason)) {
    const nextWithin = (atMostMs: number): Next => timed.run(() => chunks.next(), { atMostMs });
    const next: Next = reason === null ? nextWithin(firstTokenTimeoutMs) : endOnFailure(nextWithin(restMs));
    const chunk: CompletionChunk | null = (await next).value ?? null;
    if (!chunk) break;
    const isContinued = reason !== null && continues(chunk);
    if (isContinued) restMs = CONTINUE_WITHIN_MS;
    if (reason === null || chunk.text) yield splitter.push(chunk);
    if (reason === null || isContinued) reason = chunk.finishReason;
  }
  yield splitter.flush();
  return reason;
}

/** Whether a chunk behind a reason goes on, or fails: white space alone does neither. */
const continues = ({ text, finishReason }: CompletionChunk): boolean =>
  isFailure(finishReason) || text.trim() !== '' || (text !== '' && finishReason !== null);

/** Takes a failure as the end: the text is complete by now, so only an abort matters. */
function endOnFailure(next: Next): Next {
  return next.catch((error: unknown) => {
    if (error instanceof EndpointFailed) return { value: null };
    throw error;
  });
}

type AnswerEnd = { reason: string | null; hasText: boolean; reasoning: string | null };

async function* readAnswer(pieces: AsyncGenerator<AnswerPiece, string | null>): AsyncGenerator<string, AnswerEnd> {
  const reasoning = collectReasoning();
  let hasText = false;
  for (;;) {
    const { done, value } = await pieces.next();
    if (done) return { reason: value, hasText, reasoning: reasoning.collected() };
    reasoning.push(value.thought);
    hasText ||= value.text.trim() !== '';
    if (value.text) yield value.text;
  }
}

/** Reasons of OpenRouter, vLLM and DeepSeek for an end in the middle. */
const FAILURE_REASONS = ['error', 'abort', 'insufficient_system_resource'];

const isFailure = (reason: string | null): boolean =>
  reason !== null && (reason === 'content_filter' || FAILURE_REASONS.includes(reason));

/** Throws EndpointFailed. */
function assertAnswered(reason: string | null, hasText: boolean): void {
  if (reason === 'content_filter') throw new EndpointFailed('content filtered');
  if (reason && FAILURE_REASONS.includes(reason)) throw new EndpointFailed('unexplained error', { reason });
  if (!hasText) throw new EndpointFailed(reason === 'length' ? 'output limit reached' : 'empty response');
}
