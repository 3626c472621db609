import type { Model } from '#adapters/model/model.ts';
import type { Conversation } from '#generated/prisma/client.ts';

/** Returns the name that a conversation has chosen, as long as the operator allows it; else the operator's own. */
export const chooseModelName = (model: Model, { model: chosen }: Pick<Conversation, 'model'>): string =>
  chosen !== null && model.names.includes(chosen) ? chosen : model.name;
