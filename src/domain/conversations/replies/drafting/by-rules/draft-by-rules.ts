import type { Asked, Draft, DraftEnd } from '#domain/conversations/replies/drafting/draft.ts';
import { personalQuestionIn } from '#domain/conversations/replies/drafting/intents/personal-questions.ts';
import { smallTalkIn } from '#domain/conversations/replies/drafting/intents/small-talk.ts';
import type { Deps } from '#domain/core/deps.ts';
import { markRecalled } from '#domain/memories/memories.ts';
import { languageOf } from '#domain/text/language.ts';
import type { TextStream } from '#domain/text/text-stream.ts';
import { normalizedWords } from '#domain/text/word-patterns.ts';
import { type Part, sentences, type Turn } from './answer-parts.ts';
import { english } from './english-phrases.ts';
import { answerFromEpisode } from './episode-answers.ts';
import { hebrew } from './hebrew-phrases.ts';
import { answerPersonally } from './personal-answers.ts';
import { answerSmallTalk } from './small-talk-answers.ts';

const MAX_CHARACTERS = { written: 1_500, spoken: 600 };

/** A reply by rules: the same to the same question as long as the data is the same, and the clock is not asked for. */
export async function ruleDraft(deps: Deps, asked: Asked): Promise<Draft> {
  const spoken = asked.conversation.channel !== 'TEXT';
  const phrases = languageOf(asked.question.content) === 'he' ? hebrew : english;
  const parts = fitting(
    await answer({ deps, asked, words: normalizedWords(asked.question.content), phrases, spoken }),
    spoken,
  );
  await markRecalled(
    deps,
    parts.flatMap(({ citation }) => citation?.memoryId ?? []),
  );
  return { repeatable: true, text: streamParts(parts, spoken, asked.signal) };
}

async function answer(turn: Turn): Promise<Part[]> {
  if (turn.words.length === 0) return sentences(turn.phrases.unreadable);
  const talk = smallTalkIn(turn.words);
  if (talk.topic) return answerSmallTalk(talk.topic, turn);
  const rest = { ...turn, words: talk.rest };
  const { deps, asked } = turn;
  const { episodeId } = asked.conversation;
  const episode =
    episodeId &&
    (await deps.database.prisma.episode.findFirst({ where: { id: episodeId, ownerId: deps.actor.userId } }));
  return episode && !personalQuestionIn(rest.words) ? answerFromEpisode(rest, episode) : answerPersonally(rest);
}

/** The parts up to the longest reply there is. */
function fitting(parts: readonly Part[], spoken: boolean): Part[] {
  let left = spoken ? MAX_CHARACTERS.spoken : MAX_CHARACTERS.written;
  return parts.filter(({ text }) => {
    left -= text.length + 1;
    return left >= 0;
  });
}

/** Part by part, so that a reader sees it grow. Quotations have lines of their own where there are lines. */
async function* streamParts(parts: readonly Part[], spoken: boolean, signal: AbortSignal): TextStream<DraftEnd> {
  for (const [index, part] of parts.entries()) {
    signal.throwIfAborted();
    const before = parts[index - 1];
    const space = !before ? '' : !spoken && (part.citation || before.citation) ? '\n' : ' ';
    yield `${space}${part.text}`;
  }
  const citations = parts.flatMap(({ citation }) => citation ?? []);
  return { citations, model: null, tokensInput: null, tokensOutput: null };
}
