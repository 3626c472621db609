import type { Client } from './client.ts';
import { bearer, httpRequest } from './http.ts';

const JobProgress = `subscription ($id: ID!) { jobProgress(jobId: $id) { status progress stage result error { code message } } }`;

/** Sends a file of conversations, as text or as what becomes JSON. */
export function sendExport(
  url: string,
  { key }: Pick<Client, 'key'>,
  file: unknown,
  headers: Record<string, string> = {},
) {
  const body = typeof file === 'string' || file instanceof Uint8Array ? file : JSON.stringify(file);
  return httpRequest(`${url}/conversations`, {
    method: 'POST',
    headers: { ...bearer(key), 'content-type': 'application/json', ...headers },
    body,
  });
}

/** Resolves with a job as it is when it has ended. */
export async function followToEnd(client: Client, id: string) {
  let last: any;
  for await (const { data, errors } of client.follow<any>(JobProgress, { id })) {
    if (errors) throw new Error(JSON.stringify(errors));
    last = data?.jobProgress;
  }
  return last;
}

/** Imports a file, and resolves with its job. */
export async function importExport(url: string, client: Client, file: unknown) {
  const { status, json } = await sendExport(url, client, file);
  if (status !== 202) throw new Error(JSON.stringify(json));
  return followToEnd(client, json.job.id);
}

const Conversations = `{ conversations(first: 8, orderBy: CREATED_ASC) { edges { node { title sourceId metadata pinned
  messages(first: 20) { edges { node { role content model sentAt toolCalls toolCallId toolResult } } } } } } }`;

/** Imports a file for a new user: how the job ended, and what is there then. */
export async function importNew(app: { user(): Promise<Client>; parley: { url: string } }, file: unknown) {
  const ann = await app.user();
  const job = await importExport(app.parley.url, ann, file);
  const { conversations } = await ann.ask<any>(Conversations);
  return {
    job,
    report: job.result,
    conversations: conversations.edges.map(({ node }: any) => ({
      ...node,
      messages: node.messages.edges.map((edge: any) => edge.node),
    })),
  };
}

/** Who said what in a conversation. */
export const said = ({ messages }: any) => messages.map(({ role, content }: any) => [role, content]);

/** How often what was passed over. */
export const counted = (report: any) =>
  Object.fromEntries(report.passedOver.map(({ what, count }: any) => [what, count]));

/** A ChatGPT node. */
export const chatGptNode = (id: string, parent: string | null, message: object | null = null) => ({
  [id]: {
    id,
    parent,
    children: [],
    message: message && { id, author: { role: 'user' }, recipient: 'all', ...message },
  },
});

export const chatGptText = (text: string) => ({ content: { content_type: 'text', parts: [text] } });

/** A ChatGPT conversation of one line: as many messages, of users and the assistant in turns. */
export function chatGptConversation(id: string, messages: number, text = 'the harbour') {
  const mapping: Record<string, unknown> = { ...chatGptNode('root', null) };
  for (let index = 0; index < messages; index += 1) {
    const author = { role: index % 2 === 0 ? 'user' : 'assistant' };
    const message = { author, create_time: 1_700_000_000 + index, ...chatGptText(`${text} ${index}`) };
    Object.assign(mapping, chatGptNode(`${id}-${index}`, index === 0 ? 'root' : `${id}-${index - 1}`, message));
  }
  return {
    title: `About ${id}`,
    conversation_id: id,
    mapping,
    current_node: messages ? `${id}-${messages - 1}` : 'root',
  };
}

/** Files of one JSON value a line. */
export const lines = (...items: object[]) => items.map((item) => JSON.stringify(item)).join('\n');

/** What is said in a short conversation, and that conversation as `said` has it. */
export const asked = 'How warm is the lake?';
export const answered = 'עשרים ושתיים מעלות.';
export const talk = [
  ['USER', asked],
  ['ASSISTANT', answered],
];
