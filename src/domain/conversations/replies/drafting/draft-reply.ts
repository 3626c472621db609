import type { Deps } from '#domain/core/deps.ts';
import { draftByModel } from './by-model/draft-by-model.ts';
import { draftByRules } from './by-rules/draft-by-rules.ts';
import type { Draft, DraftRequest } from './draft.ts';

/** Drafts a reply: by the model where one is configured, else by rules. The draft's text throws as a Model does. */
export function draftReply(deps: Deps, request: DraftRequest): Promise<Draft> {
  return deps.model ? draftByModel(deps, deps.model, request) : draftByRules(deps, request);
}
