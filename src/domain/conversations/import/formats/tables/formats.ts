import { anythingLlm } from './anything-llm.ts';
import { botFramework } from './bot-framework.ts';
import { botpress } from './botpress.ts';
import { chatwoot } from './chatwoot.ts';
import { cline } from './cline.ts';
import { dialogflow } from './dialogflow.ts';
import { lex } from './lex.ts';
import { microsoft365Copilot } from './microsoft-365-copilot.ts';
import { findRowFormat, groupRows } from './row-format.ts';
import { voiceflow } from './voiceflow.ts';

const ROW_FORMATS = [
  anythingLlm,
  botFramework,
  botpress,
  chatwoot,
  cline,
  dialogflow,
  lex,
  microsoft365Copilot,
  voiceflow,
];

/** Returns the conversations of a list of rows, and what is no row; null if it is of none of these formats. */
export function openRows(list: readonly unknown[]): unknown[] | null {
  const format = findRowFormat(list, ROW_FORMATS);
  return format && groupRows(list, format);
}
