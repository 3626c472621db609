import type { Model } from '#adapters/model/model.ts';
import type { Draft, DraftEnd, DraftRequest } from '#domain/conversations/replies/drafting/draft.ts';
import { recall } from '#domain/conversations/replies/drafting/retrieval/recall.ts';
import type { Deps } from '#domain/core/deps.ts';
import { ContextTooLong } from '#domain/core/errors.ts';
import { foreseeForgetting } from '#domain/memories/extraction/foresee-forgetting.ts';
import { markRecalled } from '#domain/memories/memories.ts';
import { stripDataLines } from '#domain/text/strip-data-lines.ts';
import { collectText, sanitizeText } from '#domain/text/text-steps.ts';
import { type TextStream, transformText, transformWhole } from '#domain/text/text-stream.ts';
import { chooseModelName } from './choose-model-name.ts';
import { buildModelContext, type ModelContext, shrinkModelContext } from './model-context.ts';
import { findCitations, toChoices, toSources } from './model-sources.ts';

/** Drafts a reply by the model, from what is recalled and what was said before. Its text throws as a Model does. */
export async function draftByModel(deps: Deps, model: Model, request: DraftRequest): Promise<Draft> {
  const [found, forgetting] = [await recall(deps, request), await foreseeForgetting(deps, request.question)];
  const recalled = [...toChoices(forgetting), ...toSources(found)];
  const input = { ...request, recalled, forgetting, today: deps.now() };
  const context = buildModelContext(input, deps.replying.maxContextTokens);
  await markRecalled(
    deps,
    context.sources.flatMap(({ citation }) => citation?.memoryId ?? []),
  );
  const options = { signal: request.signal, name: chooseModelName(model, request.conversation) };
  const shrink = () => shrinkModelContext(input, context);
  return { repeatable: false, text: streamDraft(model, context, options, shrink) };
}

/**
 * Streams the model's text without lines that frame data, and ends with the citations in it. Where the context is too long
 * for the model, it is asked once more with what `shrink` returns, if that is not null.
 */
async function* streamDraft(
  model: Model,
  { messages, sources }: ModelContext,
  options: { signal: AbortSignal; name: string },
  shrink: () => ModelContext | null = () => null,
): TextStream<DraftEnd> {
  const whole = collectText();
  try {
    const report = yield* transformText(model.stream(messages, options), stripDataLines(), whole);
    const reasoning = transformWhole(report.reasoning ?? '', stripDataLines(), sanitizeText());
    return { citations: findCitations(whole.collected(), sources), ...report, reasoning: reasoning || null };
  } catch (error) {
    const smaller = error instanceof ContextTooLong && !whole.collected() ? shrink() : null;
    if (!smaller) throw error;
    return yield* streamDraft(model, smaller, options);
  }
}
