import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { planCall } from '#adapters/telephony/simulated-plan.ts';
import type { LineReport, LineStatus } from '#adapters/telephony/telephony.ts';
import { ACTIVE_STATUSES, type CallProgress, isActive, progressAfter } from '#domain/sales/calls/call-states.ts';

type Told = Pick<LineReport, 'status' | 'at' | 'durationSeconds'>;

const BEGINNING: CallProgress = { status: 'DIALING', startedAt: null, endedAt: null };
const T0 = Date.parse('2026-10-25T00:30:00Z');

const told = (status: LineStatus, seconds: number, durationSeconds: number | null = null): Told => ({
  status,
  at: new Date(T0 + seconds * 1000),
  durationSeconds,
});

/** All that a provider may tell of one call, in the order in which it happened. */
const histories = fc
  .record({
    ring: fc.integer({ min: 0, max: 30 }),
    talk: fc.integer({ min: 0, max: 600 }),
    end: fc.constantFrom<LineStatus>('COMPLETED', 'BUSY', 'NO_ANSWER', 'FAILED', 'CANCELLED'),
    says: fc.boolean(),
  })
  .map(({ ring, talk, end, says }) => [
    told('QUEUED', 0),
    told('RINGING', ring),
    ...(end === 'COMPLETED' ? [told('IN_PROGRESS', ring + 1)] : []),
    told(end, ring + 1 + talk, says && end === 'COMPLETED' ? talk : null),
  ]);

/** The same, in any order, each at least once. */
const tellings = histories.chain((history) =>
  fc
    .array(fc.constantFrom(...history), { maxLength: 12 })
    .chain((more) =>
      fc
        .shuffledSubarray([...history, ...more], { minLength: history.length + more.length })
        .map((order) => ({ history, order })),
    ),
);

const endOf = (reports: readonly Told[]) => reports.reduce(progressAfter, BEGINNING);

describe('the progress of a call', () => {
  it('is the same whatever the order in which its events come, and however often', () => {
    fc.assert(
      fc.property(tellings, ({ history, order }) => {
        expect(endOf(order)).toEqual(endOf(history));
      }),
      { numRuns: 1000 },
    );
  });

  it('goes only forward, and an end stays as it was', () => {
    fc.assert(
      fc.property(tellings, ({ order }) => {
        const rank = ({ status }: CallProgress) =>
          isActive(status) ? (ACTIVE_STATUSES as readonly string[]).indexOf(status) : ACTIVE_STATUSES.length;
        order.reduce((call, report) => {
          const next = progressAfter(call, report);
          expect(rank(next)).toBeGreaterThanOrEqual(rank(call));
          if (!isActive(call.status)) expect(next).toMatchObject({ status: call.status, endedAt: call.endedAt });
          return next;
        }, BEGINNING);
      }),
    );
  });

  it('knows by its length when a call was answered of which nothing else was told', () => {
    expect(endOf([told('COMPLETED', 100, 40)]).startedAt).toEqual(new Date(T0 + 60_000));
  });
});

describe('a simulated call', () => {
  const numbers = Array.from({ length: 2_000 }, (_, index) => `+97252${String(1_000_000 + index)}`);

  it('goes the same way each time, and another with another seed or at another attempt', () => {
    const plans = (seed: string, attempt: number) => numbers.map((phone) => planCall(seed, phone, attempt, 30));
    expect(plans('a', 1)).toEqual(plans('a', 1));
    expect(plans('a', 1)).not.toEqual(plans('b', 1));
    expect(plans('a', 1)).not.toEqual(plans('a', 2));
  });

  it('can end in every way, and rings no longer than a call may', () => {
    const plans = numbers.map((phone) => planCall('a', phone, 1, 30));
    expect(new Set(plans.map(({ unanswered, party }) => unanswered ?? party))).toEqual(
      new Set(['person', 'voicemail', 'screener', 'hold', 'BUSY', 'NO_ANSWER', 'FAILED']),
    );
    expect(new Set(plans.map(({ persona }) => persona)).size).toBe(7);
    for (const { ringMs } of plans) expect(ringMs).toBeLessThanOrEqual(30_000);
  });
});
