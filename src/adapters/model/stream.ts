import type { OpenAI } from 'openai';
import { z } from 'zod';
import type { Endpoint } from '#config/models.ts';
import { startWait, type Wait } from './endpoint.ts';
import { EndpointFailed } from './failures.ts';
import type { ModelMessage, ModelUsage } from './messages.ts';

/** Asks once: the text in pieces, of which there is one at least. Throws EndpointFailed, or the signal's reason. */
export type Ask = (messages: readonly ModelMessage[], signal: AbortSignal) => AsyncGenerator<string, ModelUsage>;

export function openAsk(client: OpenAI, endpoint: Endpoint): Ask {
  const request = openRequest(client, endpoint);
  return async function* ask(messages, signal) {
    const wait = startWait(endpoint, signal);
    const usage: ModelUsage = { model: endpoint.name, tokensInput: null, tokensOutput: null };
    try {
      const chunks = await request(messages, wait);
      const { reason, spoke } = yield* untilFinished(chunks, wait, usage);
      if (reason === 'content_filter') throw new EndpointFailed('filtered');
      if (!spoke) throw new EndpointFailed(reason === 'length' ? 'too short' : 'wordless');
      if (reason === 'length') yield '…';
      await awaitUsage(chunks, wait, usage);
      return usage;
    } finally {
      wait.end();
    }
  };
}

type Chunks = AsyncIterator<unknown>;

/** Asks for usage until an endpoint refuses to be asked for it, but takes the same request without. */
function openRequest(client: OpenAI, { name }: Endpoint) {
  let tellsUsage = true;
  return async (messages: readonly ModelMessage[], wait: Wait): Promise<Chunks> => {
    const create = async (include_usage: boolean) => {
      const options = include_usage ? { stream_options: { include_usage } } : {};
      const body = { model: name, messages: [...messages], stream: true as const, ...options };
      const stream = await wait.for(async () => client.chat.completions.create(body, { signal: wait.signal }));
      return stream[Symbol.asyncIterator]();
    };
    try {
      return await create(tellsUsage);
    } catch (error) {
      if (!tellsUsage || !(error instanceof EndpointFailed) || error.failure !== 'refused') throw error;
      const stream = await create(false);
      tellsUsage = false;
      return stream;
    }
  };
}

/** Endpoints add much to this, and leave out what they please: https://platform.openai.com/docs/api-reference/chat-streaming */
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

async function* untilFinished(
  chunks: Chunks,
  wait: Wait,
  usage: ModelUsage,
): AsyncGenerator<string, { reason: string; spoke: boolean }> {
  let spoke = false;
  for (;;) {
    const chunk = await nextChunk(chunks, wait);
    if (!chunk) throw new EndpointFailed('broken off');
    noteUsage(usage, chunk);
    const [choice] = chunk.choices ?? [];
    const words = choice?.delta?.content ?? choice?.delta?.refusal;
    spoke ||= Boolean(words?.trim());
    if (words) yield words;
    if (choice?.finish_reason) return { reason: choice.finish_reason, spoke };
  }
}

/** Null when there is no more. */
async function nextChunk(chunks: Chunks, wait: Wait, options?: { atMostMs: number }): Promise<Chunk | null> {
  const { done, value } = await wait.for(() => chunks.next(), options);
  if (done) return null;
  const parsed = Chunk.safeParse(value);
  if (!parsed.success) throw new EndpointFailed('unreadable');
  return parsed.data;
}

/** Usage follows the last word at once, or never. */
const USAGE_WITHIN_MS = 1_000;

/** The text is whole by now, so only an abort matters. */
async function awaitUsage(chunks: Chunks, wait: Wait, usage: ModelUsage): Promise<void> {
  try {
    for (;;) {
      const chunk = await nextChunk(chunks, wait, { atMostMs: USAGE_WITHIN_MS });
      if (!chunk) return;
      noteUsage(usage, chunk);
    }
  } catch (error) {
    if (!(error instanceof EndpointFailed)) throw error;
  }
}

function noteUsage(noted: ModelUsage, { model, usage }: Chunk): void {
  if (model) noted.model = model;
  if (!usage) return;
  noted.tokensInput = usage.prompt_tokens;
  noted.tokensOutput = usage.completion_tokens;
}
