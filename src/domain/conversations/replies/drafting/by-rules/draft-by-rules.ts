import type { Draft, DraftEnd, DraftRequest } from '#domain/conversations/replies/drafting/draft.ts';
import { detectPersonalQuestion } from '#domain/conversations/replies/drafting/intents/personal-questions.ts';
import { detectSmallTalk } from '#domain/conversations/replies/drafting/intents/small-talk.ts';
import type { Deps } from '#domain/core/deps.ts';
import { type Forgetting, foreseeForgetting } from '#domain/memories/extraction/foresee-forgetting.ts';
import { markRecalled } from '#domain/memories/memories.ts';
import { languageOf } from '#domain/text/language.ts';
import type { TextStream } from '#domain/text/text-stream.ts';
import { normalizedWords } from '#domain/text/tokenizers.ts';
import { type Part, type Turn, toParts } from './answer-parts.ts';
import { english, type Phrases } from './english-phrases.ts';
import { answerFromEpisode } from './episode-answers.ts';
import { hebrew } from './hebrew-phrases.ts';
import { answerPersonally } from './personal-answers.ts';
import { answerSmallTalk } from './small-talk-answers.ts';

/** Characters of a reply. */
const MAX_REPLY = { written: 1_500, spoken: 600 };

/** Drafts a reply by rules: the same to the same question as long as the data is the same, and the time is not asked for. */
export async function draftByRules(deps: Deps, request: DraftRequest): Promise<Draft> {
  const spoken = request.conversation.channel !== 'TEXT';
  const phrases = languageOf(request.question.content) === 'he' ? hebrew : english;
  const parts = limitLength(
    await answer({ deps, request, words: normalizedWords(request.question.content), phrases, spoken }),
    spoken,
  );
  await markRecalled(
    deps,
    parts.flatMap(({ citation }) => citation?.memoryId ?? []),
  );
  return { repeatable: true, text: streamParts(parts, spoken, request.signal) };
}

async function answer(turn: Turn): Promise<Part[]> {
  if (turn.words.length === 0) return toParts(turn.phrases.unreadable);
  const talk = detectSmallTalk(turn.words);
  if (talk.topic) return answerSmallTalk(talk.topic, turn);
  const rest = { ...turn, words: talk.rest };
  const { deps, request } = turn;
  const forgetting = await foreseeForgetting(deps, request.question);
  if (forgetting) return toParts(tellForgetting(forgetting, turn.phrases));
  const { episodeId } = request.conversation;
  const episode =
    episodeId &&
    (await deps.database.prisma.episode.findFirst({ where: { id: episodeId, ownerId: deps.actor.userId } }));
  return episode && !detectPersonalQuestion(rest.words) ? answerFromEpisode(rest, episode) : answerPersonally(rest);
}

const MAX_CHOICES = 5;

const tellForgetting = (forgetting: Forgetting, { forgetting: phrases, whichToForget }: Phrases): string =>
  typeof forgetting === 'string' ? phrases[forgetting] : whichToForget(forgetting.choices.slice(0, MAX_CHOICES));

/** Leaves out the parts that would make the reply too long. */
function limitLength(parts: readonly Part[], spoken: boolean): Part[] {
  let left = spoken ? MAX_REPLY.spoken : MAX_REPLY.written;
  return parts.filter(({ text }) => {
    left -= text.length + 1;
    return left >= 0;
  });
}

/** Streams a reply part by part, so that a reader sees it grow. In a text, quotations have lines of their own. */
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
