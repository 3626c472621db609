/** What the sentences of a call name. */
export type Names = { owner: string; lead: string; topic: string | null };

/** What a sentence is made of: the names, and times as they are said. */
export type Words = Names & { times: readonly string[] };

/** What the agent says, each in a sentence or two. Those with `next` in front are no speech: what the owner reads. */
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
  | 'confirm'
  | 'booked'
  | 'anythingElse'
  | 'goOn'
  | 'passOn'
  | 'taken'
  | 'closed'
  | 'cancelled'
  | 'askRefusal'
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

/** A sentence, and the moments (in UTC) and days (as 2026-12-01) that it names. */
export type Line = { key: LineKey; times: string[] };
