import type { LineTurn } from '#adapters/telephony/telephony.ts';
import type { RelayCommand, RelayMessage } from '#adapters/telephony/twilio/relay-messages.ts';
import { speechLanguage } from '#adapters/telephony/twilio/twiml.ts';
import { callEndChannel } from '#domain/core/channels.ts';
import type { Services } from '#domain/core/deps.ts';
import { heardPart } from '#domain/sales/calls/talk/heard-part.ts';
import { cutOffReply, isCallOver, openRelay, type RelaySession } from '#domain/sales/calls/talk/relay-sessions.ts';
import { settleWords, speak, understandTurn } from '#domain/sales/calls/talk/speak-turn.ts';
import type { TakenTurn } from '#domain/sales/calls/talk/take-line-turn.ts';
import { createListening, type Listening } from './listening.ts';

/** The sending side of the socket. */
export type RelayPeer = {
  send(command: RelayCommand): void;
  close(code: number, reason: string): void;
};

/** `reply` is the number of the reply that was being spoken when the line reported that it was cut off. */
type CutOff = { kind: 'cut-off'; played: string; reply: number };
type Heard = { kind: 'said'; text: string } | CutOff | { kind: 'silence' };

/**
 * The maximum number of queued inputs during a turn, and of UTF-16 code units of an utterance. Consecutive prompts are joined into one
 * utterance.
 */
const MAX_WAITING = 20;
const MAX_UTTERANCE = 8_000;

/** The hand-off data of the `end` message that is sent after the last reply was spoken, by which the webhook recognizes it. */
export const GOODBYE_SPOKEN = 'said';

/** For how many milliseconds the line may keep the socket open after the `end` message, on which it closes it by itself. */
const END_TIMEOUT_MS = 5_000;

/** Close codes of RFC 6455. */
const CLOSE = { NORMAL: 1000, POLICY: 1008, INTERNAL_ERROR: 1011 } as const;

/**
 * Runs a call over a ConversationRelay socket, one turn after the other. The state of the call is in the database, so a new socket
 * continues after the last turn if one breaks.
 */
export class RelayTalk {
  readonly #services: Services;
  readonly #relay: RelaySession;
  readonly #peer: RelayPeer;
  readonly #listening: Listening;
  readonly #waiting: Heard[] = [];
  #working: Promise<void> | null = null;
  #isSetUp = false;
  #isOver = false;
  #isSettling = false;
  #ending: NodeJS.Timeout | undefined;
  #unwatch: (() => void) | undefined;
  #turn: number | null = null;
  #language: string | null = null;
  /** How many replies were sent over this socket, at least their first words. */
  #replies = 0;
  /** The text of the last reply that was sent. */
  #spoken = '';
  /** The text of the last reply that was heard, if it was interrupted. */
  #cutOffAfter: string | null = null;
  #speaking = new AbortController();
  /** The utterance that is being answered. If the lead repeats it meanwhile, it is answered only once. */
  #inHand: string | null = null;

  constructor(services: Services, relay: RelaySession, peer: RelayPeer) {
    this.#services = services;
    this.#relay = relay;
    this.#peer = peer;
    this.#listening = createListening({
      onSilence: () => this.#enqueue({ kind: 'silence' }),
      onSpoken: () => this.#endCall(),
    });
  }

  /** Handles messages in the order of their arrival. */
  receive(message: RelayMessage): void {
    switch (message.type) {
      case 'setup':
        if (!this.#isSetUp) this.#run(() => this.#open(message.callSid));
        this.#isSetUp = true;
        return;
      case 'prompt':
        this.#listening.hear();
        if (message.last && message.voicePrompt.trim()) this.#enqueue({ kind: 'said', text: message.voicePrompt });
        return;
      case 'interrupt':
        if (this.#spoken && heardPart(this.#spoken, message.utteranceUntilInterrupt) !== null) this.#speaking.abort();
        this.#enqueue({ kind: 'cut-off', played: message.utteranceUntilInterrupt, reply: this.#replies });
        return;
      case 'dtmf':
        this.#listening.hear();
        return;
      case 'info':
        if (message.name === 'agentSpeaking') this.#listening.reportSpeaking(message.value === 'on');
        return;
      case 'error': {
        const description = message.description.slice(0, 500);
        this.#services.log.warn({ ...this.#relay, description }, 'Twilio tells of an error in a call');
      }
    }
  }

  /**
   * Ignores what is said from now on, as a caller who keeps talking would never let a process stop. Resolves when everything heard before
   * is stored, and its replies are sent.
   */
  async settle(): Promise<void> {
    this.#isSettling = true;
    while (this.#working) await this.#working;
  }

  /** The socket was closed: nothing more is sent or received. */
  end(): void {
    this.#isOver = true;
    this.#speaking.abort();
    this.#listening.pause();
    clearTimeout(this.#ending);
    this.#unwatch?.();
  }

  /** Hangs up at once where the call is over here, whatever is being said: it was cancelled, or its owner is erased. */
  async #endIfOver(): Promise<void> {
    const { log } = this.#services;
    const isOver = await isCallOver(this.#services, this.#relay.callId).catch((error: unknown) => {
      log.debug({ err: error, ...this.#relay }, 'whether a call is over is looked at again with its next turn');
      return false;
    });
    if (!isOver || this.#isOver || this.#ending) return;
    this.end();
    this.#endCall();
  }

  #endCall(): void {
    this.#peer.send({ type: 'end', handoffData: GOODBYE_SPOKEN });
    this.#ending ??= setTimeout(() => this.#peer.close(CLOSE.NORMAL, 'The call is over'), END_TIMEOUT_MS);
  }

  #enqueue(heard: Heard): void {
    if (this.#isOver || this.#isSettling || !this.#isSetUp) return;
    if (heard.kind === 'said' && heard.text === this.#inHand) return;
    const last = this.#waiting.at(-1);
    if (heard.kind === 'said' && last?.kind === 'said') last.text = `${last.text} ${heard.text}`.slice(-MAX_UTTERANCE);
    else this.#waiting.push(heard);
    if (this.#waiting.length > MAX_WAITING) this.#peer.close(CLOSE.POLICY, 'Too much at once');
    else this.#run(() => this.#work());
  }

  /** Runs one task at a time. A failure closes the socket; the call continues over the next one. */
  #run(task: () => Promise<void>): void {
    this.#working ??= task()
      .catch((error: unknown) => {
        this.#services.log.error({ err: error, ...this.#relay }, 'a call could not go on over its socket');
        this.#peer.close(CLOSE.INTERNAL_ERROR, 'Internal error');
      })
      .finally(() => {
        this.#working = null;
        if (this.#waiting.length > 0 && this.#canGoOn()) this.#run(() => this.#work());
      });
  }

  #canGoOn(): boolean {
    return !this.#isOver && this.#turn !== null;
  }

  async #work(): Promise<void> {
    for (let heard = this.#waiting.shift(); heard && this.#canGoOn(); heard = this.#waiting.shift()) {
      if (heard.kind === 'cut-off') await this.#cutOff(heard);
      else await this.#answer(heard.kind === 'said' ? heard.text : null);
    }
  }

  /** Watches from here on whether the call is ended here. */
  async #watchEnd(): Promise<void> {
    const channel = callEndChannel(this.#relay.callId);
    const unwatch = await this.#services.pubsub.subscribe(channel, () => void this.#endIfOver());
    if (this.#isOver) unwatch();
    else this.#unwatch = unwatch;
  }

  async #open(callSid: string): Promise<void> {
    await this.#watchEnd();
    const opened = await openRelay(this.#services, this.#relay, callSid);
    if (!opened) return this.#peer.close(CLOSE.POLICY, 'No call waits for this socket');
    this.#turn = opened.nextTurn;
    this.#language = opened.reply.language;
    const before = { callId: this.#relay.callId, turn: this.#turn - 1, text: null };
    await this.#speakReply({ reply: opened.reply, isRepeated: true, phrasing: null }, before);
  }

  async #answer(text: string | null): Promise<void> {
    this.#inHand = text;
    this.#listening.pause();
    const heard = { ...this.#relay, turn: this.#turn as number, text, cutOffAfter: this.#cutOffAfter };
    const taken = await understandTurn(this.#services, heard);
    this.#cutOffAfter = null;
    this.#turn = heard.turn + 1;
    await this.#speakReply(taken, heard);
  }

  /** Sends a reply as it is generated, and stores the spoken text if it differs from the written one. */
  async #speakReply(taken: TakenTurn, heard: LineTurn): Promise<void> {
    const { reply, phrasing } = taken;
    if (this.#isOver) return;
    this.#switchLanguage(reply.language);
    this.#spoken = '';
    this.#speaking = new AbortController();
    for await (const token of speak(this.#services, taken, heard, this.#speaking.signal)) {
      this.#inHand = null;
      if (this.#spoken === '') this.#replies += 1;
      this.#spoken += token;
      this.#peer.send({ type: 'text', token, last: phrasing === null });
    }
    this.#inHand = null;
    if (this.#isOver) return;
    if (phrasing) {
      this.#peer.send({ type: 'text', token: '', last: true });
      this.#spoken = await settleWords(this.#services, heard, this.#spoken.trim());
    }
    this.#listening.afterSaying(this.#spoken, reply.next);
  }

  #switchLanguage(language: string): void {
    if (language === this.#language) return;
    this.#language = language;
    const code = speechLanguage(language);
    this.#peer.send({ type: 'language', ttsLanguage: code, transcriptionLanguage: code });
  }

  /**
   * Stores how much of the last reply was heard. Reports about earlier replies arrive too late, and are ignored: those before its first
   * word, too, although nothing was heard of it by then.
   */
  async #cutOff({ played, reply }: CutOff): Promise<void> {
    const heard = heardPart(this.#spoken, played);
    if (heard === null || reply !== this.#replies) return;
    await cutOffReply(this.#services, this.#relay, heard);
    this.#spoken = heard;
    this.#cutOffAfter = heard;
    this.#listening.stopped();
  }
}
