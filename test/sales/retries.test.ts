import { expect, it } from 'vitest';
import { type EndedCall, nextStep, type TriedLead } from '#domain/sales/campaigns/retries.ts';

const NOW = new Date('2026-11-26T07:00:00Z');
const LEAD = { phone: '+972541234567', timeZone: 'Asia/Jerusalem', attempts: 1 };
const ONCE: TriedLead = { attempts: 1, maxAttempts: 3, lead: LEAD, maxLeadAttempts: 3, now: NOW };

const askedFor = (...times: string[]): EndedCall => ({
  status: 'COMPLETED',
  outcome: 'CALL_BACK',
  answeredBy: 'PERSON',
  dialledAt: NOW,
  errorRetryable: null,
  agentState: { nextStep: { key: times.length > 0 ? 'nextCallBack' : 'nextCallBackSometime', times } },
});

it.each([
  ['at the time that they named', '2026-11-30T08:00:00.000Z', '2026-11-30T08:00:00.000Z'],
  ['when the day that they named begins, by their own clock', '2026-11-30', '2026-11-29T22:00:00.000Z'],
  ['in a minute, where that is over', '2026-11-26T06:59:00.000Z', '2026-11-26T07:01:00.000Z'],
])('a lead that asks for another call is called again %s', (_when, named, dueAt) => {
  expect(nextStep(askedFor(named), ONCE)).toEqual({ status: 'PENDING', dueAt: new Date(dueAt), attempts: 1 });
});

it('a call that was cancelled before anybody answered was no attempt; the next one waits as long as after no answer', () => {
  const cancelled: EndedCall = { ...askedFor(), status: 'CANCELLED', outcome: null, answeredBy: null };
  const dueAt = new Date('2026-11-26T09:00:00Z');
  expect(nextStep(cancelled, { ...ONCE, maxAttempts: 1 })).toEqual({ status: 'PENDING', dueAt, attempts: 0 });
});

it.each([
  ['it named no time', askedFor(), ONCE],
  ['that is too far away', askedFor('2027-02-01'), ONCE],
  ['the campaign has used its attempts up', askedFor('2026-11-30'), { ...ONCE, attempts: 3 }],
  ['all have used them up', askedFor('2026-11-30'), { ...ONCE, lead: { ...LEAD, attempts: 3 } }],
])('it is reached, and left to people, where %s', (_why, call, tried) => {
  expect(nextStep(call, tried)).toMatchObject({ status: 'REACHED', dueAt: null });
});
