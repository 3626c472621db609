import type { OpenAI } from 'openai';
import { z } from 'zod';
import type { Endpoint } from '#config/models.ts';
import { startTimedRequest, type TimedRequest } from './endpoint.ts';
import { EndpointFailed } from './endpoint-failures.ts';
import type { ModelMessage, ModelUsage } from './model-messages.ts';

/** Makes one request, and yields the text in pieces, one at least. Throws EndpointFailed, or the signal's reason. */
export type StreamCompletion = (
  messages: readonly ModelMessage[],
  signal: AbortSignal,
) => AsyncGenerator<string, ModelUsage>;

/** Creates the function that asks one endpoint for chat completions. */
export function createStreamCompletion(client: OpenAI, endpoint: Endpoint): StreamCompletion {
  const request = createRequest(client, endpoint);
  return async function* streamCompletion(messages, signal) {
    const timed = startTimedRequest(endpoint, signal);
    const usage: ModelUsage = { model: endpoint.name, tokensInput: null, tokensOutput: null };
    try {
      const chunks = await request(messages, timed);
      const { reason, hasText } = yield* readUntilFinished(chunks, timed, usage);
      if (reason === 'content_filter') throw new EndpointFailed('content filtered');
      if (!hasText) throw new EndpointFailed(reason === 'length' ? 'output limit reached' : 'empty response');
      if (reason === 'length') yield '…';
      await awaitUsage(chunks, timed, usage);
      return usage;
    } finally {
      timed.end();
    }
  };
}

type Chunks = AsyncIterator<unknown>;

/** The requests ask for usage until the endpoint refuses one that does, and takes the same one without. */
function createRequest(client: OpenAI, { name }: Endpoint) {
  let supportsUsage = true;
  return async (messages: readonly ModelMessage[], timed: TimedRequest): Promise<Chunks> => {
    const create = async (include_usage: boolean) => {
      const options = include_usage ? { stream_options: { include_usage } } : {};
      const body = { model: name, messages: [...messages], stream: true as const, ...options };
      const stream = await timed.run(async () => client.chat.completions.create(body, { signal: timed.signal }));
      return stream[Symbol.asyncIterator]();
    };
    try {
      return await create(supportsUsage);
    } catch (error) {
      if (!supportsUsage || !(error instanceof EndpointFailed) || error.failure !== 'bad request') throw error;
      const stream = await create(false);
      supportsUsage = false;
      return stream;
    }
  };
}

/**
 * What is read of a chunk; endpoints add much, and leave out what they please:
 * https://platform.openai.com/docs/api-reference/chat-streaming
 */
const Chunk = z.object({
  model: z.string().max(200).nullish().catch(null),
  choices: z
    .array(
      z.object({
        delta: z.object({ content: z.string().nullish(), refusal: z.string().nullish() }).nullish(),
        finish_reason: z.string().nullish(),
      }),
    )
    .nullish(),
  usage: z
    .object({ prompt_tokens: z.int32().min(0), completion_tokens: z.int32().min(0) })
    .nullish()
    .catch(null),
});
type Chunk = z.infer<typeof Chunk>;

async function* readUntilFinished(
  chunks: Chunks,
  timed: TimedRequest,
  usage: ModelUsage,
): AsyncGenerator<string, { reason: string; hasText: boolean }> {
  let hasText = false;
  for (;;) {
    const chunk = await nextChunk(chunks, timed);
    if (!chunk) throw new EndpointFailed('incomplete response');
    recordUsage(usage, chunk);
    const [choice] = chunk.choices ?? [];
    const text = choice?.delta?.content ?? choice?.delta?.refusal;
    hasText ||= Boolean(text?.trim());
    if (text) yield text;
    if (choice?.finish_reason) return { reason: choice.finish_reason, hasText };
  }
}

/** Returns null when there is no more. */
async function nextChunk(chunks: Chunks, timed: TimedRequest, options?: { atMostMs: number }): Promise<Chunk | null> {
  const { done, value } = await timed.run(() => chunks.next(), options);
  if (done) return null;
  const parsed = Chunk.safeParse(value);
  if (!parsed.success) throw new EndpointFailed('malformed response');
  return parsed.data;
}

/** Usage follows the last piece of text at once, or never. */
const USAGE_WITHIN_MS = 1_000;

/** The text is whole by now, so failures do not matter, only an abort. */
async function awaitUsage(chunks: Chunks, timed: TimedRequest, usage: ModelUsage): Promise<void> {
  try {
    for (;;) {
      const chunk = await nextChunk(chunks, timed, { atMostMs: USAGE_WITHIN_MS });
      if (!chunk) return;
      recordUsage(usage, chunk);
    }
  } catch (error) {
    if (!(error instanceof EndpointFailed)) throw error;
  }
}

function recordUsage(recorded: ModelUsage, { model, usage }: Chunk): void {
  if (model) recorded.model = model;
  if (!usage) return;
  recorded.tokensInput = usage.prompt_tokens;
  recorded.tokensOutput = usage.completion_tokens;
}
