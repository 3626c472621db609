/** The status of a call at its provider. */
export type LineStatus =
  | 'QUEUED'
  | 'RINGING'
  | 'IN_PROGRESS'
  | 'COMPLETED'
  | 'BUSY'
  | 'NO_ANSWER'
  | 'FAILED'
  | 'CANCELLED';

/** Who answered, by the sound of it: a MACHINE may be a voicemail or a call screener, which only its words tell apart. */
export type AnsweredBy = 'HUMAN' | 'MACHINE' | 'UNKNOWN';

/** A provider's report of a call, by itself or when asked. */
export type LineReport = {
  /** The provider's own id of the call. */
  providerCallId: string;
  status: LineStatus;
  /** When that happened, by the provider's clock if it is reported. */
  at: Date;
  answeredBy: AnsweredBy | null;
  /** How long the call lasted, if it is over and the provider reports that. */
  durationSeconds: number | null;
  error: { code: string; message: string } | null;
};

/** A call to make. */
export type OutgoingCall = {
  /** Our own id: it comes back with every event, so that an event which arrives before the provider's response finds its call. */
  callId: string;
  phone: string;
  /** The number of the attempt among the calls to this lead. */
  attempt: number;
  /** BCP 47. */
  language: string;
};

/** A call that was, or may have been, created; `others` are the provider's ids of other calls to the same number. */
export type DialledCall = OutgoingCall & {
  providerCallId: string | null;
  dialledAt: Date;
  others: readonly string[];
};

/** What a lead did at their turn; `text` is null if nothing was heard. */
export type LineTurn = {
  callId: string;
  /** 0 for the beginning of the call, when nobody has spoken yet. */
  turn: number;
  text: string | null;
  /** Who answered, if the line can tell at the beginning. */
  answeredBy?: AnsweredBy | null;
  /** The part of the agent's last words that was heard, if the lead interrupted them. */
  cutOffAfter?: string | null;
  /** The number of the WebSocket session that delivers this: once a newer one has begun, older ones deliver nothing any more. */
  session?: number;
};

/** The agent's response. */
export type LineReply = {
  say: string;
  next: 'listen' | 'hang-up';
  /** Whether nobody may interrupt it, if the line cannot tell how much was heard. */
  mustBeHeard?: boolean;
  /** BCP 47. */
  language: string;
  /** The agent's state, by its name; a simulated lead answers according to it. */
  stage: string | null;
};

/** The events of calls on a line without webhooks. */
export type LineEvents = {
  report(callId: string, report: LineReport): Promise<void>;
  turn(turn: LineTurn): Promise<LineReply>;
};

/** The provider accepts no more calls at the moment: the only error after which a creation may be repeated. */
export class TooManyCalls extends Error {
  override name = 'TooManyCalls';
}

/** The provider refuses this call, with the reason, such as a number that is not in use. Other calls may succeed. */
export class CallRefused extends Error {
  override name = 'CallRefused';
  readonly code: string;

  constructor(code: string, message: string) {
    super(message);
    this.code = code;
  }
}

/** The provider makes no calls for us until somebody fixes the account: a changed token, no credit. */
export class LineUnusable extends CallRefused {
  override name = 'LineUnusable';
}

/** Whether the provider makes calls for our account, from our number; unknown if it does not say. */
export type AccountState = 'good' | 'refused' | 'not-its-number' | 'unknown';

/** A line for calls. */
export type Telephony = {
  /** The name of the line, which is stored with every call. */
  name: 'simulated' | 'twilio';
  /**
   * Asks the provider to make a call, and returns its id there. Throws TooManyCalls, CallRefused, LineUnusable; after any other error it
   * is unknown whether the phone rings, and the request must not be repeated.
   */
  createCall(call: OutgoingCall): Promise<string>;
  /** Ends a call, even if it is still in the provider's queue. */
  hangUp(providerCallId: string): Promise<void>;
  /**
   * Returns the current status of a call; null if there is no such call. Without the provider's id it is looked up by number and time,
   * but not among `others`.
   */
  fetchReport(call: DialledCall): Promise<LineReport | null>;
  /** Asks the provider for the state of the account, not of its calls. */
  checkAccount(): Promise<AccountState>;
  /** Sets the receiver of events, for a line that delivers them itself. */
  connect(events: LineEvents): void;
  /** Stops what runs in this process. */
  close(): void;
};
