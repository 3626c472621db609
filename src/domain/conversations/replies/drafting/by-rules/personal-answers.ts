import {
  isAboutOneself,
  personalQuestionIn,
} from '#domain/conversations/replies/drafting/intents/personal-questions.ts';
import { tells } from '#domain/conversations/replies/drafting/intents/statements.ts';
import {
  type RecalledMessage,
  recallMemories,
  recallMessages,
} from '#domain/conversations/replies/drafting/retrieval/recall.ts';
import { searchTextOf } from '#domain/conversations/replies/drafting/retrieval/search-query.ts';
import { learnByRules } from '#domain/memories/extraction/extract-by-rules.ts';
import type { Learned } from '#domain/memories/extraction/extracted-memory.ts';
import { learnsFrom } from '#domain/memories/extraction/opt-out.ts';
import { excerpt, markedWords } from '#domain/text/excerpt.ts';
import { normalizedWords } from '#domain/text/word-patterns.ts';
import type { Memory, Message } from '#generated/prisma/client.ts';
import { citedMemory, closeToBest, howToGetModel, type Part, sentences, type Turn } from './answer-parts.ts';

const LISTED = { written: 8, spoken: 3 };
const QUOTED = { written: 4, spoken: 2 };
const MAX_QUOTE = 280;
/** More than what comes after a message that fits has of its score, which is half of it. */
const CLOSE = 0.6;
/** Words: what is shorter is mostly what somebody looks for. */
const MIN_SENTENCE = 4;
/** Characters of a message: what is longer was pasted. */
const MAX_READ = 2_000;

/** Answers what is asked of, or told about, the one who asks. */
export async function answerPersonally(turn: Turn): Promise<Part[]> {
  const { asked, words } = turn;
  const personal = personalQuestionIn(words);
  if (personal?.asks === 'everything') return allThatIsKnown(turn);
  if (personal)
    return (await recalled(turn, (personal.about.length > 0 ? personal.about : words).join(' '))) ?? nothing(turn);
  const { content } = asked.question;
  const isSentence = words.length >= MIN_SENTENCE || learnedFrom(asked.question).length > 0;
  if (isAboutOneself(content, words) && isSentence) return noted(turn);
  const found = await recalled(turn, await searchTextOf(turn.deps, words, asked.earlier));
  return found ?? (tells(content) && isSentence ? noted(turn) : nothing(turn));
}

const nothing = (turn: Turn): Part[] => [...sentences(turn.phrases.nothingRecalled), ...howToGetModel(turn)];

/** What becomes of what somebody tells: it says no more than what the rules of memory extraction will learn of it. */
function noted({ deps, asked, phrases }: Turn): Part[] {
  if (!learnsFrom(deps.replying, asked.conversation)) return sentences(phrases.thankYou, phrases.learningIsOff);
  const quotes = learnedFrom(asked.question).map(({ content }) => phrases.quote(content));
  return sentences(phrases.thankYou, quotes.length > 0 ? phrases.willRemember(quotes) : phrases.keptAsMessage);
}

function learnedFrom({ content, sentAt }: Message): Learned[] {
  return learnByRules(content.slice(0, MAX_READ), sentAt).slice(0, QUOTED.written);
}

async function allThatIsKnown(turn: Turn): Promise<Part[]> {
  const { deps, phrases, spoken } = turn;
  const listed = spoken ? LISTED.spoken : LISTED.written;
  const memories = await deps.database.prisma.memory.findMany({
    where: {
      ownerId: deps.actor.userId,
      supersededById: null,
      OR: [{ expiresAt: null }, { expiresAt: { gt: deps.now() } }],
    },
    orderBy: [{ importance: 'desc' }, { createdAt: 'desc' }, { id: 'desc' }],
    take: listed + 1,
  });
  if (memories.length === 0) return sentences(phrases.nothingKnownOfYou);
  return [
    ...sentences(phrases.knownOfYou),
    ...memories.slice(0, listed).map((memory) => {
      const quote = excerpt(memory.content, new Set(), MAX_QUOTE);
      return citedMemory(phrases.quote(quote), quote, memory.id);
    }),
    ...(memories.length > listed ? sentences(phrases.moreIsKnown) : []),
  ];
}

/** What memories hold, then what messages do beside them; null where nothing is found. */
async function recalled(turn: Turn, query: string): Promise<Part[] | null> {
  const { deps, asked, phrases, spoken } = turn;
  const [memories, messages] = await Promise.all([
    recallMemories(deps, query),
    recallMessages(deps, query, new Set([asked.question.id])),
  ]);
  const remembered = closeToBest(memories, CLOSE);
  const others = closeToBest(messages, CLOSE).filter(
    ({ message }) => !remembered.some(({ memory }) => comesFrom(memory, message)),
  );
  const parts = [
    ...remembered.map(({ memory, snippet }) => {
      const quote = excerpt(memory.content, markedWords(snippet), MAX_QUOTE);
      return citedMemory(phrases.youToldMe(phrases.quote(quote)), quote, memory.id);
    }),
    ...others.map((message) => wrote(turn, message)),
  ];
  return parts.length > 0 ? parts.slice(0, spoken ? QUOTED.spoken : QUOTED.written) : null;
}

/** Then the message says nothing that the memory does not. */
function comesFrom({ sourceMessageId, content }: Memory, message: Message): boolean {
  return (
    sourceMessageId === message.id ||
    normalizedWords(message.content).join(' ').includes(normalizedWords(content).join(' '))
  );
}

function wrote({ asked, phrases }: Turn, { message, snippet }: RecalledMessage): Part {
  const quote = phrases.quote(excerpt(message.content, markedWords(snippet), MAX_QUOTE));
  const here = message.conversationId === asked.conversation.id;
  return { text: here ? phrases.youWroteHere(quote) : phrases.youWrote(message.sentAt, quote) };
}
