import {
  detectPersonalQuestion,
  isSelfDisclosure,
} from '#domain/conversations/replies/drafting/intents/personal-questions.ts';
import { isInformative } from '#domain/conversations/replies/drafting/intents/statements.ts';
import {
  type RecalledMessage,
  recallMemoriesAndMessages,
} from '#domain/conversations/replies/drafting/retrieval/recall.ts';
import { expandQuery } from '#domain/conversations/replies/drafting/retrieval/search-query.ts';
import { extractByRules } from '#domain/memories/extraction/extract-by-rules.ts';
import type { ExtractedMemory } from '#domain/memories/extraction/extracted-memory.ts';
import { isExtractionEnabled } from '#domain/memories/extraction/opt-out.ts';
import type { Statement } from '#domain/memories/extraction/statement.ts';
import { excerpt } from '#domain/text/excerpt.ts';
import { isQuestion } from '#domain/text/sentence-cues.ts';
import { normalizedWords } from '#domain/text/tokenizers.ts';
import type { Memory, Message } from '#generated/prisma/client.ts';
import { citeMemory, explainModelSetup, keepCloseToBest, type Part, type Turn, toParts } from './answer-parts.ts';

/** How many memories are listed where everything is asked for. */
const MAX_LISTED = { written: 8, spoken: 3 };
/** How many memories and messages are quoted in answer to one question. */
const MAX_QUOTED = { written: 4, spoken: 2 };
/** Characters of one quotation. */
const MAX_QUOTE = 280;
/** Fraction of the best score: more than the half that a message gets for standing behind one that fits. */
const MIN_SCORE_FRACTION = 0.6;
/** Words: what is shorter is mostly what somebody looks for. */
const MIN_SENTENCE = 4;
/** Characters of a message: what is longer was pasted. */
const MAX_READ = 2_000;

/** Answers a question about the user, from their memories and messages, or acknowledges what they say of themselves. */
export async function answerPersonally(turn: Turn): Promise<Part[]> {
  const { request, words } = turn;
  const personal = detectPersonalQuestion(words);
  if (personal?.asks === 'everything') return listMemories(turn);
  if (personal) {
    const query = (personal.about.length > 0 ? personal.about : words).join(' ');
    return (await answerFromRecall(turn, query)) ?? admitNothingFound(turn);
  }
  const { content } = request.question;
  const isRead = readStatements(request.question).length > 0 && !isQuestion(content);
  const isSentence = words.length >= MIN_SENTENCE || isRead;
  if (isRead || (isSelfDisclosure(content, words) && isSentence)) return acknowledge(turn);
  const found = await answerFromRecall(turn, await expandQuery(turn.deps, words, request.earlier));
  return found ?? (isInformative(content) && isSentence ? acknowledge(turn) : admitNothingFound(turn));
}

const admitNothingFound = (turn: Turn): Part[] => [
  ...toParts(turn.phrases.nothingRecalled),
  ...explainModelSetup(turn),
];

/** Says what becomes of what the user said of themselves: no more than what the rules of memory extraction find in it. */
function acknowledge({ deps, request, phrases }: Turn): Part[] {
  if (!isExtractionEnabled(deps.replying, request.conversation))
    return toParts(phrases.thankYou, phrases.learningIsOff);
  const quotes = extractFrom(request.question).map(({ content }) => phrases.quote(content));
  return toParts(phrases.thankYou, quotes.length > 0 ? phrases.willRemember(quotes) : phrases.keptAsMessage);
}

const readStatements = ({ content, sentAt }: Message): Statement[] =>
  extractByRules(content.slice(0, MAX_READ), sentAt);

function extractFrom(message: Message): ExtractedMemory[] {
  return readStatements(message)
    .flatMap((statement) => (statement.type === 'LEARN' ? [statement.memory] : []))
    .slice(0, MAX_QUOTED.written);
}

async function listMemories(turn: Turn): Promise<Part[]> {
  const { deps, phrases, spoken } = turn;
  const count = spoken ? MAX_LISTED.spoken : MAX_LISTED.written;
  const memories = await deps.database.prisma.memory.findMany({
    where: {
      ownerId: deps.actor.userId,
      supersededById: null,
      OR: [{ expiresAt: null }, { expiresAt: { gt: deps.now() } }],
    },
    orderBy: [{ importance: 'desc' }, { createdAt: 'desc' }, { id: 'desc' }],
    take: count + 1,
  });
  if (memories.length === 0) return toParts(phrases.nothingKnownOfYou);
  return [
    ...toParts(phrases.knownOfYou),
    ...memories.slice(0, count).map((memory) => {
      const quote = excerpt(memory.content, new Set(), MAX_QUOTE);
      return citeMemory(phrases.quote(quote), quote, memory.id);
    }),
    ...(memories.length > count ? toParts(phrases.moreIsKnown) : []),
  ];
}

/** Quotes what memories hold, then what messages do beside them; null where nothing is found. */
async function answerFromRecall(turn: Turn, query: string): Promise<Part[] | null> {
  const { deps, request, phrases, spoken } = turn;
  const { memories, messages } = await recallMemoriesAndMessages(deps, request, query, new Set([request.question.id]));
  const closeMemories = keepCloseToBest(memories, MIN_SCORE_FRACTION);
  const closeMessages = keepCloseToBest(messages, MIN_SCORE_FRACTION).filter(
    (recalled) => !closeMemories.some(({ memory }) => isFoundIn(memory, recalled)),
  );
  const parts = [
    ...closeMemories.map(({ memory, matchedWords }) => {
      const quote = excerpt(memory.content, matchedWords, MAX_QUOTE);
      const holds = memory.supersededById === null && memory.endedReason === null;
      return citeMemory((holds ? phrases.youToldMe : phrases.youToldMeBefore)(phrases.quote(quote)), quote, memory.id);
    }),
    ...closeMessages.map((message) => citeMessage(turn, message)),
  ];
  return parts.length > 0 ? parts.slice(0, spoken ? MAX_QUOTED.spoken : MAX_QUOTED.written) : null;
}

/** Whether a memory is of a message, or the message holds its words: then one quotation is enough. */
function isFoundIn({ sourceMessageId, content }: Memory, { message }: RecalledMessage): boolean {
  return (
    sourceMessageId === message.id ||
    normalizedWords(message.content).join(' ').includes(normalizedWords(content).join(' '))
  );
}

function citeMessage({ request, phrases }: Turn, { message, matchedWords }: RecalledMessage): Part {
  const quote = phrases.quote(excerpt(message.content, matchedWords, MAX_QUOTE));
  const here = message.conversationId === request.conversation.id;
  return { text: here ? phrases.youWroteHere(quote) : phrases.youWrote(message.sentAt, quote) };
}
