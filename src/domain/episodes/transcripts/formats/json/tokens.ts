import { type Fields, isFields, listOf } from './fields.ts';

/** A word, or a mark of punctuation, as Amazon Transcribe and Speechmatics have them. */
export const isToken = (item: unknown): boolean =>
  isFields(item) && Array.isArray(item.alternatives) && (item.type === 'word' || item.type === 'pronunciation');

/** Returns words with the punctuation behind them; `labels` say who speaks at a time, where words do not. */
export function readTokens(items: unknown[], labels: ReadonlyMap<unknown, unknown>): Fields[] {
  const words: Fields[] = [];
  for (const item of listOf(items)) {
    const [best] = listOf(item.alternatives);
    const text = typeof best?.content === 'string' ? best.content : '';
    const last = words.at(-1);
    if (item.type === 'punctuation' && last) last.text = `${last.text}${text}`;
    else if (text !== '' && item.type !== 'punctuation') {
      const speaker = item.speaker_label ?? best?.speaker ?? labels.get(item.start_time) ?? item.channel ?? null;
      const confidence = Number(best?.confidence);
      words.push({ text, start: item.start_time, end: item.end_time, speaker, confidence });
    }
  }
  return words;
}

/** Amazon Transcribe names speakers and channels beside the words, by the times of these. */
export function readLabels(results: Fields): Map<unknown, unknown> {
  const labels = new Map<unknown, unknown>();
  const { speaker_labels: speakers, channel_labels: channels } = results;
  const parts = [
    ...listOf(isFields(speakers) && speakers.segments),
    ...listOf(isFields(channels) && channels.channels),
  ];
  for (const { items, speaker_label, channel_label } of parts) {
    for (const item of listOf(items)) labels.set(item.start_time, item.speaker_label ?? speaker_label ?? channel_label);
  }
  return labels;
}

/** Rev's elements have texts and marks; a mark belongs to the text before it. */
export function readMonologue({ speaker, elements }: Fields): Fields[] {
  const words: Fields[] = [];
  for (const { type, value, ts, end_ts: end, confidence } of listOf(elements)) {
    const last = words.at(-1);
    if (typeof value !== 'string') continue;
    if (type === 'punct') {
      if (last) last.text = `${last.text}${value.trim()}`;
    } else words.push({ text: value, start: ts, end, confidence, speaker });
  }
  return words;
}
