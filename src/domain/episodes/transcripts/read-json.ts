import { cleanName, cleanText } from './clean-text.ts';
import { InvalidTranscript } from './invalid-transcript.ts';
import { joinSpokenWords } from './join-spoken-words.ts';
import { countLines } from './lines.ts';
import type { ParseProblem, ReadResult, SourceSegment, TimedWord } from './segments.ts';
import { alignWords } from './word-alignment.ts';

type Fields = Record<string, unknown>;

/**
 * Reads the two JSON transcripts in use, which differ only in names: Podcasting 2.0 (`segments[{ speaker, startTime,
 * endTime, body }]`, github.com/Podcastindex-org/podcast-namespace, transcripts.md) and Whisper's verbose JSON
 * (`segments[{ start, end, text, avg_logprob, words: [{ word, start, end, probability }] }]`, words also beside the
 * segments). A file with one word a segment, as the namespace's own example, is joined into sentences. Throws
 * InvalidTranscript where the document is no JSON, or has no list of segments or words.
 */
export function readJson(content: string): ReadResult {
  const document = parseJson(content);
  const items = readItems(document);
  const looseWords = isFields(document) ? readWords(document.words) : [];
  if (items.length === 0 && looseWords.length > 0)
    return { segments: joinSpokenWords(looseWords.map(toSegment)), problem: null };
  const segments: SourceSegment[] = [];
  let problem: ParseProblem | null = null;
  for (const [index, item] of items.entries()) {
    const segment = readSegment(item);
    if (segment) segments.push(segment);
    else problem ??= { line: null, reason: `segments[${index}] ${SHAPE}` };
  }
  if (isWordLevel(segments)) return { segments: joinSpokenWords(segments), problem };
  return { segments: assignWords(segments, looseWords), problem };
}

const SHAPE =
  'is no segment: it takes { "startTime": 1.5, "endTime": 3, "body": "…" } (Podcasting 2.0) or { "start": 1.5, "end": 3, "text": "…" } (Whisper), times as numbers of seconds.';

function parseJson(content: string): unknown {
  try {
    return JSON.parse(content);
  } catch (error) {
    const detail = error instanceof Error ? error.message : '';
    throw new InvalidTranscript(
      'This is not valid JSON; send it as the transcriber wrote it.',
      findErrorLine(detail, content),
    );
  }
}

/** The line that V8 names in most syntax errors; the last one where it only says that the text ends too early. */
function findErrorLine(syntaxError: string, content: string): number | null {
  const named = /line (\d+)/.exec(syntaxError)?.[1];
  if (named !== undefined) return Number(named);
  return syntaxError.includes('end of JSON') ? countLines(content) : null;
}

function readItems(document: unknown): unknown[] {
  if (Array.isArray(document)) return document;
  if (isFields(document) && Array.isArray(document.segments)) return document.segments;
  if (isFields(document) && Array.isArray(document.words)) return [];
  throw new InvalidTranscript(
    'A JSON transcript is an object with a list `segments` (Podcasting 2.0 or Whisper verbose JSON).',
  );
}

function readSegment(item: unknown): SourceSegment | null {
  if (!isFields(item)) return null;
  const startSeconds = readSeconds(item.startTime ?? item.start);
  const body = item.body ?? item.text;
  if (startSeconds === null || typeof body !== 'string') return null;
  const text = cleanText(body);
  return {
    startSeconds,
    endSeconds: readSeconds(item.endTime ?? item.end),
    text,
    speaker: typeof item.speaker === 'string' ? cleanName(item.speaker) : null,
    // Whisper's avg_logprob is the mean natural logarithm of the probabilities of its tokens (openai/whisper, decoding.py).
    confidence: typeof item.avg_logprob === 'number' ? readProbability(Math.exp(item.avg_logprob)) : null,
    words: alignWords(text, readWords(item.words)),
  };
}

function readWords(words: unknown): TimedWord[] {
  if (!Array.isArray(words)) return [];
  return words.filter(isFields).flatMap((fields) => {
    const startSeconds = readSeconds(fields.start);
    const endSeconds = readSeconds(fields.end);
    const text = typeof fields.word === 'string' ? cleanText(fields.word) : '';
    if (startSeconds === null || endSeconds === null || text === '') return [];
    return [{ text, startSeconds, endSeconds, confidence: readProbability(fields.probability ?? fields.score) }];
  });
}

/**
 * Assigns words that OpenAI's API lists beside the segments, without punctuation, each to the segment around its
 * middle.
 */
function assignWords(segments: SourceSegment[], words: TimedWord[]): SourceSegment[] {
  let next = 0;
  return segments.map((segment) => {
    if (segment.words || next >= words.length) return segment;
    const own: TimedWord[] = [];
    for (let word = words[next]; word && middleOf(word) < (segment.endSeconds ?? 0); word = words[next]) {
      own.push(word);
      next += 1;
    }
    return { ...segment, words: alignWords(segment.text, own) };
  });
}

function middleOf(word: TimedWord): number {
  return (word.startSeconds + word.endSeconds) / 2;
}

/** Whether most segments hold one word only. */
function isWordLevel(segments: SourceSegment[]): boolean {
  const single = segments.filter((segment) => !segment.text.includes(' ')).length;
  return segments.length > 1 && single > segments.length / 2;
}

function toSegment(word: TimedWord): SourceSegment {
  return { ...word, speaker: null, words: null };
}

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function readSeconds(value: unknown): number | null {
  return typeof value === 'number' && Number.isFinite(value) ? value : null;
}

function readProbability(value: unknown): number | null {
  return typeof value === 'number' && Number.isFinite(value) ? Math.min(1, Math.max(0, value)) : null;
}
