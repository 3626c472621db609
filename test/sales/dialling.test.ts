import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import type { Deps } from '#domain/core/deps.ts';
import { callLead } from '#domain/sales/calls/dialling/call-lead.ts';
import { recordReport } from '#domain/sales/calls/talk/record-report.ts';
import { takeLineTurn } from '#domain/sales/calls/talk/take-line-turn.ts';
import { findDoNotCall } from '#domain/sales/do-not-call.ts';
import { createLead, updateLead } from '#domain/sales/leads.ts';
import { findPhone } from '../support/calls.ts';
import { useServices } from '../support/services.ts';
import { until } from '../support/until.ts';

const ENV = {
  CALL_WINDOW_START: '09:00',
  CALL_WINDOW_END: '18:00',
  CALL_DAYS: '1,2,3,4,5,6,7',
  CALLS_PER_SECOND: '1000',
  SIMULATED_CALL_SPEED: '10000',
};
/** A Monday in London, which has no other clock than UTC in winter. */
const at = (time: string) => new Date(`2027-01-11T${time}Z`);

const app = useServices({ env: ENV, works: true });
let ann: Deps;

beforeAll(async () => {
  ann = await app.newUser();
});
afterEach(() => vi.useRealTimers());

const setTime = (time: string) => vi.useFakeTimers({ toFake: ['Date'], now: at(time) });

async function makeLead(phone = findPhone()): Promise<string> {
  const agreed = at('08:00:00');
  const input = { name: 'Dana', phone, timeZone: 'Europe/London', consentAt: agreed, registryCheckedAt: agreed };
  return (await createLead(ann, input)).id;
}

const place = async (leadId: string) => (await callLead(ann, { leadId })).call.id;

/** Lets a worker dial what waits, and returns the call once it is over. */
async function dial(id: string) {
  await using _worker = { [Symbol.asyncDispose]: await startWorker() };
  return until(
    () => app.services.database.prisma.call.findUniqueOrThrow({ where: { id }, include: { lead: true } }),
    ({ endedAt }) => endedAt !== null,
  );
}

async function startWorker(): Promise<() => Promise<void>> {
  const worker = await app.startWorker({ concurrency: { calls: 1 } });
  return () => worker.stop({ graceMs: 0 });
}

describe('a call near the end of the window', () => {
  it('is not placed where it would still ring when that closes', async () => {
    setTime('17:59:15');
    const nextAllowedAt = new Date('2027-01-12T09:00:00Z');
    await expect(callLead(ann, { leadId: await makeLead() })).rejects.toMatchObject({
      code: 'NOT_ELIGIBLE',
      details: { reasons: [{ code: 'OUTSIDE_CALL_WINDOW' }], nextAllowedAt },
    });
  });

  it('is not dialled so late that it would, however early it was placed', async () => {
    setTime('17:58:30');
    const id = await place(await makeLead());
    vi.setSystemTime(at('17:59:15'));
    expect(await dial(id)).toMatchObject({ status: 'CANCELLED', errorCode: 'NOT_ELIGIBLE', dialledAt: null });
  });

  it('is dialled as long as all its ringing is inside', async () => {
    setTime('17:58:55');
    const { dialledAt } = await dial(await place(await makeLead()));
    const { ringSeconds } = app.services.calling;
    expect((dialledAt?.getTime() ?? Infinity) + ringSeconds * 1_000).toBeLessThan(at('18:00:00').getTime());
  });
});

describe('a lead that becomes DO_NOT_CALL', () => {
  it('is not called, even if it was judged before', async () => {
    setTime('12:00:00');
    const leadId = await makeLead();
    const id = await place(leadId);
    const refuses = app.services.database.prisma.$transaction(async (tx) => {
      await tx.lead.update({ where: { id: leadId }, data: { status: 'DO_NOT_CALL' } });
      await sleep(1_000);
    });
    expect(await dial(id)).toMatchObject({
      status: 'CANCELLED',
      errorCode: 'NOT_ELIGIBLE',
      errorMessage: expect.stringContaining('DO_NOT_CALL'),
      errorRetryable: false,
      dialledAt: null,
      lead: { attempts: 0 },
    });
    await refuses;
  });
});

describe('a lead that gets another number', () => {
  it('is not called at the old one by the call that waits, nor unjudged at the new one', async () => {
    setTime('12:00:00');
    const leadId = await makeLead();
    const id = await place(leadId);
    await updateLead(ann, { leadId, phone: findPhone() });
    expect(await dial(id)).toMatchObject({
      status: 'CANCELLED',
      errorCode: 'NOT_ELIGIBLE',
      errorRetryable: true,
      dialledAt: null,
      lead: { attempts: 0 },
    });
  });

  it('in a talk refuses for both: the one that was spoken with is not called again', async () => {
    setTime('12:00:00');
    const [phone, next] = [findPhone(), findPhone()];
    const leadId = await makeLead(phone);
    const callId = await place(leadId);
    const answered = { status: 'IN_PROGRESS', at: at('12:00:05'), answeredBy: 'HUMAN', durationSeconds: null } as const;
    await recordReport(app.services, callId, { ...answered, providerCallId: callId, error: null });
    await takeLineTurn(app.services, { callId, turn: 0, text: null, answeredBy: 'HUMAN' });
    await updateLead(ann, { leadId, phone: next });
    await takeLineTurn(app.services, { callId, turn: 1, text: 'Remove me from your list and do not call again.' });
    const { prisma } = app.services.database;
    const refused = await findDoNotCall(prisma, ann, ann.actor.userId, [phone, next]);
    expect(refused).toEqual(new Set([phone, next]));
  });
});
