import { jsonText } from '#adapters/exact-json.ts';
import { type Fields, isFields, textOf } from './conversation.ts';
import type { Omit } from './omissions.ts';
import { type Piece, toText } from './pieces.ts';
import { toolReaderOf } from './tool-parts.ts';

/**
 * Reads the content of a message, whoever wrote it: a text, or parts in the forms of OpenAI (chat messages and responses),
 * Anthropic, Bedrock, Gemini, ChatGPT and LibreChat.
 */
export function readContent(content: unknown, omit: Omit): Piece[] {
  if (Array.isArray(content)) return content.flatMap((part) => readPart(part, omit));
  if (content === null || content === undefined) return [];
  return readPart(content, omit);
}

export function joinTexts(pieces: readonly Piece[]): string {
  return pieces.flatMap((piece) => ('text' in piece ? [piece.text] : [])).join('\n');
}

function readPart(part: unknown, omit: Omit): Piece[] {
  if (typeof part === 'string') return toText(part);
  if (!isFields(part)) {
    omit('UNKNOWN_CONTENT');
    return [];
  }
  if (isFields(part.part)) return readPart({ ...part.part, type: part.part.pt }, omit); // big-AGI
  const type = typeOf(part);
  if (part.thought === true || part.phase === 'think' || kindOf(type) === 'REASONING') {
    omit('REASONING', kindOf(type) === 'REASONING' ? type : null);
    return [];
  }
  const transcript = kindOf(type) === 'AUDIO' ? toText(part.transcript) : [];
  if (transcript.length > 0) {
    omit('AUDIO', fileNameOf(part) ?? type);
    return transcript;
  }
  const readTool = toolReaderOf(type);
  if (readTool) return readTool(inCamelCase(part, type));
  const read = READERS.get(type);
  if (read) return read(part);
  const text = toText(textIn(part));
  if (text.length === 0) omit(kindOf(type), fileNameOf(part) ?? type);
  return text;
}

/** Gemini's and Bedrock's parts have no type, and what they are under its name. */
const KEYED_PARTS = [
  'functionCall',
  'functionResponse',
  'executableCode',
  'codeExecutionResult',
  'inlineData',
  'fileData',
  'toolUse',
  'toolResult',
  'reasoningContent',
  'image',
  'document',
  'video',
  'audio',
];

/** The same as Python writes them. */
const SNAKE_CASE = new Map(
  KEYED_PARTS.map((name) => [name, name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)]),
);

const keyOf = (part: Fields): string | undefined =>
  KEYED_PARTS.find((name) => isFields(part[name]) || isFields(part[SNAKE_CASE.get(name) as string]));

function inCamelCase(part: Fields, type: string): Fields {
  const snake = SNAKE_CASE.get(type);
  return snake === undefined || isFields(part[type]) ? part : { ...part, [type]: part[snake] };
}

function typeOf(part: Fields): string {
  const type = part.type ?? part.content_type ?? keyOf(part);
  const data = part.inlineData ?? part.inline_data;
  if (type === 'inlineData' && isFields(data)) return textOf(data.mimeType ?? data.mime_type) ?? 'file';
  if (type !== undefined && type !== null) return textOf(type) ?? 'unknown';
  // A text may be empty; what has none is something else, whose first name tells what.
  return textIn(part) !== undefined ? 'text' : (Object.keys(part)[0] ?? 'text');
}

type ReadPart = (part: Fields) => Piece[];

const readTextPart: ReadPart = (part) => toText(textIn(part));

const READERS = new Map<string, ReadPart>(
  Object.entries<ReadPart>({
    text: readTextPart,
    input_text: readTextPart,
    output_text: readTextPart,
    audio_transcription: readTextPart,
    refusal: ({ refusal }) => toText(refusal),
    json: ({ json }) => toText(jsonText(json)),
    'step-start': () => [],
    'step-finish': () => [],
    cachePoint: () => [],
  }),
);

/** LibreChat and OpenAI's assistants have a text's value one level deeper. */
function textIn({ text, content }: Fields): unknown {
  return isFields(text) ? text.value : (text ?? content);
}

function kindOf(type: string) {
  if (/think|thought|reasoning/.test(type)) return 'REASONING';
  if (/image/.test(type)) return 'IMAGE';
  if (/audio|voice/.test(type)) return 'AUDIO';
  return /file|document|attachment|video|pdf/.test(type) ? 'ATTACHMENT' : 'UNKNOWN_CONTENT';
}

/** Returns what the file of a part, or of a message, is called. */
export function fileNameOf(file: Fields): string | null {
  const inside = isFields(file.file) ? file.file : {};
  return (
    textOf(file.file_name) ??
    textOf(file.filename) ??
    textOf(file.name) ??
    textOf(file.fileName) ??
    textOf(inside.filename) ??
    textOf(inside.name)
  );
}
