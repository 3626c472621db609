import { describe, expect, it } from 'vitest';
import type { CreateLeadInput } from '../generated/graphql.ts';
import type { Client } from '../support/client.ts';
import { CreateCampaign, CreateLead, Eligibility, UpdateLead } from '../support/operations.ts';
import { sql } from '../support/sql.ts';
import { useParley } from '../support/use-parley.ts';

const app = useParley({
  env: { CLOSED_DAYS: 'IL:2026-07-07', OPEN_DAYS: '2026-07-03', CALL_COUNTRIES: 'IL,US,AU,GB,DE,FR,BR' },
});

let count = 0;

/** A lead in Israel whose consent and registry check are good on the day before `day`; `more` in their place. */
async function makeLead(owner: Client, more: Partial<CreateLeadInput> = {}, day = '2026-07-01') {
  const before = new Date(Date.parse(day) - 24 * 3_600_000).toISOString();
  const evidence = Date.parse(before) < Date.now() ? { consentAt: before, registryCheckedAt: before } : {};
  const phone = `+97252234${String(1000 + count++)}`;
  const { createLead } = await owner.ask(CreateLead, { input: { name: 'דנה', phone, ...evidence, ...more } });
  return createLead?.lead.id as string;
}

async function judge(owner: Client, id: string, at: string) {
  const { lead } = await owner.ask(Eligibility, { id, at });
  const { allowed, nextAllowedAt, reasons } = (lead as NonNullable<typeof lead>).callEligibility;
  return { allowed, next: nextAllowedAt, codes: reasons.map(({ code }) => code), reasons };
}

const US = { phone: '+12125550123', registryCheckedAt: null, timeZone: 'America/New_York' };

describe('the call window', () => {
  it('is that of the lead’s own clock, and opens and closes at exact moments', async () => {
    const ann = await app.user();
    const id = await makeLead(ann);
    const open = '2026-07-01T06:00:00.000Z';
    expect(await judge(ann, id, open)).toEqual({ allowed: true, next: open, codes: [], reasons: [] });
    expect(await judge(ann, id, '2026-07-01T05:59:59.999Z')).toMatchObject({
      allowed: false,
      next: open,
      codes: ['OUTSIDE_CALL_WINDOW'],
    });
    expect(await judge(ann, id, '2026-07-01T15:00:00Z')).toMatchObject({ next: '2026-07-02T06:00:00.000Z' });
  });

  it('follows the clock over its changes', async () => {
    const ann = await app.user();
    const id = await makeLead(ann, {}, '2026-03-25');
    // Israel: from winter to summer time on Friday, 27 March 2026; 09:00 is 07:00 UTC before and 06:00 after.
    expect(await judge(ann, id, '2026-03-25T20:00:00Z')).toMatchObject({ next: '2026-03-26T07:00:00.000Z' });
    expect(await judge(ann, id, '2026-03-28T20:00:00Z')).toMatchObject({ next: '2026-03-29T06:00:00.000Z' });
    const autumn = await makeLead(ann, {}, '2026-10-24');
    expect(await judge(ann, autumn, '2026-10-24T20:00:00Z')).toMatchObject({ next: '2026-10-25T07:00:00.000Z' });
    const york = await makeLead(ann, US, '2026-03-08');
    expect(await judge(ann, york, '2026-03-08T12:59:00Z')).toMatchObject({ next: '2026-03-08T13:00:00.000Z' });
  });

  it('is open only where it is so in every zone that the number can be in', async () => {
    const ann = await app.user();
    const id = await makeLead(ann, { phone: '+61412345678' }, '2026-07-01');
    // 09:00 in Sydney is 23:00 UTC, when it is 07:00 in Perth.
    expect(await judge(ann, id, '2026-06-30T23:30:00Z')).toMatchObject({ codes: ['OUTSIDE_CALL_WINDOW'] });
    const sydney = await makeLead(ann, { phone: '+61412345679', timeZone: 'Australia/Sydney' }, '2026-07-01');
    expect(await judge(ann, sydney, '2026-06-30T23:30:00Z')).toMatchObject({ codes: [], allowed: true });
  });

  it('is that of the whole country where people move with their numbers, unless the zone is given', async () => {
    const ann = await app.user();
    const id = await makeLead(ann, { ...US, phone: '+12125550124', timeZone: null }, '2026-07-01');
    // 09:00 in Honolulu is 19:00 UTC, and 18:00 in New York is 22:00 UTC.
    expect(await judge(ann, id, '2026-07-01T14:00:00Z')).toMatchObject({ codes: ['OUTSIDE_CALL_WINDOW'] });
    expect(await judge(ann, id, '2026-07-01T18:59:59Z')).toMatchObject({ next: '2026-07-01T19:00:00.000Z' });
    expect(await judge(ann, id, '2026-07-01T21:59:59Z')).toMatchObject({ allowed: true });
    expect(await judge(ann, id, '2026-07-01T22:00:00Z')).toMatchObject({ allowed: false });
    await ann.ask(UpdateLead, { input: { leadId: id, timeZone: 'America/New_York' } });
    expect(await judge(ann, id, '2026-07-01T14:00:00Z')).toMatchObject({ allowed: true });
  });

  it('is never open for a number that can be anywhere, until its zone is given', async () => {
    const ann = await app.user();
    const id = await makeLead(ann, { phone: '+18005550199' });
    expect(await judge(ann, id, '2026-07-01T15:00:00Z')).toMatchObject({ allowed: false, next: null });
    await ann.ask(UpdateLead, { input: { leadId: id, timeZone: 'America/New_York' } });
    expect(await judge(ann, id, '2026-07-01T15:00:00Z')).toMatchObject({ allowed: true });
  });
});

describe('rest days', () => {
  const NIGHTFALL_TO_NEXT: [string, string, string, Partial<CreateLeadInput>][] = [
    ['Shabbat in Jerusalem, Friday noon', '2026-06-26T09:00:00Z', '2026-06-28T06:00:00.000Z', {}],
    ['Shabbat in Jerusalem, Saturday evening', '2026-06-27T17:20:00Z', '2026-06-28T06:00:00.000Z', {}],
    ['Yom Kippur, the eve at noon', '2026-09-20T09:00:00Z', '2026-09-22T06:00:00.000Z', {}],
    ['Yom Kippur, before its end', '2026-09-21T16:10:00Z', '2026-09-22T06:00:00.000Z', {}],
    ['Shabbat in New York', '2026-06-27T20:00:00Z', '2026-06-28T13:00:00.000Z', US],
  ];

  it.each(NIGHTFALL_TO_NEXT)('close from noon of the eve until nightfall: %s', async (_name, at, next, more) => {
    const ann = await app.user();
    const id = await makeLead(ann, more, at.slice(0, 10));
    expect(await judge(ann, id, at)).toMatchObject({
      allowed: false,
      next,
      codes: expect.arrayContaining(['REST_DAY']),
    });
  });

  it('end by the sun at the place of the lead, and half an hour later', async () => {
    const ann = await app.user();
    const untilOf = async (more: Partial<CreateLeadInput>, at: string) => {
      const { reasons } = await judge(ann, await makeLead(ann, more, '2026-06-26'), at);
      return new Date(reasons.find(({ code }) => code === 'REST_DAY')?.until as string).getTime();
    };
    const MINUTE = 60_000;
    // Stars are seen at 20:31 in Jerusalem on 27 June 2026, and at 18:40 or so on the clock of New York three hours after that.
    const jerusalem = await untilOf({}, '2026-06-27T10:00:00Z');
    expect(Math.abs(jerusalem - Date.parse('2026-06-27T18:01:00Z'))).toBeLessThan(4 * MINUTE);
    const newYork = await untilOf(US, '2026-06-27T20:00:00Z');
    expect(newYork).toBeGreaterThan(Date.parse('2026-06-28T01:30:00Z'));
    expect(newYork).toBeLessThan(Date.parse('2026-06-28T02:10:00Z'));
  });

  it('are one where a feast follows a Shabbat', async () => {
    const ann = await app.user();
    // Rosh Hashana 2026: Saturday and Sunday, 12 and 13 September.
    const id = await makeLead(ann, {}, '2026-09-11');
    expect(await judge(ann, id, '2026-09-11T10:00:00Z')).toMatchObject({ next: '2026-09-14T06:00:00.000Z' });
  });

  it('have a second day outside Israel', async () => {
    const ann = await app.user();
    // The first day of Passover 2026 is Thursday, 2 April: Friday is a feast in New York, and the eve of Shabbat.
    expect(await judge(ann, await makeLead(ann, {}, '2026-04-03'), '2026-04-03T08:00:00Z')).toMatchObject({
      codes: ['OUTSIDE_CALL_WINDOW'],
    });
    expect(await judge(ann, await makeLead(ann, US, '2026-04-03'), '2026-04-03T14:00:00Z')).toMatchObject({
      codes: ['OUTSIDE_CALL_WINDOW', 'REST_DAY'],
    });
  });
});

describe('holidays', () => {
  it('are those of the country of the number', async () => {
    const ann = await app.user();
    // Memorial Day of Israel begins on Monday evening, 20 April 2026; Independence Day is the Wednesday.
    const id = await makeLead(ann, {}, '2026-04-20');
    for (const at of ['2026-04-20T10:00:00Z', '2026-04-21T10:00:00Z', '2026-04-22T10:00:00Z'])
      expect(await judge(ann, id, at)).toMatchObject({ codes: ['HOLIDAY'], next: '2026-04-23T06:00:00.000Z' });
    expect(await judge(ann, id, '2026-04-20T08:00:00Z')).toMatchObject({ allowed: true });
    const york = await makeLead(ann, US, '2026-05-25');
    expect(await judge(ann, york, '2026-05-25T15:00:00Z')).toMatchObject({ codes: ['HOLIDAY'] });
  });

  it('are closed and opened by the operator', async () => {
    const ann = await app.user();
    const id = await makeLead(ann, {}, '2026-07-07');
    expect(await judge(ann, id, '2026-07-07T08:00:00Z')).toMatchObject({ codes: ['HOLIDAY'] });
    // Independence Day of the United States is kept on Friday, 3 July 2026: open here, though Friday is no day of calls.
    const york = await makeLead(ann, US, '2026-07-03');
    expect((await judge(ann, york, '2026-07-03T14:00:00Z')).codes).toEqual(['OUTSIDE_CALL_WINDOW']);
  });
});

describe('consent', () => {
  const AT = '2026-07-01T08:00:00Z';
  const daysBefore = (days: number) => new Date(Date.parse(AT) - days * 24 * 3_600_000).toISOString();

  it.each([
    ['all there', { consentAt: daysBefore(365), registryCheckedAt: daysBefore(15) }, []],
    ['too old', { consentAt: daysBefore(366), registryCheckedAt: daysBefore(1) }, ['CONSENT_EXPIRED']],
    ['none', { consentAt: null, registryCheckedAt: null }, ['CONSENT_MISSING', 'REGISTRY_CHECK_MISSING']],
    ['registry', { consentAt: daysBefore(1), registryCheckedAt: daysBefore(16) }, ['REGISTRY_CHECK_EXPIRED']],
  ])('and the registry are asked for in Israel: %s', async (_name, evidence, codes) => {
    const ann = await app.user();
    expect(await judge(ann, await makeLead(ann, evidence), AT)).toMatchObject({
      codes,
      allowed: codes.length === 0,
      next: codes.length === 0 ? '2026-07-01T08:00:00.000Z' : null,
    });
  });

  it('must still hold at the moment at which a call would be made', async () => {
    const ann = await app.user();
    const id = await makeLead(ann, { consentAt: daysBefore(1), registryCheckedAt: daysBefore(15) });
    expect(await judge(ann, id, '2026-06-30T16:00:00Z')).toMatchObject({ next: '2026-07-01T06:00:00.000Z' });
    expect(await judge(ann, id, '2026-07-01T07:59:00Z')).toMatchObject({ allowed: true });
    // The check ends at 08:00 UTC on 1 July, before the window opens again.
    const late = await makeLead(ann, { consentAt: daysBefore(1), registryCheckedAt: '2026-06-15T16:00:00Z' });
    expect(await judge(ann, late, '2026-06-30T15:30:00Z')).toMatchObject({
      codes: ['OUTSIDE_CALL_WINDOW'],
      next: null,
    });
  });

  it('is asked for by countries, not by languages', async () => {
    const ann = await app.user();
    const none = { consentAt: null, registryCheckedAt: null };
    expect((await judge(ann, await makeLead(ann, { ...US, ...none }), '2026-07-01T15:00:00Z')).codes).toEqual([
      'CONSENT_MISSING',
    ]);
    const brazil = await makeLead(ann, { phone: '+5511912345678', ...none });
    expect((await judge(ann, brazil, '2026-07-01T15:00:00Z')).codes).toEqual([]);
  });
});

describe('the language of a lead', () => {
  it('is one that the agent speaks, or a campaign says which', async () => {
    const ann = await app.user();
    const id = await makeLead(ann, { language: 'ru' });
    const at = '2026-07-01T08:00:00Z';
    expect(await judge(ann, id, at)).toMatchObject({ codes: ['LANGUAGE_NOT_SPOKEN'], next: null });
    const input = { name: 'x', goal: 'y', leadIds: [id], language: 'he-IL' };
    const { createCampaign } = await ann.ask(CreateCampaign, { input });
    const { lead } = await ann.ask(Eligibility, { id, at, campaignId: createCampaign?.campaign.id });
    expect(lead?.callEligibility.reasons.map(({ code }) => code)).toEqual(['CAMPAIGN_NOT_RUNNING']);
    await ann.ask(UpdateLead, { input: { leadId: id, language: 'en-GB' } });
    expect(await judge(ann, id, at)).toMatchObject({ codes: [] });
  });
});

describe('every reason', () => {
  it('is told at once, each with its code and until when', async () => {
    const ann = await app.user();
    const id = await makeLead(ann, { consentAt: null, registryCheckedAt: null });
    await ann.ask(UpdateLead, { input: { leadId: id, status: 'DO_NOT_CALL' } });
    const rowId = Buffer.from(id, 'base64url').toString().split(':')[1];
    await sql(app.database, `UPDATE leads SET attempts = 3, last_attempt_at = '2026-06-26T12:00:00Z' WHERE id = $1`, [
      rowId,
    ]);
    const { codes, next, reasons } = await judge(ann, id, '2026-06-26T15:30:00Z');
    expect(codes).toEqual([
      'DO_NOT_CALL',
      'ATTEMPTS_USED_UP',
      'CONSENT_MISSING',
      'REGISTRY_CHECK_MISSING',
      'OUTSIDE_CALL_WINDOW',
      'REST_DAY',
      'TOO_SOON',
    ]);
    expect(next).toBeNull();
    expect(reasons.at(-1)?.until).toBe('2026-06-26T16:00:00.000Z');
    for (const { message } of reasons) expect(message).toMatch(/\.$/);
  });

  it('counts where a try was made too short a time ago', async () => {
    const ann = await app.user();
    const id = await makeLead(ann);
    const rowId = Buffer.from(id, 'base64url').toString().split(':')[1];
    await sql(app.database, `UPDATE leads SET attempts = 1, last_attempt_at = '2026-07-01T06:10:00Z' WHERE id = $1`, [
      rowId,
    ]);
    expect(await judge(ann, id, '2026-07-01T07:00:00Z')).toMatchObject({
      codes: ['TOO_SOON'],
      next: '2026-07-01T10:10:00.000Z',
    });
  });

  it('counts where they called themselves too short a time ago', async () => {
    const ann = await app.user();
    const id = await makeLead(ann);
    await sql(
      app.database,
      `INSERT INTO calls (id, owner_id, lead_id, direction, status, phone, attempt, provider, started_at, ended_at)
       SELECT gen_random_uuid(), owner_id, id, 'INBOUND', 'COMPLETED', phone, 0, 'simulated', '2026-07-01T06:10:00Z', '2026-07-01T06:12:00Z'
       FROM leads WHERE id = $1`,
      [Buffer.from(id, 'base64url').toString().split(':')[1]],
    );
    const { reasons, ...judged } = await judge(ann, id, '2026-07-01T07:00:00Z');
    expect(judged).toMatchObject({ codes: ['TOO_SOON'], next: '2026-07-01T10:10:00.000Z' });
    expect(reasons[0]?.message).toBe('They have called themselves a short time ago.');
  });

  it('is of a year that calendars are known of', async () => {
    const ann = await app.user();
    const id = await makeLead(ann);
    const { errors } = await ann.send(Eligibility, { id, at: '2500-01-01T00:00:00Z' });
    expect(errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT', field: 'at' } }]);
  });
});

describe('what a call may cost', () => {
  it('keeps to countries, whatever their calling code, and to kinds of numbers', async () => {
    const ann = await app.user();
    const codesOf = async (phone: string) =>
      (await judge(ann, await makeLead(ann, { phone, timeZone: 'Asia/Jerusalem' }), '2026-07-01T06:00:00Z')).codes;
    expect(await codesOf('+18765550123')).toContain('COUNTRY_NOT_ALLOWED');
    expect(await codesOf('+12125550177')).not.toContain('COUNTRY_NOT_ALLOWED');
    expect(await codesOf('+19002345678')).toContain('NUMBER_TYPE_NOT_ALLOWED');
    expect(await codesOf('+972522349999')).toEqual([]);
  });

  it('says of a number in no known range that it is to be checked', async () => {
    const ann = await app.user();
    const leadId = await makeLead(ann, { phone: '+972501234567', timeZone: 'Asia/Jerusalem' });
    const { lead } = await ann.ask(
      'query ($id: ID!) { lead(id: $id) { callEligibility { reasons { code message } } } }',
      { id: leadId },
    );
    const reason = lead.callEligibility.reasons.find(
      ({ code }: { code: string }) => code === 'NUMBER_TYPE_NOT_ALLOWED',
    );
    expect(reason.message).toMatch(/check it\. .*CALL_NUMBER_TYPES/);
  });
});
