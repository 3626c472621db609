import type { JobProgressSubscription } from '../generated/graphql.ts';
import type { Client } from './client.ts';
import { AddMessages, CreateConversation, ImportTranscript, JobProgress, ProcessEpisode } from './operations.ts';

/** What tests begin with, made through the API. */

/** Makes a conversation with `messages` messages, `message 1`, `message 2` …; returns its id. */
export async function makeConversation(owner: Client, messages = 0): Promise<string> {
  const { createConversation } = await owner.ask(CreateConversation, { input: {} });
  const id = createConversation?.conversation.id as string;
  for (let first = 1; first <= messages; first += 100) {
    const size = Math.min(100, messages - first + 1);
    const contents = Array.from({ length: size }, (_, index) => `message ${first + index}`);
    const input = { conversationId: id, messages: contents.map((content) => ({ role: 'USER' as const, content })) };
    await owner.ask(AddMessages, { input });
  }
  return id;
}

const SENTENCES = [
  'Why did nobody tell us that the bridge would close on a Monday?',
  'We found seven letters in the attic, and one of them was addressed to me.',
  'That was the moment when the whole village stopped arguing and began to laugh.',
  'I thought it was a terrible idea, but it turned out to be wonderful.',
  'So the baker opened her window and gave everybody bread for nothing.',
];

/** Returns a WebVTT file of whole sentences, four seconds each, by two speakers in turn. */
export function makeVtt(sentences: number): string {
  const hours = (seconds: number) => String(Math.floor(seconds / 3600)).padStart(2, '0');
  const time = (seconds: number) => `${hours(seconds)}:${new Date(seconds * 1000).toISOString().slice(14, 23)}`;
  const cues = Array.from({ length: sentences }, (_, index) => {
    const speaker = Math.floor(index / 5) % 2 === 0 ? 'Ruth' : 'Omar';
    return `${time(index * 4)} --> ${time(index * 4 + 4)}\n<v ${speaker}>${SENTENCES[index % SENTENCES.length]}`;
  });
  return `WEBVTT\n\n${cues.join('\n\n')}\n`;
}

/** Makes an episode with a transcript; returns its id. */
export async function makeEpisode(owner: Client, sentences = 30): Promise<string> {
  const { importTranscript } = await owner.ask(ImportTranscript, {
    input: { title: 'The bridge', format: 'VTT', content: makeVtt(sentences) },
  });
  return importTranscript?.episode.id as string;
}

/** Uploads an episode over HTTP, where a transcript may be longer than in a mutation; returns its id. */
export async function uploadEpisode(url: string, { key }: Client, sentences: number): Promise<string> {
  const response = await fetch(`${url}/episodes?title=long`, {
    method: 'POST',
    headers: { authorization: `Bearer ${key}`, 'content-type': 'text/vtt' },
    body: makeVtt(sentences),
  });
  return ((await response.json()) as { episode: { id: string } }).episode.id;
}

/** Processes an episode to the end; returns the job's last state. */
export async function processToEnd(owner: Client, episodeId: string): Promise<JobProgressSubscription['jobProgress']> {
  const { processEpisode } = await owner.ask(ProcessEpisode, { input: { episodeId } });
  const states: JobProgressSubscription['jobProgress'][] = [];
  for await (const { data } of owner.follow(JobProgress, { jobId: processEpisode?.job.id as string })) {
    if (data) states.push(data.jobProgress);
  }
  return states.at(-1) as JobProgressSubscription['jobProgress'];
}
