import { type Fields, isFields, listOf, readSpeaker } from './fields.ts';
import { type JsonSource, SECONDS } from './source.ts';
import { readSeconds } from './times.ts';

/** Azure's phrases, of a batch or at once: times in ticks of 100 ns, milliseconds, or as ISO 8601 writes durations. */
export function readAzure({ recognizedPhrases, phrases }: Fields): JsonSource | null {
  const list = [recognizedPhrases, phrases].find((each) => Array.isArray(each) && each.some(isPhrase));
  if (!list) return null;
  const items = listOf(list).map((phrase) => {
    const [best = {}] = listOf(phrase.nBest);
    const { text, confidence } = {
      text: phrase.text ?? best.display ?? best.lexical,
      confidence: phrase.confidence ?? best.confidence,
    };
    const words = [phrase.words, best.displayWords, best.words].find(Array.isArray);
    const heard = listOf(words).map((word) => ({
      word: word.text ?? word.displayText ?? word.word,
      ...readAzureTimes(word),
    }));
    return { ...readAzureTimes(phrase), text, confidence, speaker: readSpeaker(phrase.speaker), words: heard };
  });
  return { ...SECONDS, path: recognizedPhrases === list ? 'recognizedPhrases' : 'phrases', items };
}

const isPhrase = (phrase: unknown): boolean =>
  isFields(phrase) && [phrase.offset, phrase.offsetInTicks, phrase.offsetMilliseconds].some((value) => value != null);

function readAzureTimes(fields: Fields): Fields {
  const read = (name: string, milliseconds: unknown) => {
    if (typeof milliseconds === 'number') return milliseconds / 1000;
    const ticks = fields[`${name}InTicks`];
    return typeof ticks === 'number' ? ticks / 1e7 : readSeconds(fields[name]);
  };
  return { start: read('offset', fields.offsetMilliseconds), duration: read('duration', fields.durationMilliseconds) };
}
