import type { LineTurn } from '#adapters/telephony/telephony.ts';
import type { RelayCommand, RelayMessage } from '#adapters/telephony/twilio/relay-messages.ts';
import { speechLanguage } from '#adapters/telephony/twilio/twiml.ts';
import type { Services } from '#domain/core/deps.ts';
import { heardPart } from '#domain/sales/calls/heard-part.ts';
import { cutOffReply, openRelay, type RelaySession } from '#domain/sales/calls/relay-sessions.ts';
import { settleWords, speak, understandTurn } from '#domain/sales/calls/speak-turn.ts';
import type { TakenTurn } from '#domain/sales/calls/take-line-turn.ts';
import { createListening } from './listening.ts';

/** The other end of the socket. */
export type RelayPeer = {
  send(command: RelayCommand): void;
  close(code: number, reason: string): void;
};

/** What carries one call over one socket. */
export type RelayTalk = {
  /** Takes a message in the order in which it came. */
  receive(message: RelayMessage): void;
  /** Resolves when nothing is in hand: every turn that was begun is stored, and its answer sent. */
  settle(): Promise<void>;
  /** The socket has closed: nothing more is said or heard. */
  end(): void;
};

type Heard = { kind: 'said'; text: string } | { kind: 'cut-off'; played: string } | { kind: 'silence' };

/** What may wait while a turn is in hand: words that come one after the other are one utterance, of so many UTF-16 units. */
const MAX_WAITING = 20;
const MAX_UTTERANCE = 8_000;

/** What an `end` that the agent has wanted is known by: its last words were said. */
export const SAID_GOODBYE = 'said';

/** Close codes of RFC 6455. */
const CLOSE = { POLICY: 1008, INTERNAL_ERROR: 1011 } as const;

/**
 * Carries a call over a socket of ConversationRelay. Turns are taken one by one; the call itself is in the database, so that what
 * comes after a broken socket goes on from the last turn.
 */
export function createRelayTalk(services: Services, relay: RelaySession, peer: RelayPeer): RelayTalk {
  const { log } = services;
  const waiting: Heard[] = [];
  let working: Promise<void> | null = null;
  let isSetUp = false;
  let isOver = false;
  let turn: number | null = null;
  let language: string | null = null;
  /** What was sent of the last reply, and what was heard of it, where somebody has cut it off. */
  let spoken = '';
  let cutOffAfter: string | null = null;
  let speaking = new AbortController();
  /** What is being answered: somebody who says it again meanwhile has not been heard yet, and is answered once. */
  let inHand: string | null = null;
  const listening = createListening({
    onSilence: () => enqueue({ kind: 'silence' }),
    onSpoken: () => peer.send({ type: 'end', handoffData: SAID_GOODBYE }),
  });

  function enqueue(heard: Heard): void {
    if (isOver || !isSetUp) return;
    if (heard.kind === 'said' && heard.text === inHand) return;
    const last = waiting.at(-1);
    if (heard.kind === 'said' && last?.kind === 'said') last.text = `${last.text} ${heard.text}`.slice(-MAX_UTTERANCE);
    else waiting.push(heard);
    if (waiting.length > MAX_WAITING) peer.close(CLOSE.POLICY, 'Too much at once');
    else run(work);
  }

  /** Runs one thing at a time. What fails ends the socket: the call goes on over the next. */
  function run(task: () => Promise<void>): void {
    working ??= task()
      .catch((error: unknown) => {
        log.error({ err: error, ...relay }, 'a call could not go on over its socket');
        peer.close(CLOSE.INTERNAL_ERROR, 'Internal error');
      })
      .finally(() => {
        working = null;
        if (waiting.length > 0 && !isOver && turn !== null) run(work);
      });
  }

  async function work(): Promise<void> {
    for (let heard = waiting.shift(); heard && !isOver && turn !== null; heard = waiting.shift()) {
      if (heard.kind === 'cut-off') await cutOff(heard.played);
      else await answer(heard.kind === 'said' ? heard.text : null);
    }
  }

  const { callId, session } = relay;

  async function open(callSid: string): Promise<void> {
    const opened = await openRelay(services, relay, callSid);
    if (!opened) return peer.close(CLOSE.POLICY, 'No call waits for this socket');
    turn = opened.nextTurn;
    language = opened.reply.language;
    await speakReply({ reply: opened.reply, isRepeated: true, phrasing: null }, { callId, turn: turn - 1, text: null });
  }

  async function answer(text: string | null): Promise<void> {
    inHand = text;
    listening.pause();
    const heard: LineTurn = { callId, session, turn: turn as number, text, cutOffAfter };
    const taken = await understandTurn(services, heard);
    cutOffAfter = null;
    turn = heard.turn + 1;
    await speakReply(taken, heard);
  }

  /** Says a reply as its words are made, and stores them where they are others than those that are written. */
  async function speakReply(taken: TakenTurn, heard: LineTurn): Promise<void> {
    const { reply, phrasing } = taken;
    if (isOver) return;
    if (reply.language !== language) {
      language = reply.language;
      const code = speechLanguage(language);
      peer.send({ type: 'language', ttsLanguage: code, transcriptionLanguage: code });
    }
    spoken = '';
    speaking = new AbortController();
    for await (const token of speak(services, taken, heard, speaking.signal)) {
      inHand = null;
      spoken += token;
      peer.send({ type: 'text', token, last: phrasing === null });
    }
    inHand = null;
    if (isOver) return;
    if (phrasing) {
      peer.send({ type: 'text', token: '', last: true });
      spoken = await settleWords(services, heard, spoken.trim());
    }
    listening.afterSaying(spoken, reply.next);
  }

  /** Stores what was heard of the last reply. That of an earlier one is told too late. */
  async function cutOff(played: string): Promise<void> {
    const heard = heardPart(spoken, played);
    if (heard === null) return;
    await cutOffReply(services, relay, heard);
    spoken = heard;
    cutOffAfter = heard;
    listening.stopped();
  }

  return {
    receive(message) {
      switch (message.type) {
        case 'setup':
          if (!isSetUp) run(() => open(message.callSid));
          isSetUp = true;
          return;
        case 'prompt':
          listening.hear();
          if (message.last && message.voicePrompt.trim()) enqueue({ kind: 'said', text: message.voicePrompt });
          return;
        case 'interrupt':
          if (spoken && heardPart(spoken, message.utteranceUntilInterrupt) !== null) speaking.abort();
          return enqueue({ kind: 'cut-off', played: message.utteranceUntilInterrupt });
        case 'dtmf':
          return listening.hear();
        case 'info':
          if (message.name === 'agentSpeaking') listening.tellSpeaking(message.value === 'on');
          return;
        case 'error':
          log.warn({ ...relay, description: message.description.slice(0, 500) }, 'Twilio tells of an error in a call');
      }
    },
    async settle() {
      while (working) await working;
    },
    end() {
      isOver = true;
      speaking.abort();
      listening.pause();
    },
  };
}
