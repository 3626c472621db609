import type { LineReply, LineTurn } from '#adapters/telephony/telephony.ts';
import type { Services } from '#domain/core/deps.ts';
import { eventKeys } from '#domain/sales/calls/event-keys.ts';
import { speakTurn } from './speak-turn.ts';

/** For how many milliseconds a provider waits for the answer to a turn before it is told to ask again. Twilio allows 15 s, a person two. */
const PATIENCE_MS = 1_500;

/** A turn whose text is null if it was sent before. */
export type HeardTurn = Omit<LineTurn, 'cutOffAfter'>;

/**
 * Takes turns for a line that uses webhooks. What was heard is stored first, so that a repeated request continues from there, in any
 * process and without the text. Returns null if the answer takes longer than a person likes to wait.
 */
export function createTurnTaker(services: Services) {
  const inFlight = new Map<string, Promise<LineReply>>();
  return async (turn: HeardTurn): Promise<LineReply | null> => {
    const name = `${turn.callId} ${turn.turn}`;
    const answer = inFlight.get(name) ?? begin(turn);
    inFlight.set(name, answer);
    answer.finally(() => inFlight.delete(name)).catch(() => {});
    const { promise: timeout, resolve } = Promise.withResolvers<null>();
    const timer = setTimeout(() => resolve(null), PATIENCE_MS);
    return Promise.race([answer, timeout]).finally(() => clearTimeout(timer));
  };

  async function begin(turn: HeardTurn): Promise<LineReply> {
    return speakTurn(services, { ...turn, text: await keepHeard(services, turn) });
  }
}

/** Stores what was heard in a turn, and returns what was stored first, because a turn is heard only once. */
async function keepHeard({ database }: Services, { callId, turn, text }: HeardTurn): Promise<string | null> {
  const key = eventKeys.heard(turn);
  await database.sql(
    `INSERT INTO call_events (call_id, key, answer) SELECT id, $2, $3 FROM calls WHERE id = $1 ON CONFLICT DO NOTHING`,
    [callId, key, text?.replaceAll('\0', '').toWellFormed() ?? null],
  );
  const event = await database.prisma.callEvent.findUnique({ where: { callId_key: { callId, key } } });
  return event?.answer ?? null;
}
