import { describe, expect, it } from 'vitest';
import type { CreateLeadInput, LeadFilter } from '../generated/graphql.ts';
import type { Client } from '../support/client.ts';
import { CreateLead, DeleteLead, ImportLeads, Leads, LiftDoNotCall, UpdateLead } from '../support/operations.ts';
import { sql } from '../support/sql.ts';
import { useParley } from '../support/use-parley.ts';

const apps = { postgres: useParley(), embedded: useParley({ on: 'embedded' }) };

async function create(owner: Client, input: Partial<CreateLeadInput> = {}) {
  const { createLead } = await owner.ask(CreateLead, {
    input: { name: 'Dana Levi', phone: '+972522345678', ...input },
  });
  return (createLead as NonNullable<typeof createLead>).lead;
}

const change = (owner: Client, leadId: string, input: Record<string, unknown>) =>
  owner.send(UpdateLead, { input: { leadId, ...input } });

const names = async (owner: Client, filter: LeadFilter = {}) =>
  (await owner.ask(Leads, { filter, first: 100 })).leads.edges.map(({ node }) => node.name);

const statusOf = async (owner: Client, phone: string) =>
  (await owner.ask(Leads, { filter: { search: phone } })).leads.edges[0]?.node.status;

describe.each(['postgres', 'embedded'] as const)('a lead on the %s database', (on) => {
  const app = apps[on];

  it('is kept as it was given, with its number in E.164 and the zone of that', async () => {
    const ann = await app.user();
    const lead = await create(ann, { name: ' דנה לוי ', phone: '052-234-5678', language: 'he', company: 'לביא בע"מ' });
    expect(lead).toMatchObject({
      name: 'דנה לוי',
      phone: '+972522345678',
      country: 'IL',
      language: 'he',
      company: 'לביא בע"מ',
      timeZone: 'Asia/Jerusalem',
      possibleTimeZones: ['Asia/Jerusalem'],
      status: 'NEW',
      tags: [],
      attempts: 0,
      consentAt: null,
    });
  });

  it('is in every zone of its number, unless one is given', async () => {
    const ann = await app.user();
    const mobile = await create(ann, { phone: '+61412345678' });
    expect(mobile.possibleTimeZones.length).toBeGreaterThan(3);
    expect(mobile.possibleTimeZones).toContain(mobile.timeZone);
    const { data } = await change(ann, mobile.id, { timeZone: 'australia/perth' });
    expect(data?.updateLead?.lead.timeZone).toBe('Australia/Perth');
  });

  it('speaks a language that is given by its tag or its name', async () => {
    const ann = await app.user();
    const { id, language } = await create(ann, { name: 'Dana', phone: '0522345678', language: 'עברית' });
    expect(language).toBe('he');
    for (const [given, stored] of [
      ['English', 'en'],
      ['iw', 'he'],
      [' Hebrew ', 'he'],
      ['German', 'de'],
      ['Deutsch', 'de'],
      ['גרמנית', 'de'],
      ['italian', 'it'],
      ['Português', 'pt'],
      ['Espan\u0303ol', 'es'],
      ['русский', 'ru'],
      ['العربية', 'ar'],
    ] as const)
      expect((await change(ann, id, { language: given })).data?.updateLead?.lead.language).toBe(stored);
  });

  it.each([
    ['phone', { phone: '0522345678', language: 'en' }],
    ['phone', { phone: '9.7254E+11' }],
    ['timeZone', { timeZone: 'IST' }],
    ['timeZone', { timeZone: '+02:00' }],
    ['language', { language: 'not a language' }],
    ['language', { language: 'klingon' }],
    ['email', { email: 'dana' }],
    ['name', { name: '  ' }],
    ['name', { name: 'a\0b' }],
    ['tags', { tags: ['x'.repeat(51)] }],
    ['consentAt', { consentAt: '2999-01-01T00:00:00Z' }],
  ])('is refused, by the field that is wrong: %s', async (field, input) => {
    const ann = await app.user();
    const { errors } = await ann.send(CreateLead, { input: { name: 'Dana', phone: '+972522345678', ...input } });
    expect(errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT', field: expect.stringContaining(field) } }]);
    expect(await names(ann)).toEqual([]);
  });

  it('has a number that no other lead of its owner has; others have their own', async () => {
    const [ann, bob] = [await app.user(), await app.user()];
    const lead = await create(ann);
    const again = await ann.send(CreateLead, { input: { name: 'Other', phone: '00972-52-2345678' } });
    expect(again.errors).toMatchObject([{ extensions: { code: 'CONFLICT', leadId: lead.id } }]);
    const other = await create(ann, { phone: '+972522345679' });
    const taken = await change(ann, other.id, { phone: '052-2345678', language: 'he' });
    expect(taken.errors).toMatchObject([{ extensions: { code: 'CONFLICT', leadId: lead.id } }]);
    await create(bob);
  });

  it('is created once where several requests bring its number at once', async () => {
    const ann = await app.user();
    const input = { name: 'Dana', phone: '+972522345678' };
    const results = await Promise.all(Array.from({ length: 6 }, () => ann.send(CreateLead, { input })));
    expect(results.filter(({ errors }) => !errors)).toHaveLength(1);
    for (const { errors } of results)
      if (errors) expect(errors).toMatchObject([{ extensions: { code: 'CONFLICT', leadId: expect.any(String) } }]);
  });

  it('goes from status to status as a sale does', async () => {
    const ann = await app.user();
    const { id } = await create(ann);
    for (const status of ['CONTACTED', 'QUALIFIED', 'MEETING_BOOKED', 'WON']) {
      expect((await change(ann, id, { status })).data?.updateLead?.lead.status).toBe(status);
    }
    const { errors } = await change(ann, id, { status: 'NEW' });
    expect(errors).toMatchObject([{ extensions: { code: 'CONFLICT', status: 'WON', allowed: expect.any(Array) } }]);
  });

  it('is found by a part of its name, company or number, in its owner’s list only', async () => {
    const [ann, bob] = [await app.user(), await app.user()];
    await create(ann, { name: 'Dana Levi', company: 'Étoile Ltd' });
    await create(ann, { name: 'דָּנָה כהן', phone: '+972541234567', company: 'לביא בע"מ', tags: [' VIP ', 'vip'] });
    expect(await names(ann, { search: 'ana le' })).toEqual(['Dana Levi']);
    expect(await names(ann, { search: 'ETOILE' })).toEqual(['Dana Levi']);
    expect(await names(ann, { search: 'דנה' })).toEqual(['דָּנָה כהן']);
    expect(await names(ann, { search: 'בע"מ' })).toEqual(['דָּנָה כהן']);
    expect(await names(ann, { search: '052-234' })).toEqual(['Dana Levi']);
    expect(await names(ann, { search: '00972 54' })).toEqual(['דָּנָה כהן']);
    expect(await names(ann, { search: 'da' })).toEqual(['Dana Levi']);
    for (const letter of ['%', 'ж', "'", '\\', '😀']) expect(await names(ann, { search: letter })).toEqual([]);
    expect(await names(ann, { search: 'É' })).toEqual(['Dana Levi']);
    expect(await names(ann, { search: 'כ' })).toEqual(['דָּנָה כהן']);
    expect(await names(ann, { search: 'דָּ' })).toEqual(['דָּנָה כהן']);
    expect(await names(ann, { search: '"' })).toEqual(['דָּנָה כהן']);
    expect(await names(ann, { search: '8' })).toEqual(['Dana Levi']);
    expect(await names(ann, { search: '7' })).toHaveLength(2);
    // As they come from chats, from right to left, and from other keyboards.
    for (const search of ['\u200F054-123', '\u202A+972 54\u202C', '054\u2011123', 'דנה  כהן'])
      expect(await names(ann, { search })).toEqual(['דָּנָה כהן']);
    for (const search of ['בע״מ', "בע''מ", '\u200Fלביא בע״מ\u200F', 'לביא בע”מ'])
      expect(await names(ann, { search })).toEqual(['דָּנָה כהן']);
    await create(ann, { name: 'צ׳רלי 👩‍👧', phone: '+972541234568' });
    for (const search of ["צ'רלי", 'צ׳רלי', 'צ’רלי', '👩‍👧'])
      expect(await names(ann, { search })).toEqual(['צ׳רלי 👩‍👧']);
    expect(await names(ann, { tagsAny: ['VIP'] })).toEqual(['דָּנָה כהן']);
    expect(await names(ann, { statuses: ['WON'] })).toEqual([]);
    expect(await names(bob, { search: 'dana' })).toEqual([]);
  });

  it('is found by its tags, as they are now, once for all of them, and counted', async () => {
    const ann = await app.user();
    const tagged = async (n: number, tags: string[], more = {}) =>
      (await create(ann, { name: `Lead ${n}`, phone: `+97252234567${n}`, tags, ...more })).id;
    const [first] = [await tagged(1, ['a', 'b']), await tagged(2, ['b']), await tagged(3, ['a', 'b', 'c'])];
    const csv = 'name,phone,tags\nLead 4,+972522345674,"c, a"\nLead 2,+972522345672,b\n';
    await ann.ask(ImportLeads, { input: { csv } });
    expect(await names(ann, { tagsAny: ['a'] })).toEqual(['Lead 4', 'Lead 3', 'Lead 1']);
    const filter = { tagsAny: ['a', 'b', 'nobody', 'B'] };
    const page = (await ann.ask(Leads, { filter, first: 3 })).leads;
    const rest = (await ann.ask(Leads, { filter, first: 3, after: page.pageInfo.endCursor })).leads;
    expect([...page.edges, ...rest.edges].map(({ node }) => node.name)).toEqual([
      'Lead 4',
      'Lead 3',
      'Lead 2',
      'Lead 1',
    ]);
    expect([page.totalCount, rest.pageInfo.hasNextPage]).toEqual([4, false]);
    const last = (await ann.ask(Leads, { filter, last: 2 })).leads;
    expect(last.edges.map(({ node }) => node.name)).toEqual(['Lead 2', 'Lead 1']);
    for (const tagsAny of [[], [' '], ['nobody']]) expect(await names(ann, { tagsAny })).toEqual([]);

    await change(ann, first, { tags: ['d'] });
    expect(await names(ann, { tagsAny: ['b'] })).toEqual(['Lead 3', 'Lead 2']);
    await change(ann, first, { status: 'CONTACTED' });
    expect(await names(ann, { tagsAny: ['c', 'd'], statuses: ['CONTACTED'] })).toEqual(['Lead 1']);
    expect(await names(ann, { tagsAny: ['c', 'd'], search: '4567' })).toEqual(['Lead 4', 'Lead 3', 'Lead 1']);
    await ann.ask(DeleteLead, { id: first });
    const { leads } = await ann.ask(Leads, { filter: { tagsAny: ['c', 'd'] } });
    expect([leads.totalCount, leads.edges.map(({ node }) => node.name)]).toEqual([2, ['Lead 4', 'Lead 3']]);
    expect(await names(await app.user(), { tagsAny: ['a'] })).toEqual([]);
  });

  it('is read page by page, newest first', async () => {
    const ann = await app.user();
    for (const digit of [1, 2, 3]) await create(ann, { name: `Lead ${digit}`, phone: `+97252234567${digit}` });
    const { leads } = await ann.ask(Leads, { first: 2 });
    expect(leads.totalCount).toBe(3);
    const rest = await ann.ask(Leads, { first: 2, after: leads.pageInfo.endCursor });
    expect([...leads.edges, ...rest.leads.edges].map(({ node }) => node.name)).toEqual(['Lead 3', 'Lead 2', 'Lead 1']);
  });

  it('has conversations of its own, which stay without it', async () => {
    const [ann, bob] = [await app.user(), await app.user()];
    const { id } = await create(ann);
    const talk =
      'mutation ($id: ID!) { createConversation(input: { leadId: $id }) { conversation { id lead { id } } } }';
    const { conversation } = (await ann.ask(talk, { id })).createConversation;
    expect(conversation.lead).toEqual({ id });
    expect((await bob.send(talk, { id })).errors).toMatchObject([{ extensions: { code: 'NOT_FOUND' } }]);
    const { changeCursor } = (await ann.ask('{ viewer { changeCursor } }')).viewer;
    await ann.ask('mutation ($id: ID!) { deleteLead(input: { leadId: $id }) { deletedId } }', { id });
    const { changes } = await ann.ask(
      'query ($after: String!) { changes(after: $after) { changes { id deleted node { ... on Conversation { lead { id } } } } } }',
      { after: changeCursor },
    );
    expect(changes.changes).toContainEqual({ id: conversation.id, deleted: false, node: { lead: null } });
    expect(changes.changes).toContainEqual({ id, deleted: true, node: null });
  });

  it.runIf(on === 'postgres')('goes with its user', async () => {
    const ann = await app.user();
    await change(ann, (await create(ann)).id, { status: 'DO_NOT_CALL' });
    await sql(app.database, 'DELETE FROM users WHERE username = $1', [ann.username]);
    const [left] = await sql(
      app.database,
      'SELECT (SELECT count(*) FROM leads l LEFT JOIN users u ON u.id = l.owner_id WHERE u.id IS NULL)::int AS leads, (SELECT count(*) FROM do_not_call d LEFT JOIN users u ON u.id = d.owner_id WHERE u.id IS NULL)::int AS refusals',
    );
    expect(left).toEqual({ leads: 0, refusals: 0 });
  });
});

describe.each(['postgres', 'embedded'] as const)('a refusal on the %s database', (on) => {
  const app = apps[on];

  const PHONE = '+972522345678';

  async function refuse(owner: Client) {
    const { id } = await create(owner, { phone: PHONE });
    await change(owner, id, { status: 'DO_NOT_CALL' });
    return id;
  }

  it('is for good: no status follows it, and a new number does not end it', async () => {
    const ann = await app.user();
    const id = await refuse(ann);
    expect((await change(ann, id, { status: 'NEW' })).errors).toMatchObject([{ extensions: { code: 'CONFLICT' } }]);
    expect((await change(ann, id, { phone: '+972541234567' })).data?.updateLead?.lead.status).toBe('DO_NOT_CALL');
    expect((await create(ann, { phone: PHONE })).status).toBe('DO_NOT_CALL');
    await ann.ask(DeleteLead, { id });
    expect((await create(ann, { phone: '+972541234567' })).status).toBe('DO_NOT_CALL');
  });

  it('outlives the deletion of its lead, and is not written down', async () => {
    const ann = await app.user();
    await ann.ask(DeleteLead, { id: await refuse(ann) });
    expect((await create(ann, { phone: PHONE })).status).toBe('DO_NOT_CALL');
    if (on === 'embedded') return;
    const rows = await sql<{ hash: string }>(
      app.database,
      "SELECT encode(phone_hash, 'escape') AS hash FROM do_not_call",
    );
    for (const { hash } of rows) expect(hash).not.toContain('522345678');
  });

  it('comes to a lead that gets its number', async () => {
    const ann = await app.user();
    await ann.ask(DeleteLead, { id: await refuse(ann) });
    const other = await create(ann, { phone: '+972541234567' });
    expect((await change(ann, other.id, { phone: PHONE })).data?.updateLead?.lead.status).toBe('DO_NOT_CALL');
  });

  it('is lifted by no import, and the row is reported', async () => {
    const ann = await app.user();
    const id = await refuse(ann);
    const csv = 'name,phone,status\nDana,052-234-5678,NEW\nGil,054-123-4567,NEW\n';
    const { importLeads } = await ann.ask(ImportLeads, { input: { csv, defaultLanguage: 'he' } });
    expect(importLeads).toMatchObject({ created: 1, updated: 1, errors: [{ row: 2, field: 'phone' }] });
    expect(await statusOf(ann, PHONE)).toBe('DO_NOT_CALL');
    await ann.ask(DeleteLead, { id });
    const again = await ann.ask(ImportLeads, { input: { csv, defaultLanguage: 'he' } });
    expect(again.importLeads).toMatchObject({ created: 1, updated: 1, errors: [{ row: 2, field: 'phone' }] });
    expect(await statusOf(ann, PHONE)).toBe('DO_NOT_CALL');
  });

  it('is its owner’s alone', async () => {
    const [ann, bob] = [await app.user(), await app.user()];
    await refuse(ann);
    expect((await create(bob, { phone: PHONE })).status).toBe('NEW');
  });

  it('is lifted by an ADMIN, with a reason in the audit, and by nobody else', async () => {
    const ann = await app.user();
    const id = await refuse(ann);
    const { viewer } = await ann.ask('{ viewer { id } }');
    const input = { userId: viewer.id, phone: PHONE, reason: 'Wrote on 3 March that she wants to be called.' };
    expect((await ann.send(LiftDoNotCall, { input })).errors).toMatchObject([{ extensions: { code: 'FORBIDDEN' } }]);
    const blank = await app.admin.send(LiftDoNotCall, { input: { ...input, reason: ' ' } });
    expect(blank.errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT', field: 'input.reason' } }]);
    await app.admin.ask(LiftDoNotCall, { input });
    expect(await statusOf(ann, PHONE)).toBe('NEW');
    const { auditLog } = await app.admin.ask(
      '{ auditLog(action: "doNotCall.lift", first: 1) { edges { node { subjectId detail } } } }',
    );
    expect(auditLog.edges[0].node).toEqual({ subjectId: id, detail: { reason: input.reason } });
    const again = await app.admin.send(LiftDoNotCall, { input });
    expect(again.errors).toMatchObject([{ extensions: { code: 'NOT_FOUND' } }]);
  });
});
