import type { Model } from '#adapters/model/model.ts';
import type { Asked, Draft, DraftEnd } from '#domain/conversations/replies/drafting/draft.ts';
import { recall } from '#domain/conversations/replies/drafting/retrieval/recall.ts';
import type { Deps } from '#domain/core/deps.ts';
import { markRecalled } from '#domain/memories/memories.ts';
import { stripDataLines } from '#domain/text/strip-data-lines.ts';
import { collectText } from '#domain/text/text-steps.ts';
import { type TextStream, transformText } from '#domain/text/text-stream.ts';
import { contextFor, type ModelContext } from './model-context.ts';
import { citationsIn, sourcesOf } from './model-sources.ts';

/** A reply by the model, from what is recalled and what was said before. Throws as a Model does. */
export async function modelDraft(deps: Deps, model: Model, asked: Asked): Promise<Draft> {
  const recalled = sourcesOf(await recall(deps, asked));
  const limits = { maxTokens: deps.replying.maxContextTokens, today: deps.now() };
  const context = contextFor({ ...asked, recalled }, limits);
  await markRecalled(
    deps,
    context.sources.flatMap(({ citation }) => citation?.memoryId ?? []),
  );
  return { repeatable: false, text: streamDraft(model, context, asked.signal) };
}

/** The model's text without what frames data in it, with the citations that it makes. */
async function* streamDraft(
  model: Model,
  { messages, sources }: ModelContext,
  signal: AbortSignal,
): TextStream<DraftEnd> {
  const whole = collectText();
  const usage = yield* transformText(model.stream(messages, { signal }), stripDataLines(), whole);
  return { citations: citationsIn(whole.collected(), sources), ...usage };
}
