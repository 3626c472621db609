import { isSound, isSoundWord } from './sounds.ts';

/** A bracketed description, or what stands between two musical notes or after the last one, which is sung. */
const NON_SPEECH =
  /\[[^[\]]*\]|【[^【】]*】|[(（]([^()（）]*)[)）]|\*([^*]*)\*|(?<!\S)#(?=\s)[^#]*(?<=\s)#(?!\S)|[♩♪♫♬🎵🎶]+[^♩♪♫♬🎵🎶]*(?:[♩♪♫♬🎵🎶]+|$)/gu;

/** A character of anything that is not speech; most texts have none, and are not searched further. */
const ANY_SIGN = /[[(【（*#♩♪♫♬🎵🎶]/u;

/** A text that only closes the song of a caption before it. */
const ENDS_SONG = /^[^♩♪♫♬🎵🎶]+[♩♪♫♬🎵🎶]+$/u;

/** What is left of a text where the rest is no speech: marks that say nothing alone. */
const NOTHING_SPOKEN = /^[^\p{L}\p{N}]*$/u;

/**
 * Yields what of a text is not spoken, as offsets: `[Music]` and all else in square brackets, which transcribers keep for
 * what they add, sounds in round ones and between asterisks, which emphasize words as well, and songs between notes or hashes. Takes
 * linear time.
 */
function* findNonSpeech(text: string): Generator<[from: number, to: number]> {
  if (!ANY_SIGN.test(text)) return;
  if (ENDS_SONG.test(text)) {
    yield [0, text.length];
    return;
  }
  for (const match of text.matchAll(NON_SPEECH)) {
    if (isNoSpeech(match, text)) yield [match.index, match.index + match[0].length];
  }
}

function isNoSpeech([whole, inRound, inAsterisks]: RegExpExecArray, text: string): boolean {
  const isAlone = text === whole;
  if (inAsterisks !== undefined && !isAlone) return inAsterisks.split(' ').every(isSoundWord);
  const described = inRound ?? inAsterisks;
  return described === undefined || isSound(described, isAlone);
}

/** Whether nothing in a text is spoken. */
export function isNonSpeech(text: string): boolean {
  let spoken = '';
  let end = 0;
  for (const [from, to] of findNonSpeech(text)) {
    spoken += text.slice(end, from);
    end = to;
  }
  return end > 0 && NOTHING_SPOKEN.test(spoken + text.slice(end));
}

/** Yields the words of a text that are spoken; a word that is partly so is cut. They are the words of `text` in order. */
export function* dropNonSpeech<Word extends { text: string }>(text: string, words: Iterable<Word>): Generator<Word> {
  const ranges = findNonSpeech(text);
  let range = ranges.next();
  let offset = 0;
  for (const word of words) {
    const end = offset + word.text.length;
    let [spoken, from] = ['', offset];
    while (!range.done && range.value[0] < end) {
      spoken += text.slice(from, Math.max(from, range.value[0]));
      from = Math.min(end, Math.max(from, range.value[1]));
      if (range.value[1] > end) break;
      range = ranges.next();
    }
    if (from === offset && spoken === '') yield word;
    else if (!NOTHING_SPOKEN.test(spoken + text.slice(from, end)))
      yield { ...word, text: spoken + text.slice(from, end) };
    offset = end + 1;
  }
}
