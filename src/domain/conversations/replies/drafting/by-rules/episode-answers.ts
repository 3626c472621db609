import { detectEpisodeQuestion } from '#domain/conversations/replies/drafting/intents/episode-questions.ts';
import { findPassageFrom } from '#domain/conversations/replies/drafting/retrieval/passages.ts';
import { findEpisodeKeyWords } from '#domain/episodes/transcripts/threads.ts';
import type { Episode } from '#generated/prisma/client.ts';
import { citePassage, formatDuration, type Part, type Turn, toParts } from './answer-parts.ts';
import { computeSpeakerShares } from './episode-facts.ts';
import { quotePassages } from './episode-quotes.ts';

/** How many words an answer names that stand out in an episode. */
const MAX_KEY_WORDS = 6;
/** How many speakers an answer names. */
const MAX_SPEAKERS = 8;
/** Half of one percent: a smaller share of the speech would be shown as 0 %. */
const MIN_SHARE = 0.005;

/** Answers a question about an episode as a whole, or about something that is said in it. */
export async function answerFromEpisode(turn: Turn, episode: Episode): Promise<Part[]> {
  const { words, phrases } = turn;
  const opening = await findPassageFrom(turn.deps, { episodeId: episode.id, fromSeconds: 0 });
  if (!opening) return toParts(phrases.noTranscript);
  switch (detectEpisodeQuestion(words)) {
    case 'duration':
      return answerDuration(turn, episode);
    case 'speakers':
      return answerSpeakers(turn, episode);
    case 'about':
      return [
        ...answerDuration(turn, episode),
        ...(await answerSpeakers(turn, episode)),
        ...(await answerKeyWords(turn, episode)),
        ...(turn.spoken ? [] : [...toParts(phrases.begins), citePassage(turn, opening)]),
      ];
    default:
      return answerFromPassages(turn, episode);
  }
}

function answerDuration({ phrases }: Turn, { title, originalName, durationSeconds }: Episode): Part[] {
  return toParts(phrases.lasts(phrases.quote(title ?? originalName), formatDuration(phrases, durationSeconds ?? 0)));
}

async function answerSpeakers(turn: Turn, { id }: Episode): Promise<Part[]> {
  const { phrases } = turn;
  const speakers = (await computeSpeakerShares(turn, id)).slice(0, MAX_SPEAKERS);
  const [first, ...others] = speakers;
  if (!first) return toParts(phrases.namelessSpeakers);
  if (others.length === 0) return toParts(phrases.speaker(first.name));
  const names = speakers.map(({ name, share }) =>
    turn.spoken || share < MIN_SHARE ? name : phrases.share(name, share),
  );
  return toParts(phrases.speakers(names));
}

async function answerKeyWords(turn: Turn, { id }: Episode): Promise<Part[]> {
  const { deps, request } = turn;
  const words = await findEpisodeKeyWords(deps, id, { count: MAX_KEY_WORDS, signal: request.signal });
  return words.length === 0 ? [] : toParts(turn.phrases.itSpeaksOf(words));
}

async function answerFromPassages(turn: Turn, episode: Episode): Promise<Part[]> {
  const quotes = await quotePassages(turn, episode);
  return quotes.length > 0 ? quotes : [...toParts(turn.phrases.nothingSaid), ...(await answerKeyWords(turn, episode))];
}
