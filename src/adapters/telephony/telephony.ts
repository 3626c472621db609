/** Where a call is, as its provider has it. */
export type LineStatus =
  | 'QUEUED'
  | 'RINGING'
  | 'IN_PROGRESS'
  | 'COMPLETED'
  | 'BUSY'
  | 'NO_ANSWER'
  | 'FAILED'
  | 'CANCELLED';

/** Who answered, by the sound of it: a MACHINE may be a voicemail or a screener, which its words tell. */
export type AnsweredBy = 'HUMAN' | 'MACHINE' | 'UNKNOWN';

/** What a provider says of a call, by itself or when it is asked. */
export type LineReport = {
  /** The provider's own id of the call. */
  providerCallId: string;
  status: LineStatus;
  /** When that happened, by the provider's clock where it says so. */
  at: Date;
  answeredBy: AnsweredBy | null;
  /** How long it was talked, where the call is over and the provider says so. */
  durationSeconds: number | null;
  error: { code: string; message: string } | null;
};

/** A call to be made. */
export type OutgoingCall = {
  /** Ours: it comes back with every event, so that one which is earlier than the answer finds its call. */
  callId: string;
  phone: string;
  /** Of the calls to this lead. */
  attempt: number;
  /** BCP 47. */
  language: string;
};

/** A call that was, or may have been, created; `others` are the provider's ids of other calls to its number. */
export type DialledCall = OutgoingCall & {
  providerCallId: string | null;
  dialledAt: Date;
  others: readonly string[];
};

/** What a lead did at their turn; `text` is null where nothing was heard. */
export type LineTurn = {
  callId: string;
  /** 0 for the beginning of the call, when nobody has spoken yet. */
  turn: number;
  text: string | null;
  /** Who answered, where the line can tell at the beginning. */
  answeredBy?: AnsweredBy | null;
  /** What was heard of what the agent said last, where the lead cut it off. */
  cutOffAfter?: string | null;
  /** The number of the WebSocket session that brings it: once another has begun, an earlier one brings nothing any more. */
  session?: number;
};

/** What the agent does then. */
export type LineReply = {
  say: string;
  next: 'listen' | 'hang-up';
  /** Whether nobody may cut it off, where the line cannot tell what was heard. */
  mustBeHeard?: boolean;
  /** BCP 47. */
  language: string;
  /** Where the agent is, as it calls that; a simulated lead answers by it. */
  stage: string | null;
};

/** What a line that has no webhooks tells of its calls. */
export type LineEvents = {
  report(callId: string, report: LineReport): Promise<void>;
  turn(turn: LineTurn): Promise<LineReply>;
};

/** The provider takes no more calls at the moment: the one thing after which a creation may be repeated. */
export class TooManyCalls extends Error {
  override name = 'TooManyCalls';
}

/** The provider does not make this call, and says why: a number that is not in use. Others may do better. */
export class CallRefused extends Error {
  override name = 'CallRefused';
  readonly code: string;

  constructor(code: string, message: string) {
    super(message);
    this.code = code;
  }
}

/** The provider makes no calls for us until somebody mends that: a token that was changed, an account without credit. */
export class LineUnusable extends CallRefused {
  override name = 'LineUnusable';
}

/** Whether the provider makes calls for our account, from our number; unknown where it does not say. */
export type AccountState = 'good' | 'refused' | 'not-its-number' | 'unknown';

/** A line that calls go over. */
export type Telephony = {
  /** Names the line, and is stored with every call. */
  name: 'simulated' | 'twilio';
  /**
   * Asks the provider to make a call, and returns its id there. Throws TooManyCalls, CallRefused, LineUnusable; after any other error
   * nobody knows whether the phone rings, and it must not be asked again.
   */
  createCall(call: OutgoingCall): Promise<string>;
  /** Ends a call, also one that still waits in the provider's queue. */
  hangUp(providerCallId: string): Promise<void>;
  /**
   * Returns what became of a call; null where there is no such call. Without the provider's id it is looked for by number and
   * time, but not among `others`.
   */
  fetchReport(call: DialledCall): Promise<LineReport | null>;
  /** Asks the provider for the state of the account, and for none of its calls. */
  checkAccount(): Promise<AccountState>;
  /** Says where events go, for a line that brings them itself. */
  connect(events: LineEvents): void;
  /** Ends what runs in this process. */
  close(): void;
};
