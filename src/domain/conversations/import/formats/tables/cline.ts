import { type Fields, fieldsOf, isFields, textOf } from '#domain/conversations/import/source/conversation.ts';
import { parseEmbedded } from '#domain/conversations/import/source/embedded-json.ts';
import { toOpenAiCall } from '#domain/conversations/import/source/to-messages.ts';
import type { RowFormat } from './row-format.ts';

/** `ui_messages.json` of Cline and of Roo Code: what the extension displays, of one task. */
export const cline: RowFormat = {
  format: 'CLINE',
  matches: (row) => (row.type === 'say' || row.type === 'ask') && typeof row.ts === 'number' && kindOf(row) !== null,
  conversationOf: () => null,
  timeOf: ({ ts }) => ts,
  translate: translateRows,
};

const kindOf = ({ say, ask }: Fields): string | null => textOf(say) ?? textOf(ask);

/** What the user writes; the first text of a task is the task. */
const OF_USER = ['task', 'user_feedback'];
const OF_ASSISTANT = ['text', 'completion_result', 'followup', 'plan_mode_respond', 'new_task'];
const CALLS = ['tool', 'command', 'use_mcp_server', 'browser_action', 'browser_action_launch'];
const RESULTS = ['command_output', 'browser_action_result', 'mcp_server_response'];

/** A result belongs to the last call before it. */
function translateRows(rows: readonly Fields[]): Fields[] {
  let calledAt: number | null = null;
  return rows.map((row, index) => {
    if (CALLS.includes(kindOf(row) ?? '')) calledAt = index;
    return toMessage(row, index, calledAt);
  });
}

function toMessage(row: Fields, index: number, calledAt: number | null): Fields {
  const kind = kindOf(row) ?? '';
  const about = { created_at: row.ts, images: fieldsOf(row.images) };
  const isMarker = textOf(row.text) === null && !CALLS.includes(kind) && kind !== 'reasoning';
  if (row.partial === true || (isMarker && about.images.length === 0)) return { role: 'assistant', isMeta: true };
  if (OF_USER.includes(kind) || (kind === 'text' && index === 0)) return { role: 'user', content: row.text, ...about };
  if (OF_ASSISTANT.includes(kind)) return { role: 'assistant', content: textIn(row.text), ...about };
  if (CALLS.includes(kind)) return { role: 'assistant', content: '', tool_calls: [toCall(kind, row, index)], ...about };
  if (RESULTS.includes(kind) && calledAt !== null)
    return { role: 'tool', content: row.text ?? '', tool_call_id: `call_${calledAt}`, ...about };
  return kind === 'reasoning' ? { type: 'reasoning' } : { role: 'assistant', isMeta: true };
}

/** A question is JSON with its options. */
function textIn(text: unknown): unknown {
  const value = parseEmbedded(text);
  return isFields(value) ? (textOf(value.question) ?? textOf(value.response) ?? text) : text;
}

function toCall(kind: string, { text }: Fields, index: number) {
  const value = parseEmbedded(text);
  const { tool, ...given } = isFields(value) ? value : { tool: undefined, command: text };
  return toOpenAiCall(`call_${index}`, textOf(tool) ?? kind, given);
}
