import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from 'node:http';
import { json } from 'node:stream/consumers';
import { afterAll } from 'vitest';
import { freePort } from './free-port.ts';

export const MODEL_NAME = 'test-model';

export type ChatRequest = {
  model: string;
  messages: { role: string; content: string }[];
  stream: boolean;
  stream_options?: { include_usage?: boolean };
  headers: IncomingHttpHeaders;
};
export type EmbeddingRequest = { model: string; input: string[]; headers: IncomingHttpHeaders };

/** One request, and all that an endpoint may do to it. */
export type Turn = {
  request: ChatRequest;
  /** Sends pieces of text, each as an event of its own. */
  say(...pieces: string[]): void;
  /** Sends an event with this in its `data:`. */
  event(data: unknown): void;
  /** Ends as one should: a finish_reason, the usage where it was asked for, `[DONE]`. */
  end(options?: { reason?: string; usage?: Usage | null }): void;
  /** Responds with an error, where nothing was said before. */
  fail(status: number, options?: { message?: string; code?: string; headers?: Record<string, string> }): void;
  /** Sends these bytes as they are. Resolves when they are on their way, so that the next ones come by themselves. */
  raw(bytes: string | Uint8Array, contentType?: string, status?: number): Promise<void>;
  /** Ends the answer, without a word. */
  close(): void;
  /** Breaks the connection, after what was said. */
  cut(): void;
  /** Resolves when the client has hung up, or has all. */
  gone: Promise<void>;
};
type Usage = { prompt_tokens: number; completion_tokens: number };

/** What is done to a request. The connection stays open after it, until the script, the client or the test ends it. */
export type Script = (turn: Turn) => Promise<void> | void;

export type ModelServer = {
  /** For MODEL_BASE_URL and EMBEDDING_BASE_URL. */
  url: string;
  /** What `parley` is started with to be answered from here. */
  env: { MODEL_BASE_URL: string; MODEL_NAME: string };
  /** All but those for titles. */
  chats: ChatRequest[];
  /** Requests for a title. */
  titles: ChatRequest[];
  embeddings: EmbeddingRequest[];
  /** How chats are answered from now on. */
  answer(script: Script): void;
  /** How the next chats are answered, one script each, before `answer` counts again. */
  answerNext(...scripts: Script[]): void;
  /** How requests for a title are answered from now on; with nothing that makes one where nothing is said. */
  titleBy(script: Script): void;
  /** How embeddings are answered from now on: the body, or a status of an error. By `embedWords` where nothing is said. */
  embedBy(answer: (request: EmbeddingRequest) => unknown): void;
  /** Resolves when so many chats have come in all; returns the last of them. */
  waitForChat(count: number): Promise<ChatRequest>;
  /** How many requests it has open. */
  open(): number;
  /** Ends every connection and takes no more; `start` takes them again, at the same address. */
  stop(): Promise<void>;
  start(): Promise<void>;
};

/** Says the pieces and ends. */
export function says(...pieces: string[]): Script {
  return (turn) => {
    turn.say(...pieces);
    turn.end();
  };
}

export function failsWith(status: number, options?: Parameters<Turn['fail']>[1]): Script {
  return (turn) => turn.fail(status, options);
}

/** Takes the request and never says a word. */
export const stalls: Script = () => {};

/**
 * Says each piece when the test opens its gate, and ends after the last one. Whoever asks again, hears again at once what was let
 * through before.
 */
export function createGate(...pieces: string[]) {
  let opened = 0;
  let opening = Promise.withResolvers<void>();
  const script: Script = async (turn) => {
    for (const [index, piece] of pieces.entries()) {
      while (index >= opened) await opening.promise;
      turn.say(piece);
    }
    turn.end();
  };
  return {
    script,
    /** Lets the next pieces through; without a number all of them. */
    open(count = pieces.length) {
      opened += count;
      opening.resolve();
      opening = Promise.withResolvers();
    },
  };
}

/** One for a test file or a describe block, at once, as its address is in the settings of what is started later. */
export async function useModelServer(): Promise<ModelServer> {
  const server = await startModelServer();
  afterAll(() => server.stop());
  return server;
}

/** An OpenAI-compatible endpoint on loopback: real HTTP, real server-sent events, and it behaves as its scripts say. */
export async function startModelServer(): Promise<ModelServer> {
  const chats: ChatRequest[] = [];
  const titles: ChatRequest[] = [];
  const embeddings: EmbeddingRequest[] = [];
  const next: Script[] = [];
  let script = says('Hello', ' from', ' the', ' model.');
  let titleScript = says('.');
  let embed: (request: EmbeddingRequest) => unknown = embedWords;
  let arrival = Promise.withResolvers<void>();
  const open = new Set<ServerResponse>();

  const chat = async (request: IncomingMessage, response: ServerResponse) => {
    const asked = { ...((await json(request)) as Omit<ChatRequest, 'headers'>), headers: request.headers };
    if (asked.messages[0]?.content.startsWith('Write a title')) {
      titles.push(asked);
      return titleScript(turnOf(asked, response));
    }
    chats.push(asked);
    arrival.resolve();
    arrival = Promise.withResolvers();
    await (next.shift() ?? script)(turnOf(asked, response));
  };
  const embedding = async (request: IncomingMessage, response: ServerResponse) => {
    const asked = { ...((await json(request)) as Omit<EmbeddingRequest, 'headers'>), headers: request.headers };
    embeddings.push(asked);
    const answer = await embed(asked);
    response.writeHead(typeof answer === 'number' ? answer : 200, { 'content-type': 'application/json' });
    response.end(JSON.stringify(typeof answer === 'number' ? { error: { message: 'refused' } } : answer));
  };
  const server = createServer((request, response) => {
    open.add(response);
    response.once('close', () => open.delete(response));
    const handle = { '/v1/chat/completions': chat, '/v1/embeddings': embedding }[request.url ?? ''];
    if (handle) void handle(request, response);
    else response.writeHead(404).end();
  });
  const port = await freePort(); // it listens there again after it was stopped
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  const url = `http://127.0.0.1:${port}/v1`;

  return {
    url,
    env: { MODEL_BASE_URL: url, MODEL_NAME },
    chats,
    titles,
    embeddings,
    titleBy(newScript) {
      titleScript = newScript;
    },
    answer(newScript) {
      script = newScript;
    },
    answerNext: (...scripts) => void next.push(...scripts),
    embedBy(answer) {
      embed = answer;
    },
    async waitForChat(count) {
      while (chats.length < count) await arrival.promise;
      return chats[count - 1] as ChatRequest;
    },
    open: () => open.size,
    async stop() {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
    async start() {
      server.listen(port, '127.0.0.1');
      await once(server, 'listening');
    },
  };
}

function turnOf(request: ChatRequest, response: ServerResponse): Turn {
  const gone = new Promise<void>((resolve) => void response.once('close', resolve));
  const raw = (bytes: string | Uint8Array, contentType = 'text/event-stream', status = 200) => {
    if (!response.headersSent) response.writeHead(status, { 'content-type': contentType });
    return new Promise<void>((resolve) => void response.write(bytes, () => resolve()));
  };
  const event = (data: unknown) => void raw(`data: ${JSON.stringify(data)}\n\n`);
  const chunk = (rest: object) => event({ id: 'chatcmpl-1', object: 'chat.completion.chunk', created: 1, ...rest });
  const choice = (delta: object, finish_reason: string | null = null) =>
    chunk({ model: MODEL_NAME, choices: [{ index: 0, delta, finish_reason }] });
  return {
    request,
    say(...pieces) {
      for (const content of pieces) choice({ content });
    },
    event,
    end({ reason = 'stop', usage = { prompt_tokens: 11, completion_tokens: 7 } } = {}) {
      choice({}, reason);
      if (usage && request.stream_options?.include_usage) chunk({ model: MODEL_NAME, choices: [], usage });
      void raw('data: [DONE]\n\n');
      response.end();
    },
    fail(status, { message = 'no', code, headers = {} } = {}) {
      response.writeHead(status, { 'content-type': 'application/json', ...headers });
      response.end(JSON.stringify({ error: { message, type: 'error', code } }));
    },
    raw,
    close: () => void response.end(),
    cut: () => response.socket?.destroySoon(),
    gone,
  };
}

const DIMENSIONS = 64;

/** Texts with the same words get the same vector, those with some in common similar ones. */
export function embedWords({ input, model }: EmbeddingRequest): unknown {
  const data = input.map((text, index) => ({ object: 'embedding', index, embedding: wordVector(text) }));
  return { object: 'list', model, data, usage: { prompt_tokens: 1, total_tokens: 1 } };
}

function wordVector(text: string): number[] {
  const vector = Array.from({ length: DIMENSIONS }, () => 0);
  for (const word of text.toLowerCase().match(/\p{L}+/gu) ?? []) {
    const hash = [...word].reduce((sum, letter) => (sum * 31 + (letter.codePointAt(0) ?? 0)) % 1_000_003, 7);
    vector[hash % DIMENSIONS] = (vector[hash % DIMENSIONS] ?? 0) + 1;
  }
  return vector;
}
