import type { LineStatus } from '#adapters/telephony/telephony.ts';

/** The keys of a call's events: each names what has one effect for ever, by its status, its turn or its session. */
export const eventKeys = {
  /** The line has reported a status. */
  status: (status: LineStatus) => `status:${status}`,
  /** What was heard in a turn, before it is answered. */
  heard: (turn: number) => `heard:${turn}`,
  /** The reply to a turn, as it is written. */
  turn: (turn: number) => `turn:${turn}`,
  /** The words of a reply that were said instead. */
  said: (turn: number) => `said:${turn}`,
  /** A WebSocket has begun to carry the call. */
  relay: (session: number) => `relay:${session}`,
};
