import type { TwilioCall, TwilioServer } from './twilio-server.ts';

/** What becomes of a call: `talks` says nothing more, once it was answered, until `goOn`. */
export type Manner = 'answers' | 'talks' | 'voicemail' | 'busy' | 'no-answer';

const OVER = ['busy', 'no-answer', 'completed', 'canceled', 'failed'];
const SAYS = { answers: ['כן, אפשר', 'לא מעוניינת, תודה ולהתראות'], voicemail: ['נא להשאיר הודעה אחרי הצליל'] };
/** Of a voicemail that would be spoken with for ever. */
const MAX_TURNS = 6;

/**
 * Lets the called answer, as `mannerOf` says, and carries their calls as Twilio does: each webhook once or, of every other call, twice; one that
 * nobody takes is lost, and a call whose TwiML is lost is over.
 */
export function letPeopleAnswer(twilio: TwilioServer, to: { url: string }, mannerOf: (phone: string) => Manner) {
  const talks = new Set<() => void>();
  let carried = 0;

  const post = async (call: TwilioCall, address: string | undefined, params: Record<string, string>) => {
    const send = () =>
      twilio.post(to, address as string, { CallSid: call.sid, CallStatus: call.status, ...params }).catch(() => null);
    const [turn] = await Promise.all(twilio.calls.indexOf(call) % 2 ? [send(), send()] : [send()]);
    return turn?.status === 200 ? turn : null;
  };
  const isOver = ({ status }: TwilioCall) => OVER.includes(status);
  const tell = async (call: TwilioCall, status: string) => {
    if (!isOver(call)) call.status = status;
    await post(call, call.form.StatusCallback, isOver(call) ? { CallDuration: '9' } : {});
  };

  async function carry(call: TwilioCall): Promise<void> {
    await tell(call, 'ringing');
    const manner = mannerOf(call.form.To ?? '');
    if (manner === 'busy' || manner === 'no-answer' || isOver(call)) return tell(call, manner);
    await tell(call, 'in-progress');
    let turn = await post(call, call.form.Url, { AnsweredBy: manner === 'voicemail' ? 'machine_start' : 'human' });
    if (manner === 'talks' && mannerOf(call.form.To ?? '') === 'talks')
      await new Promise<void>((resolve) => talks.add(resolve));
    const says = manner === 'voicemail' ? SAYS.voicemail : SAYS.answers;
    for (let turns = 0; turn?.action && !turn.hangsUp && !isOver(call) && turns < MAX_TURNS; turns += 1)
      turn = await post(call, turn.action, { SpeechResult: says[turns] ?? (says.at(-1) as string) });
    await tell(call, 'completed');
  }

  twilio.carryBy(async (call) => {
    carried += 1;
    await carry(call).finally(() => (carried -= 1));
  });
  return {
    /** How many calls go on. */
    carried: () => carried,
    /** How many talk and wait. */
    talking: () => talks.size,
    /** Lets those who talk go on; from now on `mannerOf` says of nobody that they talk. */
    goOn() {
      for (const resolve of talks) resolve();
      talks.clear();
    },
  };
}
