import type { Database } from '#adapters/database/database.ts';
import type { Finding } from '#domain/core/deps.ts';

/** What is looked at. */
export type LineToCheck = {
  database: Pick<Database, 'pool'>;
  /** The name of the line that calls go over. */
  telephony: string;
  /** Says what is wrong with the account that they go by; null where nothing is. */
  lineProblem: () => string | null;
};

/** Calls of the last day that are looked at, and how many of them have to be deaf before that is said. */
const RECENT_CALLS = 50;
const DEAF_CALLS = 3;

/** Finds an account that cannot be called from, and a line that hears nobody. */
export async function checkTelephony(line: LineToCheck): Promise<Finding<'telephony'>> {
  const problem = line.lineProblem();
  const [heard, refused] = await Promise.all([checkHearing(line), findLineRefusal(line)]);
  if (refused) return { ...heard, ...refused };
  return problem ? { ...heard, status: 'DEGRADED', message: problem } : heard;
}

/** An account that its provider takes no calls from is found by the last call that was asked for. */
async function findLineRefusal({ database, telephony }: LineToCheck): Promise<Finding<'telephony'> | null> {
  const { rows } = await database.pool.query<{ refusal: string; since: Date }>(
    'SELECT refusal, refused_at AS since FROM dial_pace WHERE provider = $1 AND refusal IS NOT NULL',
    [telephony],
  );
  const [row] = rows;
  if (!row) return null;
  const message = `The provider of the line makes no calls for this account since ${row.since.toISOString()}: its error ${row.refusal}; mend that, and call again.`;
  return { status: 'DEGRADED', message };
}

/** A line, or its recognizer, that does not hear what people say is found by calls in which nothing was ever heard. */
async function checkHearing({ database, telephony }: LineToCheck): Promise<Finding<'telephony'>> {
  const { rows } = await database.pool.query<{ answered: number; unheard: number; newest: number }>(
    `SELECT count(*)::int AS answered, (count(*) FILTER (WHERE turns_heard = 0))::int AS unheard,
       (count(*) FILTER (WHERE turns_heard = 0 AND rank <= ${DEAF_CALLS}))::int AS newest
     FROM (SELECT turns_heard, row_number() OVER (ORDER BY ended_at DESC) AS rank FROM calls
       WHERE started_at IS NOT NULL AND ended_at > now() - interval '1 day' AND provider = $1
         AND answered_by IS DISTINCT FROM 'VOICEMAIL'
       ORDER BY ended_at DESC LIMIT ${RECENT_CALLS}) recent`,
    [telephony],
  );
  const { answered = 0, unheard = 0, newest = 0 } = rows[0] ?? {};
  const details = { line: telephony, answeredCalls: answered, unheardCalls: unheard };
  if (newest < DEAF_CALLS) return { details };
  const message = `In ${unheard} of the last ${answered} calls nothing was ever heard; look at the line, and whether it recognizes the language.`;
  return { status: 'DEGRADED', message, details };
}
