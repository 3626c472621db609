import type { Fields } from '#domain/conversations/import/source/conversation.ts';
import { copilotStudio, copilotStudioSession } from './copilot-studio.ts';
import { intercom } from './intercom.ts';
import type { ObjectFormat } from './object-format.ts';
import { arenaPair, chosenRejected } from './preferences.ts';
import { textGenerationWebui } from './text-generation-webui.ts';
import { alpaca, promptCompletion, swift, ultraChat, xtuner } from './training-sets.ts';
import { vapi } from './vapi.ts';
import { zendeskChat, zendeskTicket } from './zendesk.ts';

/** Formats that are recognized before anything near to OpenAI's. Preferences come before the training sets that they extend. */
const OBJECT_FORMATS: readonly ObjectFormat[] = [
  vapi,
  intercom,
  zendeskTicket,
  zendeskChat,
  copilotStudio,
  copilotStudioSession,
  textGenerationWebui,
  chosenRejected,
  arenaPair,
  alpaca,
  swift,
  xtuner,
  ultraChat,
  promptCompletion,
];

/** Returns the format of an object that is a conversation; undefined if it is of none of these. */
export const findObjectFormat = (source: Fields): ObjectFormat | undefined =>
  OBJECT_FORMATS.find(({ matches }) => matches(source));
