import { expect, it } from 'vitest';
import { findPhone, makeCallable, OPEN_ALL_HOURS } from '../support/calls.ts';
import { CallLead, CallOf } from '../support/operations.ts';
import type { Parley, User } from '../support/parley.ts';
import { openRelay } from '../support/relay-peer.ts';
import { startProxy } from '../support/tcp-proxy.ts';
import { startAtPort, useTwilioServer } from '../support/twilio-server.ts';
import { useProcesses } from '../support/use-parley.ts';

const twilio = await useTwilioServer();
const processes = useProcesses({ env: { ...OPEN_ALL_HOURS, ...twilio.env, TWILIO_CONVERSATION: 'relay' } });

/** Calls a lead; returns the call's id, and the call as Twilio has it. */
async function dial(owner: User) {
  const phone = findPhone();
  const { callLead } = await owner.ask(CallLead, { input: { leadId: await makeCallable(owner, { phone }) } });
  return { id: callLead?.call.id as string, call: await twilio.waitForCall(phone) };
}

it('a call waits while the database is away, and goes on when it is back, whichever server it then asks', async () => {
  const { proxy, url } = await startProxy(processes.database.url);
  const without = await startAtPort(processes, { DATABASE_URL: url });
  const ann = await without.user();
  const [talks, rings] = [await dial(ann), await dial(ann)];
  const post = (to: Parley, { call }: typeof talks, address: string, more = {}) =>
    twilio.post(to, address, { CallSid: call.sid, CallStatus: 'in-progress', ...more });
  const begun = await post(without, talks, talks.call.form.Url as string, { AnsweredBy: 'human' });
  const relay = await openRelay(without, begun.relay as string, talks.call);
  const greeting = await relay.reply();

  await proxy.close();
  relay.prompt('Yes, go ahead.');
  expect((await relay.closed).code).toBe(1011);
  const waiting = await post(without, talks, begun.action as string);
  expect(waiting).toMatchObject({ status: 200, hangsUp: false, redirect: begun.action });
  const ringing = await post(without, rings, rings.call.form.Url as string, { AnsweredBy: 'human' });
  expect(ringing).toMatchObject({ status: 200, hangsUp: false, redirect: rings.call.form.Url });

  const other = await startAtPort(processes);
  const next = await post(other, talks, waiting.redirect as string);
  const again = await openRelay(other, next.relay as string, talks.call);
  expect(await again.reply()).toBe(greeting);
  expect(await post(other, rings, ringing.redirect as string)).toMatchObject({ relay: expect.any(String) });
  const { call } = await other.as(ann).ask(CallOf, { id: talks.id });
  expect(call?.status).toBe('IN_PROGRESS');
});
