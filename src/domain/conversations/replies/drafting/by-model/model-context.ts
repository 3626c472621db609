import type { ModelMessage } from '#adapters/model/model-messages.ts';
import type { DraftRequest } from '#domain/conversations/replies/drafting/draft.ts';
import type { Forgetting } from '#domain/memories/extraction/foresee-forgetting.ts';
import { dataBlock, dataLine } from '#domain/text/data-block.ts';
import { CUT } from '#domain/text/excerpt.ts';
import { estimateTokens, firstTokens, TOKENS_PER_MESSAGE } from '#domain/text/llm-tokens.ts';
import { stripDataLines } from '#domain/text/strip-data-lines.ts';
import { transformWhole } from '#domain/text/text-stream.ts';
import type { Message } from '#generated/prisma/client.ts';
import type { Source } from './model-sources.ts';
import { buildInstructions } from './prompts.ts';

/** What a model is sent, and the sources among it: the first is the one numbered 1. */
export type ModelContext = { messages: ModelMessage[]; sources: Source[] };

type ModelContextInput = Pick<DraftRequest, 'conversation' | 'question' | 'earlier'> & {
  recalled: readonly Source[];
  today: Date;
  forgetting: Forgetting | null;
};

/**
 * Builds what a model is sent, within `maxTokens` by estimate. Where not all fits, the oldest messages are left out first,
 * then the sources from the last on; a question that is too long by itself is cut, and so are instructions of the conversation that
 * would take more than half of what is left to them all.
 */
export function buildModelContext(input: ModelContextInput, maxTokens: number): ModelContext {
  const instructions = composeInstructions(input, maxTokens);
  const room = maxTokens - estimateCost(systemMessage(instructions, []));
  const question = { role: 'user', content: truncate(room - TOKENS_PER_MESSAGE, input.question.content) } as const;
  const sources = takeFitting(input.recalled.map(numberSource), room - estimateCost(question), ({ data }) =>
    estimateTokens(dataLine(data)),
  );
  const system = systemMessage(instructions, sources);
  const left = maxTokens - estimateCost(system) - estimateCost(question);
  const history = takeFitting(input.earlier.flatMap(toModelMessage).reverse(), left, estimateCost).reverse();
  return { messages: [system, ...history, question], sources };
}

function composeInstructions({ conversation, today, forgetting }: ModelContextInput, maxTokens: number): string {
  const { channel, episodeId, instructions } = conversation;
  const compose = (ofUser: string | null) =>
    buildInstructions({ channel, aboutEpisode: episodeId !== null, today, ofUser, forgetting });
  const room = maxTokens - estimateCost(systemMessage(compose(null), []));
  return compose(instructions && truncate(Math.floor(room / 2), transformWhole(instructions, stripDataLines())));
}

/**
 * Builds a context of half the size of the one that was too long, and of the whole question at least. Null where that leaves
 * nothing out.
 */
export function shrinkModelContext(input: ModelContextInput, tooLong: ModelContext): ModelContext | null {
  const size = estimateSize(tooLong);
  const least = estimateSize(buildModelContext({ ...input, recalled: [], earlier: [] }, size));
  const half = Math.floor(size / 2);
  return least < size ? buildModelContext(input, Math.max(half, least)) : null;
}

const estimateSize = ({ messages }: ModelContext): number =>
  messages.reduce((tokens, message) => tokens + estimateCost(message), 0);

const systemMessage = (instructions: string, sources: readonly Source[]): ModelMessage => ({
  role: 'system',
  content: `${instructions}\n${dataBlock(sources.map(({ data }) => data))}`,
});

const estimateCost = ({ content }: ModelMessage): number => TOKENS_PER_MESSAGE + estimateTokens(content);

function truncate(tokens: number, text: string): string {
  return estimateTokens(text) <= tokens ? text : firstTokens(text, Math.max(0, tokens - estimateTokens(CUT))) + CUT;
}

/** What cannot be cited has no number. */
function numberSource({ data, citation }: Source, index: number): Source {
  return { data: citation ? { n: index + 1, ...data } : data, citation };
}

/** The first items, as many as fit. */
function takeFitting<Item>(items: readonly Item[], room: number, cost: (item: Item) => number): Item[] {
  let left = room;
  const end = items.findIndex((item) => {
    left -= cost(item);
    return left < 0;
  });
  return items.slice(0, end === -1 ? items.length : end);
}

/** Nothing for a message without text, as one that only calls tools: endpoints refuse it. */
function toModelMessage({ role, content, toolResult }: Message): ModelMessage[] {
  if (role === 'TOOL' && (content !== '' || toolResult !== null)) {
    return [{ role: 'system', content: dataBlock([{ kind: 'tool', text: content, result: toolResult ?? undefined }]) }];
  }
  if (!content.trim()) return [];
  return [{ role: role.toLowerCase() as 'system' | 'user' | 'assistant', content }];
}
