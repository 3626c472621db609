import pg from 'pg';
import { beforeAll, describe, expect, it } from 'vitest';
import { findPhone, makeCallable, OPEN_ALL_HOURS, waitForCall } from '../support/calls.ts';
import type { Client } from '../support/client.ts';
import { freePort } from '../support/free-port.ts';
import { CallLead, Calls, DeleteLead, Leads, UpdateLead } from '../support/operations.ts';
import type { Parley } from '../support/parley.ts';
import { sql } from '../support/sql.ts';
import { INBOUND, TWILIO_FROM, useTwilioServer } from '../support/twilio-server.ts';
import { until } from '../support/until.ts';
import { useProcesses } from '../support/use-parley.ts';

const twilio = await useTwilioServer();
// Minutes for two calls of the longest, and two callers an hour who are no leads.
const CAPS = { CALL_MAX_SECONDS: '30', MAX_DAILY_CALL_MINUTES: '1', MAX_NEW_CALLERS_PER_HOUR: '2' };
const processes = useProcesses({
  env: { ...OPEN_ALL_HOURS, ...twilio.env, ...CAPS, TWILIO_INBOUND_USERNAME: 'admin' },
});
let parley: Parley;
let owner: Client;

beforeAll(async () => {
  const port = await freePort();
  parley = await processes.start(undefined, { PORT: String(port) });
  parley.url = `http://127.0.0.1:${port}`;
  owner = parley.admin;
});

let calls = 0;

/** Calls the line from a number; returns how that is answered, and how the call is ended. */
async function callIn(From: string) {
  const CallSid = `CA${String(++calls).padStart(32, '0')}`;
  const ringing = { CallSid, From, To: TWILIO_FROM, Direction: 'inbound', CallStatus: 'ringing' };
  const { rejects } = await twilio.post(parley, INBOUND, ringing);
  const over = { CallSid, CallStatus: 'completed', CallDuration: '1' };
  const hangUp = () => twilio.post(parley, INBOUND.replace('voice', 'status'), over);
  return { rejects, hangUp };
}

const statusOf = async (search: string) =>
  (await owner.ask(Leads, { filter: { search } })).leads.edges.map(({ node }) => node.status);

describe('a call that comes in', () => {
  it('makes a lead that is DO_NOT_CALL where the number asked for that before', async () => {
    const phone = findPhone();
    const leadId = await makeCallable(owner, { phone });
    await owner.ask(UpdateLead, { input: { leadId, status: 'DO_NOT_CALL' } });
    await owner.ask(DeleteLead, { id: leadId });
    const { rejects, hangUp } = await callIn(phone);
    expect({ rejects, statuses: await statusOf(phone) }).toEqual({ rejects: false, statuses: ['DO_NOT_CALL'] });
    await hangUp();
  });

  it('is taken for a lead that is stored at the same moment', async () => {
    const phone = findPhone();
    const other = new pg.Client({ connectionString: processes.database.url });
    await other.connect();
    await other.query('BEGIN');
    await other.query(
      `INSERT INTO leads (id, owner_id, name, phone, language) SELECT gen_random_uuid(), id, 'Dana', $1, 'he' FROM users WHERE username = 'admin'`,
      [phone],
    );
    const answer = callIn(phone);
    const BLOCKED = `SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND wait_event = 'transactionid'`;
    await until(
      () => sql(processes.database, BLOCKED),
      ({ length }) => length > 0,
    );
    await other.query('COMMIT');
    await other.end();
    const { rejects, hangUp } = await answer;
    expect(rejects).toBe(false);
    await hangUp();
  });

  it('gets a busy tone while the calls under way could use up the minutes of the day, and nobody is called then', async () => {
    const phones = [findPhone(), findPhone(), findPhone()] as const;
    for (const phone of phones) await makeCallable(owner, { phone });
    const leadId = await makeCallable(owner);
    const [first, second, third] = [await callIn(phones[0]), await callIn(phones[1]), await callIn(phones[2])];
    expect([first, second, third].map(({ rejects }) => rejects)).toEqual([false, false, true]);
    const { errors } = await owner.send(CallLead, { input: { leadId } });
    const reasons = [expect.objectContaining({ code: 'DAILY_MINUTES_USED_UP' })];
    expect(errors).toMatchObject([{ extensions: { code: 'NOT_ELIGIBLE', reasons } }]);
    await Promise.all([first.hangUp(), second.hangUp()]);
    const { calls } = await owner.ask(Calls, { first: 2 });
    for (const { node } of calls.edges) await waitForCall(owner, node.id);
    const again = await callIn(phones[2]);
    expect(again.rejects).toBe(false);
    await again.hangUp();
  });

  it('gets a busy tone once too many have called who are no leads; leads are taken', async () => {
    const [known, second, third] = [findPhone(), findPhone(), findPhone()] as const;
    await makeCallable(owner, { phone: known });
    const answers: boolean[] = [];
    for (const phone of [second, third, known]) {
      const { rejects, hangUp } = await callIn(phone);
      answers.push(rejects);
      await hangUp();
    }
    expect(answers).toEqual([false, true, false]);
    expect(await statusOf(third)).toEqual([]);
  });
});
