import { z } from 'zod';

/** The content of one event of a response: the next pieces of the answer, and of the reasoning before it. */
export type CompletionChunk = {
  model: string | null;
  text: string;
  thought: string;
  /** Whether `text` is that of a `message`, which may be the whole answer, also at the end of a stream. */
  isMessage: boolean;
  /** Null while the answer continues. */
  finishReason: string | null;
  usage: { tokensInput: number; tokensOutput: number } | null;
};

const Text = z.string().nullish().catch(null);
const TokenCount = z.int32().min(0);
const Part = z.looseObject({ type: z.string().nullish() });

/** A piece of the answer (`delta`), or all of it (`message`). Tool calls are ignored: no tools are offered. */
const Message = z.looseObject({
  content: z.union([z.string(), Part, z.array(z.union([z.string(), Part]))]).nullish(),
  refusal: Text,
});
type Message = z.infer<typeof Message>;

/** One of the answers that an endpoint may return; `text` is that of completions without a chat. */
const Choice = z.object({
  index: z.number().nullish().catch(null),
  delta: Message.nullish(),
  message: Message.nullish(),
  text: Text,
  finish_reason: Text,
});

/**
 * The fields of an event that are read; endpoints add many, and omit any: https://platform.openai.com/docs/api-reference/chat-streaming.
 * Fields outside of `choices` are Ollama's own format: https://docs.ollama.com/api/chat
 */
const Chunk = z
  .object({
    model: z.string().max(200).nullish().catch(null),
    choices: z.array(Choice).nullish(),
    usage: z.object({ prompt_tokens: TokenCount, completion_tokens: TokenCount }).nullish().catch(null),
    message: Message.nullish().catch(null),
    done: z.boolean().nullish().catch(null),
    done_reason: Text,
    prompt_eval_count: TokenCount.nullish().catch(null),
    eval_count: TokenCount.nullish().catch(null),
  })
  .transform((chunk): CompletionChunk => {
    const choice = chunk.choices?.find(({ index }) => !index); // no others were requested
    return {
      model: chunk.model || null,
      isMessage: Boolean(choice?.message && !choice.delta),
      ...readMessage(choice?.delta ?? choice?.message ?? chunk.message ?? { content: choice?.text }),
      finishReason: choice?.finish_reason || (chunk.done ? (chunk.done_reason ?? 'stop') : null),
      usage: readUsage(
        chunk.usage?.prompt_tokens ?? chunk.prompt_eval_count,
        chunk.usage?.completion_tokens ?? chunk.eval_count,
      ),
    };
  });

/** Parses an event; null if it has no known format. */
export function parseChunk(event: unknown): CompletionChunk | null {
  return Chunk.safeParse(event).data ?? null;
}

function readUsage(tokensInput: number | null | undefined, tokensOutput: number | null | undefined) {
  return tokensInput == null || tokensOutput == null ? null : { tokensInput, tokensOutput };
}

/** Fields of a message that contain reasoning; if there are several, they contain the same. */
const THOUGHT_FIELDS = ['reasoning_content', 'reasoning', 'thinking', 'reasoning_details'] as const;
/** Types of content parts that contain reasoning. */
const THOUGHT_PART = /^(?:thinking|reasoning)/;
/** Types of content parts that contain the answer. */
const TEXT_PART = /^(?:text|output_text|refusal)?$/;

function readMessage(message: Partial<Message>): { text: string; thought: string } {
  const parts = [message.content ?? []].flat();
  const join = (type: RegExp) =>
    parts
      .filter((part) => type.test(typeOf(part)))
      .map((part) => wordsIn(part))
      .join('');
  const thought = THOUGHT_FIELDS.map((field) => wordsIn(message[field])).find(Boolean);
  return { text: join(TEXT_PART) || (message.refusal ?? ''), thought: thought ?? join(THOUGHT_PART) };
}

const typeOf = (part: string | { type?: string | null | undefined }) =>
  typeof part === 'string' ? '' : (part.type ?? '');

/** The text of a part, wherever endpoints put it; parts may contain parts, up to this depth. */
function wordsIn(value: unknown, depth = 4): string {
  if (typeof value === 'string') return value;
  if (typeof value !== 'object' || value === null || depth === 0) return '';
  if (Array.isArray(value)) return value.map((part) => wordsIn(part, depth - 1)).join('');
  const { text, thinking, reasoning, summary, refusal, content } = value as Record<string, unknown>;
  return wordsIn(text ?? thinking ?? reasoning ?? summary ?? refusal ?? content, depth - 1);
}
