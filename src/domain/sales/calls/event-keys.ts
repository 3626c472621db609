import type { LineStatus } from '#adapters/telephony/telephony.ts';

/** The keys of a call's events, by status, turn or session. An event with a given key takes effect only once. */
export const eventKeys = {
  /** The line has reported a status. */
  status: (status: LineStatus) => `status:${status}`,
  /** What was heard in a turn, before it is answered. */
  heard: (turn: number) => `heard:${turn}`,
  /** The reply to a turn, as written. */
  turn: (turn: number) => `turn:${turn}`,
  /** The model's words that were said instead of the written reply. */
  said: (turn: number) => `said:${turn}`,
  /** A WebSocket session has begun to carry the call. */
  relay: (session: number) => `relay:${session}`,
};
