/** The names that the sentences of a call contain. */
export type Names = { owner: string; lead: string; topic: string | null };

/** What a sentence is composed of: the names, and times in their spoken form. */
export type Words = Names & { times: readonly string[] };

/** The agent's lines, each a sentence or two. Those that begin with `next` are not spoken, but written for the owner. */
export type LineKey =
  | 'greeting'
  | 'inboundGreeting'
  | 'mayWeTalk'
  | 'qualify'
  | 'interest'
  | 'who'
  | 'robot'
  | 'source'
  | 'price'
  | 'duration'
  | 'provider'
  | 'sendInfo'
  | 'offerTwo'
  | 'offerOne'
  | 'offerNone'
  | 'whichOffer'
  | 'askTime'
  | 'askHour'
  | 'askDay'
  | 'either'
  | 'past'
  | 'aboutMeeting'
  | 'confirm'
  | 'booked'
  | 'anythingElse'
  | 'goOn'
  | 'passOn'
  | 'taken'
  | 'closed'
  | 'cancelled'
  | 'askRefusal'
  | 'confirmRefusal'
  | 'refused'
  | 'notInterested'
  | 'wrongNumber'
  | 'askCallBack'
  | 'callBackAt'
  | 'callBackOn'
  | 'passOnCallBackAt'
  | 'passOnCallBackOn'
  | 'callBackSometime'
  | 'waiting'
  | 'stillThere'
  | 'inaudible'
  | 'silenceEnd'
  | 'notUnderstood'
  | 'giveUp'
  | 'followUp'
  | 'voicemail'
  | 'screener'
  | 'goodbye'
  | 'nextMeeting'
  | 'nextCallBack'
  | 'nextCallBackSometime'
  | 'nextSendInfo'
  | 'nextRightNumber'
  | 'nextFollowUp';

export type Sentences = Record<LineKey, (words: Words) => string>;

/** A line, and the moments (in UTC) and days (as 2026-12-01) that it contains. */
export type Line = { key: LineKey; times: string[] };
