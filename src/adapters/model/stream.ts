import type { ChatEndpoint } from '#config/models.ts';
import type { CompletionChunk } from './completion-chunk.ts';
import { startTimedRequest, type TimedRequest } from './endpoint.ts';
import { EndpointFailed } from './endpoint-failures.ts';
import type { ModelMessage, ModelReport } from './model-messages.ts';
import { post } from './post.ts';
import { type Chunks, readChunks } from './read-chunks.ts';
import { type AnswerPiece, collectReasoning, TaggedThoughts } from './thoughts.ts';
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
      const pieces = readPieces(chunks, usage, template);
      const { reason, hasText, reasoning } = yield* readAnswer(() =>
        timed.run(() => pieces.next(), { atMostMs: endpoint.firstTokenTimeoutMs }),
      );
      assertAnswered(reason, hasText);
      if (reason === 'length') yield '…';
      if (reason) await awaitUsage(chunks, timed, usage);
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

/** Yields reasoning and answer. Returns the endpoint's reason for the end; null if it gives none. */
async function* readPieces(
  chunks: Chunks,
  usage: Usage,
  template: ThoughtTemplate,
): AsyncGenerator<AnswerPiece, string | null> {
  const tagged = new TaggedThoughts();
  const unopened = splitUnopenedThought(template);
  const flush = (): AnswerPiece => {
    const last = unopened.push(tagged.flush());
    return { text: last.text + unopened.flush().text, thought: last.thought };
  };
  let hasBegun = false;
  for (;;) {
    const { value: chunk } = await chunks.next();
    if (chunk) recordUsage(usage, chunk);
    hasBegun ||= Boolean(chunk?.text.trim());
    const piece = chunk ? unopened.push(tagged.push(chunk)) : flush();
    if (piece.text || piece.thought || chunk?.text) yield piece;
    if (!chunk) return null;
    // Open WebUI says `stop` in chunks before the answer: https://github.com/open-webui/open-webui/issues/23921
    if (!chunk.finishReason || (chunk.finishReason === 'stop' && !hasBegun)) continue;
    yield flush();
    return chunk.finishReason;
  }
}

type AnswerEnd = { reason: string | null; hasText: boolean; reasoning: string | null };

async function* readAnswer(
  nextPiece: () => Promise<IteratorResult<AnswerPiece, string | null>>,
): AsyncGenerator<string, AnswerEnd> {
  const reasoning = collectReasoning();
  let hasText = false;
  for (;;) {
    const { done, value } = await nextPiece();
    if (done) return { reason: value, hasText, reasoning: reasoning.collected() };
    reasoning.push(value.thought);
    hasText ||= value.text.trim() !== '';
    if (value.text) yield value.text;
  }
}

/** Reasons of OpenRouter, vLLM and DeepSeek for an end in the middle. */
const FAILURE_REASONS = ['error', 'abort', 'insufficient_system_resource'];

/** Throws EndpointFailed. */
function assertAnswered(reason: string | null, hasText: boolean): void {
  if (reason === 'content_filter') throw new EndpointFailed('content filtered');
  if (reason && FAILURE_REASONS.includes(reason)) throw new EndpointFailed('unexplained error', { reason });
  if (!hasText) throw new EndpointFailed(reason === 'length' ? 'output limit reached' : 'empty response');
}

/** Usage follows immediately after the last piece of text, or never. */
const USAGE_WITHIN_MS = 1_000;

type Usage = Omit<ModelReport, 'reasoning'>;

/** The text is complete by now, so only an abort matters, not a failure. */
async function awaitUsage(chunks: Chunks, timed: TimedRequest, usage: Usage): Promise<void> {
  try {
    for (;;) {
      const { done, value } = await timed.run(() => chunks.next(), { atMostMs: USAGE_WITHIN_MS });
      if (done) return;
      recordUsage(usage, value);
    }
  } catch (error) {
    if (!(error instanceof EndpointFailed)) throw error;
  }
}

function recordUsage(recorded: Usage, { model, usage }: CompletionChunk): void {
  Object.assign(recorded, model && { model }, usage);
}
