import type { MessageRole } from '#generated/prisma/enums.ts';

const USER = /(?<![\p{L}\p{N}])(?:i|me|my|mine|user|אני|שלי|לי|אמרתי)(?![\p{L}\p{N}])/iu;
const ASSISTANT = /(?<![\p{L}\p{N}])(?:you|your|yours|assistant|bot|אתה|שלך|לך|אמרת)(?![\p{L}\p{N}])/iu;

/** Returns whose messages a query refers to ("what did I say", "what did you answer"); none if it refers to both or neither. */
export function findRoles(query: string): MessageRole[] {
  const [user, assistant] = [USER.test(query), ASSISTANT.test(query)];
  if (user === assistant) return [];
  return user ? ['USER'] : ['ASSISTANT'];
}
