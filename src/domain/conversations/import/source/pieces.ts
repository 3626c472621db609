import { textOf } from './conversation.ts';

/** A part of the content of a message that can be imported. */
export type Piece =
  | { text: string }
  | { call: { id: string | null; name: string; arguments: unknown } }
  | { result: { callId: string | null; output: unknown } };

export const toText = (value: unknown): Piece[] => {
  const text = textOf(value);
  return text === null ? [] : [{ text }];
};

export const toCall = (id: unknown, name: unknown, given: unknown): Piece => ({
  call: { id: textOf(id), name: textOf(name) ?? 'unknown', arguments: given },
});

export const toResult = (callId: unknown, output: unknown): Piece => ({ result: { callId: textOf(callId), output } });

/** Returns a call with its result, if that is known. */
export function toAnsweredCall(id: unknown, name: unknown, given: unknown, output: unknown): Piece[] {
  const call = toCall(id, name, given);
  return output === null || output === undefined ? [call] : [call, toResult(id, output)];
}
