import { parse } from 'csv-parse/sync';
import { describe, expect, it } from 'vitest';
import { findPhone, makeCallable, OPEN_ALL_HOURS, waitForCall, zoneOfDay } from '../support/calls.ts';
import type { Client } from '../support/client.ts';
import {
  CallEvidence,
  CallLead,
  Calls,
  DeleteLead,
  Eligibility,
  SalesReport,
  UpdateLead,
} from '../support/operations.ts';
import { useParley, useProcesses } from '../support/use-parley.ts';

const app = useParley({ env: OPEN_ALL_HOURS });

/** Calls a lead; returns the call's id. */
async function place(owner: Client, leadId: string): Promise<string> {
  const { callLead } = await owner.ask(CallLead, { input: { leadId } });
  return callLead?.call.id as string;
}

describe('a call over the simulated line', () => {
  it('is placed, dialled and talked in, and is a conversation', async () => {
    const ann = await app.user();
    const leadId = await makeCallable(ann, {
      phone: findPhone(({ unanswered, party }) => !unanswered && party === 'person'),
    });
    const { callLead } = await ann.ask(CallLead, { input: { leadId } });
    expect(callLead).toMatchObject({ call: { attempt: 1, provider: 'simulated' }, job: { kind: 'CALL_LEAD' } });
    const call = await waitForCall(ann, callLead?.call.id as string);
    expect(call).toMatchObject({
      status: 'COMPLETED',
      direction: 'OUTBOUND',
      providerCallId: expect.any(String),
      durationSeconds: expect.any(Number),
      error: null,
      lead: { id: leadId, attempts: 1 },
      conversation: { channel: 'PHONE', title: 'Dana Levi' },
    });
    expect(call.outcome).not.toBeNull();
    const said = call.conversation?.messages.edges.map(({ node }) => node) ?? [];
    expect(said[0]).toMatchObject({ role: 'ASSISTANT', sequence: 1 });
    const { conversations, viewer } = await ann.ask(
      'query ($id: ID!) { conversations(filter: { leadId: $id }) { edges { node { lead { id } } } } viewer { usage { callSeconds } } }',
      { id: leadId },
    );
    expect(conversations.edges).toEqual([{ node: { lead: { id: leadId } } }]);
    expect(viewer.usage.callSeconds).toBeCloseTo(call.durationSeconds as number, 1);
  });

  it('keeps what allowed it, whatever becomes of the lead', async () => {
    const ann = await app.user();
    const evidence = {
      consentAt: new Date(Date.now() - 30 * 24 * 3_600_000).toISOString(),
      consentReference: 'form 7',
      registryCheckedAt: new Date(Date.now() - 3_600_000).toISOString(),
      registryReference: 'inquiry 12',
    };
    const timeZone = zoneOfDay();
    const leadId = await makeCallable(ann, { ...evidence, timeZone });
    const id = await place(ann, leadId);
    await waitForCall(ann, id);
    await ann.ask(UpdateLead, { input: { leadId, consentAt: null, consentReference: null, timeZone: 'Asia/Tokyo' } });
    const { call } = await ann.ask(CallEvidence, { id });
    expect(call?.evidence).toEqual({ ...evidence, country: 'IL', timeZones: [timeZone] });
    const file = await fetch(`${app.parley.url}/calls.csv`, { headers: { authorization: `Bearer ${ann.key}` } });
    expect(parse(await file.text(), { columns: true, bom: true })).toMatchObject([evidence]);
  });

  it.each(['BUSY', 'NO_ANSWER', 'FAILED'] as const)('ends as the line says: %s', async (status) => {
    const ann = await app.user();
    const leadId = await makeCallable(ann, { phone: findPhone(({ unanswered }) => unanswered === status) });
    const call = await waitForCall(ann, await place(ann, leadId));
    expect(call).toMatchObject({ status, outcome: null, startedAt: null, durationSeconds: null });
    expect(call.error?.code ?? null).toBe(status === 'FAILED' ? 'UNAVAILABLE' : null);
    const { lead } = await ann.ask(Eligibility, { id: leadId });
    expect(lead?.callEligibility.reasons.map(({ code }) => code)).toEqual([]);
  });
});

describe('the report of calls', () => {
  it('has them by the hour and the day of each lead’s own clock', async () => {
    const ann = await app.user();
    const hourIn = (timeZone: string, at: string) =>
      Number(new Date(at).toLocaleString('en', { timeZone, hour: '2-digit', hourCycle: 'h23' }));
    // The window is closed for the last minute of the day.
    const zones = ['America/New_York', 'Asia/Jerusalem', 'Asia/Tokyo'].filter(
      (zone) => hourIn(zone, new Date().toISOString()) < 23,
    );
    const expected: { hours: Record<number, number>; days: Record<string, number> } = { hours: {}, days: {} };
    for (const timeZone of zones.slice(0, 2)) {
      const { dialledAt } = await waitForCall(ann, await place(ann, await makeCallable(ann, { timeZone })));
      const hour = hourIn(timeZone, dialledAt as string);
      const day = new Date(dialledAt as string).toLocaleDateString('sv-SE', { timeZone });
      expected.hours[hour] = (expected.hours[hour] ?? 0) + 1;
      expected.days[day] = (expected.days[day] ?? 0) + 1;
    }
    const from = new Date(Date.now() - 3_600_000).toISOString();
    const { salesReport } = await ann.ask(SalesReport, { from, to: new Date().toISOString() });
    expect(Object.keys(expected.hours)).toHaveLength(2);
    expect(Object.fromEntries(salesReport.byHour.map(({ hour, calls }) => [hour, calls]))).toEqual(expected.hours);
    expect(Object.fromEntries(salesReport.byDay.map(({ day, calls }) => [day, calls]))).toEqual(expected.days);
  });
});

describe('a lead who may not be called', () => {
  it('is not, and every reason is named', async () => {
    const ann = await app.user();
    const leadId = await makeCallable(ann, { consentAt: null, registryCheckedAt: null });
    const { errors } = await ann.send(CallLead, { input: { leadId } });
    expect(errors).toMatchObject([
      {
        extensions: {
          code: 'NOT_ELIGIBLE',
          nextAllowedAt: null,
          reasons: [{ code: 'CONSENT_MISSING' }, { code: 'REGISTRY_CHECK_MISSING' }],
        },
      },
    ]);
    expect((await ann.ask(Calls)).calls.totalCount).toBe(0);
  });

  it('is one who is in a call already; whoever repeats the key gets the call', async () => {
    const ann = await app.user();
    const leadId = await makeCallable(ann, { phone: findPhone(({ unanswered }) => unanswered === 'NO_ANSWER') });
    const input = { leadId, idempotencyKey: 'once' };
    const placed = await Promise.all(Array.from({ length: 5 }, () => ann.send(CallLead, { input })));
    expect(new Set(placed.map(({ data }) => data?.callLead?.call.id)).size).toBe(1);
    const rivals = await Promise.all(Array.from({ length: 3 }, () => ann.send(CallLead, { input: { leadId } })));
    const { calls } = await ann.ask(Calls);
    for (const { errors } of rivals)
      if (errors) expect(['NOT_ELIGIBLE', 'CONFLICT']).toContain(errors[0]?.extensions.code);
    expect(calls.totalCount).toBe(1 + rivals.filter(({ errors }) => !errors).length);
  });
});

describe('calls', () => {
  it('are listed by page, filtered and ordered, each by its owner only', async () => {
    const [ann, bob] = [await app.user(), await app.user()];
    const busy = findPhone(({ unanswered }) => unanswered === 'BUSY');
    const [first, second] = [await makeCallable(ann, { phone: busy }), await makeCallable(ann)];
    const ids = [await place(ann, first), await place(ann, second)];
    for (const id of ids) await waitForCall(ann, id);
    const page = await ann.ask(Calls, { first: 1 });
    expect(page.calls).toMatchObject({
      totalCount: 2,
      edges: [{ node: { id: ids[1] } }],
      pageInfo: { hasNextPage: true },
    });
    const rest = await ann.ask(Calls, { after: page.calls.pageInfo.endCursor });
    expect(rest.calls.edges.map(({ node }) => node.id)).toEqual([ids[0]]);
    const listed = async (filter: object, orderBy?: 'QUEUED_ASC') =>
      (await ann.ask(Calls, { filter, ...(orderBy && { orderBy }) })).calls.edges.map(({ node }) => node.id);
    expect(await listed({}, 'QUEUED_ASC')).toEqual(ids);
    expect(await listed({ statuses: ['BUSY'], leadId: first })).toEqual([ids[0]]);
    expect(await listed({ directions: ['INBOUND'] })).toEqual([]);
    expect(await listed({ queuedBefore: '2020-01-01T00:00:00Z' })).toEqual([]);
    expect((await bob.ask(Calls)).calls.totalCount).toBe(0);
    const { lead } = await ann.ask(
      'query ($id: ID!) { lead(id: $id) { calls { totalCount edges { node { id } } } } }',
      { id: first },
    );
    expect(lead.calls).toMatchObject({ totalCount: 1, edges: [{ node: { id: ids[0] } }] });
  });

  it('are told live: the call by `changes`, what is said by `messageAdded`', async () => {
    const ann = await app.user();
    const feed = ann.follow(
      'subscription { changes(types: [CALL, CONVERSATION]) { changes { type id node { ... on Call { status } } } } }',
    );
    await feed.next();
    const leadId = await makeCallable(ann, {
      phone: findPhone(({ unanswered, party }) => !unanswered && party === 'person'),
    });
    const id = await place(ann, leadId);
    const seen = new Map<string, string>();
    while (seen.get(id) !== 'COMPLETED') {
      const { value } = await feed.next();
      for (const { id: changed, type, node } of value.data.changes.changes)
        seen.set(type === 'CONVERSATION' ? type : changed, node?.status);
    }
    expect(seen.has('CONVERSATION')).toBe(true);
    await feed.return(undefined);
    const { conversation } = await waitForCall(ann, id);
    const said = ann.follow(
      'subscription ($id: ID!) { messageAdded(conversationId: $id, afterSequence: 0) { sequence role } }',
      {
        id: conversation?.id,
      },
    );
    const [message] = await said.take(1);
    expect(message).toMatchObject({ messageAdded: { sequence: 1, role: 'ASSISTANT' } });
    await said.return(undefined);
  });

  it('go with their lead, and what was said in them too', async () => {
    const ann = await app.user();
    const leadId = await makeCallable(ann);
    const id = await place(ann, leadId);
    const { conversation } = await waitForCall(ann, id);
    await ann.ask(DeleteLead, { id: leadId });
    const gone = 'query ($ids: [ID!]!) { nodes(ids: $ids) { id } }';
    expect((await ann.ask(gone, { ids: [id, conversation?.id] })).nodes).toEqual([null, null]);
  });
});

describe('a line that tells events twice, late and in another order', () => {
  const faulty = useProcesses({ env: { ...OPEN_ALL_HOURS, SIMULATED_CALL_SPEED: '200' } });

  it.each(['doubled,shuffled', 'doubled,late'])('ends each call as a good one does (%s)', async (faults) => {
    const parley = await faulty.start(undefined, { SIMULATED_CALL_FAULTS: faults });
    const ann = await parley.user();
    const phones = [
      findPhone(({ unanswered }) => unanswered === 'BUSY'),
      findPhone(({ unanswered }) => unanswered === 'NO_ANSWER'),
      findPhone(({ unanswered, party, persona }) => !unanswered && party === 'person' && persona === 'books'),
    ];
    const ids: string[] = [];
    for (const phone of phones) ids.push(await place(ann, await makeCallable(ann, { phone })));
    const ends = await Promise.all(ids.map((id) => waitForCall(ann, id)));
    expect(ends.map(({ status }) => status)).toEqual(['BUSY', 'NO_ANSWER', 'COMPLETED']);
    for (const { lead } of ends) expect(lead.attempts).toBe(1);
    const [, , talk] = ends;
    expect(talk).toMatchObject({ outcome: 'MEETING_BOOKED', answeredBy: 'PERSON' });
    expect(Date.parse(talk?.endedAt ?? '')).toBeGreaterThan(Date.parse(talk?.startedAt ?? ''));
    const said = talk?.conversation?.messages.edges.map(({ node }) => node.content);
    expect(new Set(said).size).toBe(said?.length);
    await parley.stop();
  });
});
