/** A request that is as large as the server takes, or nearly so. */
export type LargeRequest = { name: string; path: string; type: string; body: () => string };

const MEGABYTE = 1e6;
const SENTENCE = 'This is a sentence, is it not? ';

const upload = (format: string) => ({
  path: `/episodes?title=large&format=${format}`,
  type: 'application/octet-stream',
});

const CONVERSATIONS = { path: '/conversations', type: 'application/json' };

/** Files of 19 MB in every format, those that are made to be slow, and a conversation of as many turns as there may be. */
export const LARGE_REQUESTS: readonly LargeRequest[] = [
  { name: 'SRT, 5,000 cues', ...upload('SRT'), body: () => cues(5_000, (i) => `${i}\n`, SENTENCE.repeat(122)) },
  {
    name: 'VTT, 49,000 cues',
    ...upload('VTT'),
    body: () => `WEBVTT\n\n${cues(49_000, () => '', SENTENCE.repeat(11))}`,
  },
  { name: 'JSON with words', ...upload('JSON'), body: () => JSON.stringify({ segments: timedSegments(7_500) }) },
  { name: 'plain text, 30,000 turns', ...upload('TEXT'), body: () => turns(30_000, SENTENCE.repeat(20)) },
  { name: 'one line', ...upload('TEXT'), body: () => `Ann: 0:01\n${fill('word ', 19 * MEGABYTE)}` },
  { name: 'one word', ...upload('TEXT'), body: () => `Ann: 0:01\n${fill('x', 19 * MEGABYTE)}` },
  {
    name: 'one cue of n lines',
    ...upload('SRT'),
    body: () => `00:00:01,000 --> 00:00:09,000\n${fill('a\n', 19 * MEGABYTE)}`,
  },
  { name: 'words that are all different', ...upload('TEXT'), body: () => turns(2_700, differentWords(1_000)) },
  { name: 'as many cues as fit', ...upload('SRT'), body: () => fill('0:00-->0:09\na\n', 19 * MEGABYTE) },
  {
    name: 'importConversation, 10,000 turns',
    path: '/graphql',
    type: 'application/json',
    body: () => importConversation(10_000),
  },
  { name: 'conversations, 48 MB', ...CONVERSATIONS, body: () => chats(240, 95, SENTENCE.repeat(62)) },
  { name: 'conversations, 10,000', ...CONVERSATIONS, body: () => chats(10_000, 6, SENTENCE) },
  { name: 'a conversation, 100,000 messages', ...CONVERSATIONS, body: () => chats(1, 100_000, SENTENCE) },
];

function cues(count: number, number: (index: number) => string, text: string): string {
  const cue = (_: unknown, index: number) => `${number(index)}${clock(index)} --> ${clock(index + 1)}\n${text}\n`;
  return Array.from({ length: count }, cue).join('\n');
}

function turns(count: number, text: string): string {
  return Array.from({ length: count }, (_, index) => `Ann: ${clock(index * 3).slice(0, 8)}\n\n${text}\n`).join('\n');
}

function timedSegments(count: number): object[] {
  const text = 'this is a word '.repeat(9).trim();
  return Array.from({ length: count }, (_, index) => {
    const start = index * 10;
    const word = (text: string, place: number) => ({
      word: text,
      start: start + place / 4,
      end: start + place / 4 + 0.2,
      probability: 0.5,
    });
    return { start, end: start + 10, text, words: text.split(' ').map(word) };
  });
}

/** Six letters each, in an order that is the same every time. */
function differentWords(count: number): string {
  const letters = (n: number) =>
    Array.from({ length: 6 }, (_, place) => String.fromCharCode(97 + (Math.floor(n / 26 ** place) % 26)));
  return Array.from({ length: count }, (_, index) => letters(index * 7_919 + 1_000).join('')).join(' ');
}

function importConversation(count: number): string {
  const query =
    'mutation ($input: ImportConversationInput!) { importConversation(input: $input) { conversation { messageCount } } }';
  const history = Array.from({ length: count }, () => ({ user: 'hi' }));
  return JSON.stringify({ query, variables: { input: { history } } });
}

/** As ChatGPT exports them. */
function chats(count: number, messages: number, text: string): string {
  const chat = (_: unknown, index: number) => ({
    conversation_id: `${count} ${index}`,
    title: `Chat ${index}`,
    current_node: `n${messages - 1}`,
    mapping: Object.fromEntries(Array.from({ length: messages }, (_, place) => [`n${place}`, chatNode(place, text)])),
  });
  return JSON.stringify(Array.from({ length: count }, chat));
}

function chatNode(place: number, text: string): object {
  const author = { role: place % 2 === 0 ? 'user' : 'assistant' };
  const content = { content_type: 'text', parts: [text] };
  return { parent: place === 0 ? null : `n${place - 1}`, message: { author, create_time: 1.7e9 + place, content } };
}

const fill = (unit: string, length: number) => unit.repeat(length / unit.length);
const clock = (seconds: number) => new Date(seconds * 1000).toISOString().slice(11, 23);
