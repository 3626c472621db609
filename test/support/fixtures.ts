import { once } from 'node:events';
import { type ClientRequest, request } from 'node:http';
import type { JobProgressSubscription, Platform } from '../generated/graphql.ts';
import type { Client } from './client.ts';
import type { TestDatabase } from './databases.ts';
import {
  AddMessages,
  BookMeeting,
  CreateConversation,
  CreateLead,
  EpisodeWithClips,
  ImportTranscript,
  JobProgress,
  ProcessEpisode,
  UpdateLead,
} from './operations.ts';
import { ADMIN_KEY } from './parley.ts';
import { sql } from './sql.ts';

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

/** Makes an episode with a transcript; returns the id of its first segment. */
export async function makeSegment(owner: Client): Promise<string> {
  const read = 'query ($id: ID!) { episode(id: $id) { transcript(first: 1) { edges { node { id } } } } }';
  const { episode } = await owner.ask(read, { id: await makeEpisode(owner, 3) });
  return episode.transcript.edges[0].node.id;
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
export async function processToEnd(
  owner: Client,
  episodeId: string,
  platforms?: Platform[],
): Promise<JobProgressSubscription['jobProgress']> {
  const { processEpisode } = await owner.ask(ProcessEpisode, { input: { episodeId, ...(platforms && { platforms }) } });
  const states: JobProgressSubscription['jobProgress'][] = [];
  for await (const { data } of owner.follow(JobProgress, { jobId: processEpisode?.job.id as string })) {
    if (data) states.push(data.jobProgress);
  }
  return states.at(-1) as JobProgressSubscription['jobProgress'];
}

/** Makes an episode and finds its clips; returns their ids, the best first. */
export async function makeClips(owner: Client, sentences = 30): Promise<string[]> {
  const id = await makeEpisode(owner, sentences);
  await processToEnd(owner, id);
  const { episode } = await owner.ask(EpisodeWithClips, { id });
  return episode?.clips.edges.map(({ node }) => node.id) ?? [];
}

let leads = 0;

/** A number in Israel that no other call of this returns. */
export const newPhone = () => `+9725${String(20_000_000 + leads++)}`;

/** Makes a lead; returns its id. */
export async function makeLead(owner: Client, phone = newPhone()): Promise<string> {
  const { createLead } = await owner.ask(CreateLead, { input: { name: 'Dana Levi', phone } });
  return createLead?.lead.id as string;
}

let meetings = 0;

/** A time in the future at which no meeting of another call of this is. */
export const newTime = () => new Date(Date.now() + (24 + meetings++) * 3_600_000).toISOString();

/** Books a meeting with a new lead; returns its id. */
export async function makeMeeting(owner: Client): Promise<string> {
  const input = { leadId: await makeLead(owner), startsAt: newTime() };
  const { bookMeeting } = await owner.ask(BookMeeting, { input });
  return bookMeeting?.meeting.id as string;
}

/** Books a meeting with a new lead, which began some hours ago; returns its id. */
export async function makePastMeeting(database: TestDatabase, owner: Client, hours = 1): Promise<string> {
  const id = await makeMeeting(owner);
  const startsAt = new Date(Date.now() - hours * 3_600_000);
  await sql(
    database,
    `UPDATE meetings SET starts_at = $2::timestamptz, ends_at = $2::timestamptz + interval '30 minutes' WHERE id = $1`,
    [Buffer.from(id, 'base64url').toString().slice('Meeting:'.length), startsAt],
  );
  return id;
}

/** Makes a lead of the viewer's that asked not to be called; returns what an ADMIN would lift that with. */
export async function makeRefusal(owner: Client): Promise<{ userId: string; phone: string; reason: string }> {
  const phone = newPhone();
  await owner.ask(UpdateLead, { input: { leadId: await makeLead(owner, phone), status: 'DO_NOT_CALL' } });
  const { viewer } = await owner.ask('{ viewer { id } }');
  return { userId: viewer.id, phone, reason: 'It was a mistake.' };
}

/** An upload of a transcript that the server is reading, and that is not sent to its end. */
export async function beginUpload({ url }: { url: string }): Promise<ClientRequest> {
  const headers = { authorization: `Bearer ${ADMIN_KEY}`, 'content-type': 'text/vtt', expect: '100-continue' };
  const upload = request(`${url}/episodes?title=late`, { method: 'POST', headers });
  upload.flushHeaders();
  await once(upload, 'continue');
  return upload;
}
