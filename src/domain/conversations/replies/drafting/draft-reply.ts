import type { Deps } from '#domain/core/deps.ts';
import { modelDraft } from './by-model/draft-by-model.ts';
import { ruleDraft } from './by-rules/draft-by-rules.ts';
import type { Asked, Draft } from './draft.ts';

/** Begins a reply: by the model where one is configured, else by rules. Throws as a Model does. */
export function draftReply(deps: Deps, asked: Asked): Promise<Draft> {
  return deps.model ? modelDraft(deps, deps.model, asked) : ruleDraft(deps, asked);
}
