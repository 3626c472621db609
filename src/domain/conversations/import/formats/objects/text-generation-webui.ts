import { type Fields, isFields, textOf } from '#domain/conversations/import/source/conversation.ts';
import type { ObjectFormat } from './object-format.ts';

/** Logs of text-generation-webui: `internal` holds pairs of a prompt and an answer; `visible`, the same as HTML. */
export const textGenerationWebui: ObjectFormat = {
  format: 'TEXT_GENERATION_WEBUI',
  matches: (source) => pairsOf(source) !== null,
  translate: (source) => {
    const about = isFields(source.metadata) ? source.metadata : {};
    return {
      messages: (pairsOf(source) ?? []).flatMap(([asked, answered], index) => [
        ...(asked === BEGIN ? [] : [toMessage('user', asked, about[`user_${index}`])]),
        toMessage('assistant', answered, about[`assistant_${index}`]),
      ]),
    };
  },
};

/** The prompt that a greeting of the character answers. */
const BEGIN = '<|BEGIN-VISIBLE-CHAT|>';

const toMessage = (role: string, content: unknown, about: unknown): Fields => ({
  role,
  content: textOf(content),
  created_at: isFields(about) ? about.timestamp : null,
  model: isFields(about) ? about.model : null,
});

/** Older logs have `data` and `data_visible`. */
function pairsOf(source: Fields): unknown[][] | null {
  const list = Array.isArray(source.visible) ? source.internal : 'data_visible' in source ? source.data : null;
  if (!Array.isArray(list) || list.length === 0) return null;
  return list.every((pair) => Array.isArray(pair) && pair.length >= 2) ? list : null;
}
