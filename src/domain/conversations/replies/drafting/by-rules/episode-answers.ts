import { episodeQuestionIn } from '#domain/conversations/replies/drafting/intents/episode-questions.ts';
import { passageFrom } from '#domain/conversations/replies/drafting/retrieval/passages.ts';
import type { Episode } from '#generated/prisma/client.ts';
import { citedPassage, durationIn, type Part, sentences, type Turn } from './answer-parts.ts';
import { episodeKeyWords, speakersOf } from './episode-facts.ts';
import { quotePassages } from './episode-quotes.ts';

const KEY_WORDS = 6;
const MAX_SPEAKERS = 8;
/** What would be told as 0 %. */
const MIN_SHARE = 0.005;

/** Answers a question about an episode, or about something in it. */
export async function answerFromEpisode(turn: Turn, episode: Episode): Promise<Part[]> {
  const { words, phrases } = turn;
  const opening = await passageFrom(turn.deps, { episodeId: episode.id, fromSeconds: 0 });
  if (!opening) return sentences(phrases.noTranscript);
  switch (episodeQuestionIn(words)) {
    case 'duration':
      return lasts(turn, episode);
    case 'speakers':
      return speakers(turn, episode);
    case 'about':
      return [
        ...lasts(turn, episode),
        ...(await speakers(turn, episode)),
        ...(await keyWords(turn, episode)),
        ...(turn.spoken ? [] : [...sentences(phrases.begins), citedPassage(turn, opening)]),
      ];
    default:
      return whatIsSaid(turn, episode);
  }
}

function lasts({ phrases }: Turn, { title, originalName, durationSeconds }: Episode): Part[] {
  return sentences(phrases.lasts(phrases.quote(title ?? originalName), durationIn(phrases, durationSeconds ?? 0)));
}

async function speakers(turn: Turn, { id }: Episode): Promise<Part[]> {
  const { phrases } = turn;
  const named = (await speakersOf(turn, id)).filter(({ name }) => name !== null) as { name: string; share: number }[];
  const [first, ...others] = named.slice(0, MAX_SPEAKERS);
  if (!first) return sentences(phrases.namelessSpeakers);
  if (others.length === 0) return sentences(phrases.speaker(first.name));
  return sentences(
    phrases.speakers(
      [first, ...others].map(({ name, share }) =>
        turn.spoken || share < MIN_SHARE ? name : phrases.share(name, share),
      ),
    ),
  );
}

async function keyWords(turn: Turn, { id }: Episode): Promise<Part[]> {
  const words = await episodeKeyWords(turn, id, KEY_WORDS);
  return words.length === 0 ? [] : sentences(turn.phrases.itSpeaksOf(words));
}

async function whatIsSaid(turn: Turn, episode: Episode): Promise<Part[]> {
  const quotes = await quotePassages(turn, episode);
  return quotes.length > 0 ? quotes : [...sentences(turn.phrases.nothingSaid), ...(await keyWords(turn, episode))];
}
