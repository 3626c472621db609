import type { Model } from '#adapters/model/model.ts';
import type { Draft, DraftEnd, DraftRequest } from '#domain/conversations/replies/drafting/draft.ts';
import { recall } from '#domain/conversations/replies/drafting/retrieval/recall.ts';
import type { Deps } from '#domain/core/deps.ts';
import { markRecalled } from '#domain/memories/memories.ts';
import { stripDataLines } from '#domain/text/strip-data-lines.ts';
import { collectText } from '#domain/text/text-steps.ts';
import { type TextStream, transformText } from '#domain/text/text-stream.ts';
import { buildModelContext, type ModelContext } from './model-context.ts';
import { findCitations, toSources } from './model-sources.ts';

/** Drafts a reply by the model, from what is recalled and what was said before. Its text throws as a Model does. */
export async function draftByModel(deps: Deps, model: Model, request: DraftRequest): Promise<Draft> {
  const recalled = toSources(await recall(deps, request));
  const limits = { maxTokens: deps.replying.maxContextTokens, today: deps.now() };
  const context = buildModelContext({ ...request, recalled }, limits);
  await markRecalled(
    deps,
    context.sources.flatMap(({ citation }) => citation?.memoryId ?? []),
  );
  return { repeatable: false, text: streamDraft(model, context, request.signal) };
}

/** Streams the model's text without lines that frame data, and ends with the citations in it. */
async function* streamDraft(
  model: Model,
  { messages, sources }: ModelContext,
  signal: AbortSignal,
): TextStream<DraftEnd> {
  const whole = collectText();
  const usage = yield* transformText(model.stream(messages, { signal }), stripDataLines(), whole);
  return { citations: findCitations(whole.collected(), sources), ...usage };
}
