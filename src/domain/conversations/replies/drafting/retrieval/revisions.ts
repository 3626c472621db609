import { visitInSlices } from '#domain/core/time-slices.ts';
import { extractByRules } from '#domain/memories/extraction/extract-by-rules.ts';
import { isAbout, type Remembered } from '#domain/memories/extraction/fact.ts';
import { beginningOf } from '#domain/memories/extraction/requests.ts';
import { isForgetRequest, readSentences, splitSentences } from '#domain/memories/extraction/sentences.ts';
import type { Statement } from '#domain/memories/extraction/statement.ts';
import { isSameStatement } from '#domain/memories/same-statement.ts';
import type { Message } from '#generated/prisma/client.ts';

/** Something that a user said, at a time. */
export type Said = Pick<Message, 'id' | 'conversationId' | 'role' | 'sentAt' | 'content'>;

/** A statement of the user's, which may say of older ones that they do not hold any more. */
export type Revision = { statement: Statement; message: Said };

/** Reads what the user's messages say that may change what earlier ones said. */
export async function readRevisions(messages: readonly Said[]): Promise<Revision[]> {
  const revisions: Revision[] = [];
  await visitInSlices(messages, (message) => {
    if (message.role !== 'USER') return;
    const statements = extractByRules(beginningOf(message.content), message.sentAt);
    revisions.push(...statements.map((statement) => ({ statement, message })));
  });
  return revisions;
}

/** Returns the first revision by which something that was said at a time does not hold any more. */
export function findRevision(revisions: readonly Revision[], remembered: Remembered, at: Date): Revision | undefined {
  return revisions.find(({ statement, message }) => message.sentAt > at && isRevisedBy(statement, remembered));
}

function isRevisedBy(statement: Statement, remembered: Remembered): boolean {
  if (statement.type === 'END' || statement.type === 'FORGET') return isAbout(statement.fact, remembered);
  if (statement.type !== 'LEARN') return statement.type === 'FORGET_ALL';
  const { memory, replaces } = statement;
  const isOfTopic = memory.topic !== null && memory.topic === remembered.topic;
  if (!isOfTopic && !(replaces && isAbout(replaces, remembered))) return false;
  return !isSameStatement(memory.content, remembered.content);
}

/**
 * Returns what of a message still holds, '' where nothing does, and the revisions by which the rest does not. What asks to forget
 * something says nothing either.
 */
export async function keepCurrentSentences(
  { content, sentAt }: Pick<Said, 'content' | 'sentAt'>,
  revisions: readonly Revision[],
): Promise<{ content: string; by: Revision[] }> {
  const by: Revision[] = [];
  const kept: string[] = [];
  await visitInSlices(splitSentences(content), (sentence) => {
    const found = readSentences(sentence).flatMap((remembered) => findRevision(revisions, remembered, sentAt) ?? []);
    by.push(...found);
    if (found.length === 0 && !isForgetRequest(sentence)) kept.push(sentence);
  });
  return { content: kept.join(' '), by };
}

/**
 * Returns a text without the sentences that say one of these statements; nothing where none does, as a model has other words
 * for what it learns.
 */
export function removeStatements(text: string, statements: readonly string[]): string {
  if (statements.length === 0) return text;
  const sentences = splitSentences(text);
  const others = sentences.filter(
    (sentence) =>
      !readSentences(sentence).some(({ content }) =>
        statements.some((statement) => isSameStatement(content, statement)),
      ),
  );
  return others.length < sentences.length ? others.join(' ') : '';
}
