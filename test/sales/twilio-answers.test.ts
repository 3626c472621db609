import { beforeAll, describe, expect, it } from 'vitest';
import { findPhone, makeCallable, OPEN_ALL_HOURS, waitForCall } from '../support/calls.ts';
import { CallLead } from '../support/operations.ts';
import type { Parley, User } from '../support/parley.ts';
import { sql } from '../support/sql.ts';
import { type Creation, startAtPort, useTwilioServer } from '../support/twilio-server.ts';
import { useProcesses } from '../support/use-parley.ts';

const twilio = await useTwilioServer();
const processes = useProcesses({ env: { ...OPEN_ALL_HOURS, ...twilio.env } });
let parley: Parley;
let ann: User;

beforeAll(async () => {
  parley = await startAtPort(processes);
  ann = await parley.user();
});

/** Places a call; returns its id, and its number. */
async function place(creation: Creation) {
  const phone = findPhone();
  twilio.creations(phone, creation);
  const { callLead } = await ann.ask(CallLead, { input: { leadId: await makeCallable(ann, { phone }) } });
  return { id: callLead?.call.id as string, phone };
}

/** The same for a call that is made. */
async function dial(creation: Creation) {
  const placed = await place(creation);
  return { ...placed, call: await twilio.waitForCall(placed.phone) };
}

const makeOverdue = (id: string) =>
  sql(processes.database, 'UPDATE calls SET deadline_at = now() WHERE id = $1', [
    Buffer.from(id, 'base64url').toString().split(':')[1],
  ]);

const errors = () => parley.log.filter(({ level }) => level >= 50);

describe('an answer of Twilio', () => {
  it.each([
    [21211, 'not\0 a number\ud800', 'not a number'],
    [21211, 'word '.repeat(10_000), 'word word'],
    [21202, 'a premium number', 'a premium number'],
    [13226, 'no such country', 'no such country'],
  ])('that refuses the number with %i ends the call, in words that can be stored', async (code, message, words) => {
    const { id } = await place({ code, message });
    const { status, error } = await waitForCall(ann, id);
    expect(status).toBe('FAILED');
    expect(error).toMatchObject({ retryable: false, message: expect.stringContaining(words) });
    expect(error?.message.length).toBeLessThan(1_000);
  });

  it('without an id of the call, or with an end at no time, is no failure of ours: the call is found and ended', async () => {
    const { id, call } = await dial('nameless');
    Object.assign(call, { status: 'busy', endTime: 'never' });
    await makeOverdue(id);
    expect(await waitForCall(ann, id)).toMatchObject({ status: 'BUSY', providerCallId: call.sid });
    expect(errors()).toEqual([]);
  });

  it('that never ends holds up no other call', async () => {
    const [endless, other] = [await dial('unanswered'), await dial('unanswered')];
    twilio.answerWithoutEnd(endless.phone);
    await makeOverdue(endless.id);
    await twilio.waitForEndless(endless.phone);
    other.call.status = 'busy';
    await makeOverdue(other.id);
    expect(await waitForCall(ann, other.id)).toMatchObject({ status: 'BUSY' });
  });

  it('that never comes is not waited for any longer than the call can last', async () => {
    const { id, phone } = await dial('unanswered');
    twilio.answerWithoutEnd(phone);
    await sql(processes.database, "UPDATE calls SET dialled_at = now() - interval '3 hours' WHERE phone = $1", [phone]);
    await makeOverdue(id);
    expect(await waitForCall(ann, id)).toMatchObject({
      status: 'FAILED',
      error: { code: 'UNAVAILABLE', message: expect.stringContaining('did not say') },
    });
  });
});
