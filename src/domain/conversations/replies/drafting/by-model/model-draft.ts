import type { Model } from '#adapters/model/model.ts';
import type { Asked, Draft, DraftEnd } from '#domain/conversations/replies/drafting/draft.ts';
import { recall } from '#domain/conversations/replies/drafting/recall.ts';
import type { Deps } from '#domain/core/deps.ts';
import { markRecalled } from '#domain/memories/memories.ts';
import { contextFor, type ModelContext } from './model-context.ts';
import { citationsIn, sourcesOf } from './model-sources.ts';
import { withoutDataLines } from './model-text.ts';

/** A reply by the model, from what is recalled and what was said before. Throws as a Model does. */
export async function modelDraft(deps: Deps, model: Model, asked: Asked): Promise<Draft> {
  const recalled = sourcesOf(await recall(deps, asked));
  const limits = { maxTokens: deps.replying.maxContextTokens, today: deps.now() };
  const context = contextFor({ ...asked, recalled }, limits);
  await markRecalled(
    deps,
    context.sources.flatMap(({ citation }) => citation?.memoryId ?? []),
  );
  return { repeatable: false, text: written(model, context, asked.signal) };
}

async function* written(
  model: Model,
  { messages, sources }: ModelContext,
  signal: AbortSignal,
): AsyncGenerator<string, DraftEnd> {
  const pieces = withoutDataLines(model.stream(messages, { signal }));
  let text = '';
  try {
    for (;;) {
      const { done, value } = await pieces.next();
      if (done) return { citations: citationsIn(text, sources), ...value };
      text += value;
      yield value;
    }
  } finally {
    await pieces.return(undefined as never);
  }
}
