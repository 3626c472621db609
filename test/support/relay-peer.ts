import { once } from 'node:events';
import { type ClientOptions, WebSocket } from 'ws';
import { PUBLIC_URL, signatureOf, type TwilioCall } from './twilio-server.ts';

/** What Parley sends over a socket of ConversationRelay. */
export type RelayCommand = {
  type: string;
  token?: string;
  last?: boolean;
  ttsLanguage?: string;
  transcriptionLanguage?: string;
};

export type RelayPeer = Awaited<ReturnType<typeof openRelay>>;

/** Opens a socket at an address that Parley gave, as Twilio does, or has the upgrade refused. */
export async function connectRelay(to: { url: string }, address: string, headers: Record<string, string> = {}) {
  const url = address.replace(PUBLIC_URL.replace('https', 'wss'), to.url.replace('http', 'ws'));
  const options: ClientOptions = { headers: { 'x-twilio-signature': signatureOf(address, {}), ...headers } };
  const socket = new WebSocket(url, options);
  const refused = new Promise<number>((resolve) => {
    socket.on('unexpected-response', (_request, response) => {
      resolve(response.statusCode ?? 0);
      response.resume();
    });
  });
  const opened = once(socket, 'open').then(
    () => socket,
    () => new Promise<never>(() => {}),
  );
  return Promise.race([opened, refused]);
}

/** The provider's side of one socket of ConversationRelay, which has sent its `setup`. */
export async function openRelay(to: { url: string }, address: string, { sid }: Pick<TwilioCall, 'sid'>) {
  const socket = await connectRelay(to, address);
  if (typeof socket === 'number') throw new Error(`The socket was refused with ${socket}.`);
  const commands: RelayCommand[] = [];
  let news = Promise.withResolvers<void>();
  let read = 0;
  socket.on('message', (data) => {
    commands.push(JSON.parse(String(data)));
    news.resolve();
    news = Promise.withResolvers();
  });
  const closed = once(socket, 'close').then(([code, reason]) => ({ code: Number(code), reason: String(reason) }));
  void closed.then(() => news.resolve());
  const send = (message: object | string) =>
    socket.send(typeof message === 'string' ? message : JSON.stringify(message));
  const setup = () => send({ type: 'setup', sessionId: 'VX1', callSid: sid, direction: 'outbound-api' });
  setup();
  return {
    /** All that Parley has sent. */
    commands,
    closed,
    send,
    setup,
    /** Words that somebody says. */
    prompt: (voicePrompt: string, last = true) => send({ type: 'prompt', voicePrompt, lang: 'en-US', last }),
    interrupt: (utteranceUntilInterrupt: string) =>
      send({ type: 'interrupt', utteranceUntilInterrupt, durationUntilInterruptMs: '460' }),
    /** Tells that all words were played. */
    played() {
      for (const value of ['on', 'off']) send({ type: 'info', name: 'agentSpeaking', value });
    },
    /** Resolves with the next command that `passes`. */
    async next(passes: (command: RelayCommand) => boolean = () => true): Promise<RelayCommand> {
      for (;;) {
        for (; read < commands.length; read += 1)
          if (passes(commands[read] as RelayCommand)) return commands[read++] as RelayCommand;
        if (socket.readyState >= WebSocket.CLOSING) throw new Error('The socket has closed.');
        await news.promise;
      }
    },
    /** Resolves with the next reply, when its last word is there. */
    async reply(): Promise<string> {
      const tokens: string[] = [];
      for (;;) {
        const { token = '', last } = await this.next(({ type }) => type === 'text');
        tokens.push(token);
        if (last) return tokens.join('');
      }
    },
    /** Closes as Twilio does. */
    close: () => socket.close(),
    /** Breaks, without a word. */
    drop: () => socket.terminate(),
  };
}
