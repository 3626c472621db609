import type { Deps } from '#domain/core/deps.ts';
import { BadUserInput } from '#domain/core/errors.ts';
import { checkOptionalText } from '#domain/core/validation.ts';

/** How the model replies in a conversation, as its owner has chosen: null for what the operator has. */
export type ModelSettings = {
  model?: string | null | undefined;
  instructions?: string | null | undefined;
};

/** UTF-16 units of the instructions of a conversation. */
export const MAX_INSTRUCTIONS_LENGTH = 8_000;

/** Returns the column values of the settings that are given; none for those that are left out. Throws BadUserInput. */
export function modelColumns(
  deps: Deps,
  { model, instructions }: ModelSettings,
): { model?: string | null; instructions?: string | null } {
  return {
    ...(model === undefined ? {} : { model: checkModelName(deps, model) }),
    ...(instructions === undefined
      ? {}
      : { instructions: checkOptionalText('input.instructions', instructions, { max: MAX_INSTRUCTIONS_LENGTH }) }),
  };
}

function checkModelName({ model }: Deps, name: string | null): string | null {
  const names = model?.names ?? [];
  if (name === null || names.includes(name)) return name;
  const choice = names.length > 0 ? `Choose one of: ${names.join(', ')}.` : 'No model is set up here; leave this out.';
  throw new BadUserInput('input.model', choice);
}
