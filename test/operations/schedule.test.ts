import { randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { cronDueAt } from '#domain/core/cron.ts';
import type { Deps } from '#domain/core/deps.ts';
import { checkBackups } from '#domain/health/backup-check.ts';
import { checkCleanUp } from '#domain/health/clean-up-check.ts';
import { followBackupSchedule } from '#domain/operations/backups/request-backup.ts';
import { cleanUp } from '#domain/operations/clean-up.ts';
import { noteFailure, noteSuccess } from '#domain/operations/schedule.ts';
import { useServices } from '../support/services.ts';

const dueAt = (cron: string, timeZone: string, moment: string) =>
  cronDueAt({ cron, timeZone }, new Date(moment)).toISOString();

describe('the newest time of a cron expression', () => {
  it('is the moment itself where that is one', () => {
    expect(dueAt('0 2 * * *', 'UTC', '2026-11-26T02:00:00Z')).toBe('2026-11-26T02:00:00.000Z');
    expect(dueAt('0 2 * * *', 'UTC', '2026-11-26T01:59:59Z')).toBe('2026-11-25T02:00:00.000Z');
  });

  it.each([
    // Israel goes to summer time at 02:00 of March 27th 2026, and back at 02:00 of October 25th.
    ['Asia/Jerusalem', '2026-03-25T12:00:00Z', '2026-03-30T12:00:00Z'],
    ['Asia/Jerusalem', '2026-10-23T12:00:00Z', '2026-10-28T12:00:00Z'],
    ['America/New_York', '2026-03-06T12:00:00Z', '2026-03-11T12:00:00Z'],
    ['America/New_York', '2026-10-30T12:00:00Z', '2026-11-04T12:00:00Z'],
  ])('comes once a day in %s, also when 02:30 does not exist or comes twice (from %s)', (timeZone, from, to) => {
    const cron = '30 2 * * *';
    const times = new Set<string>();
    for (let at = Date.parse(from); at < Date.parse(to); at += 1_800_000)
      times.add(cronDueAt({ cron, timeZone }, new Date(at)).toISOString().slice(0, 16));
    expect(times.size).toBe(6);
    const days = new Set(Array.from(times, (time) => new Date(`${time}Z`).toLocaleDateString('en', { timeZone })));
    expect(days.size).toBe(6);
  });
});

describe('scheduled backups', () => {
  const { services, open, newUser } = useServices();
  const at = (time: string) => ({ now: () => new Date(time) });

  const follow = async (deps: Pick<Deps, 'now'>) => {
    const processes = [services, await open(), await open()];
    const stops = processes.map((one) => followBackupSchedule({ ...one, ...deps }));
    for (const stop of stops) await stop();
    return services.database.prisma.job.count({ where: { kind: 'BACK_UP', requestedById: null } });
  };

  it('begin with the next time, come once whoever follows them, and a missed one is caught up once', async () => {
    expect(await follow(at('2026-11-26T12:00:00Z'))).toBe(0);
    expect(await follow(at('2026-11-27T02:00:00Z'))).toBe(1);
    expect(await follow(at('2026-11-27T02:00:30Z'))).toBe(1);
    expect(await follow(at('2026-12-05T10:00:00Z'))).toBe(2);
    expect(await follow(at('2026-12-01T10:00:00Z')), 'the clock was set back').toBe(2);
  });

  it('go on where a clock was a year ahead for a moment', async () => {
    const { prisma } = services.database;
    await prisma.schedule.deleteMany();
    const followIn = async (days: number) => {
      const moment = new Date(Date.now() + days * 86_400_000);
      await followBackupSchedule({ ...services, now: () => moment })();
      return prisma.job.count({ where: { kind: 'BACK_UP' } });
    };
    const before = await followIn(0);
    expect(await followIn(365)).toBe(before + 1);
    expect(await followIn(1)).toBe(before + 1);
    expect(await followIn(2)).toBe(before + 2);
    expect(await followIn(2)).toBe(before + 2);
  });

  it('that have a time to come are not taken for the newest', async () => {
    const { prisma } = services.database;
    const check = (time: string) =>
      checkBackups(services.database, { cron: '0 2 * * *', timeZone: 'UTC' }, new Date(time));
    await prisma.schedule.deleteMany();
    const backup = { durationSeconds: 1, sizeBytes: 1n, uncompressedBytes: 1n, verified: true };
    await prisma.backup.createMany({
      data: ['2026-11-26T02:00:00Z', '2027-11-26T02:00:00Z'].map((time) => ({
        ...backup,
        id: randomUUID(),
        name: time,
        createdAt: new Date(time),
      })),
    });
    await noteFailure(prisma, 'backups', new Date('2027-11-26T02:00:00Z'));
    expect(await check('2026-11-26T12:00:00Z')).toMatchObject({
      message: 'A backup has a time that is yet to come: a clock was wrong.',
      details: { lastProvenAt: '2026-11-26T02:00:00.000Z' },
    });
    expect(await check('2026-11-29T12:00:00Z')).toMatchObject({
      status: 'DEGRADED',
      message: 'The newest backup that was proven to restore is 82 hours old.',
    });
    await prisma.backup.deleteMany();
  });

  it.each([
    // A backup of Friday is the newest until Monday, one of 18:00 until the next morning.
    ['0 2 * * 1-5', '2026-11-27T02:00:05Z', '2026-11-30T02:59:00Z', '2026-12-01T03:01:00Z'],
    ['0 8-18 * * *', '2026-11-26T18:00:05Z', '2026-11-27T08:59:00Z', '2026-11-27T10:01:00Z'],
    ['0 2 * * *', '2026-11-26T02:00:05Z', '2026-11-28T02:59:00Z', '2026-11-28T03:01:00Z'],
  ])('are late when two times of %s have passed without one', async (cron, createdAt, inTime, late) => {
    const { prisma } = services.database;
    const check = (time: string) => checkBackups(services.database, { cron, timeZone: 'UTC' }, new Date(time));
    const numbers = { sizeBytes: 1, uncompressedBytes: 1, durationSeconds: 1 };
    await prisma.backup.create({ data: { id: randomUUID(), name: 'b', createdAt, verified: true, ...numbers } });
    expect(await check(inTime)).not.toHaveProperty('status');
    expect(await check(late)).toMatchObject({ status: 'DEGRADED' });
    await prisma.backup.deleteMany();
  });

  it('are a warning of health when they fail, or when the last proven one is old', async () => {
    const { prisma } = services.database;
    const check = (time: string) =>
      checkBackups(services.database, { cron: '0 2 * * *', timeZone: 'UTC' }, new Date(time));
    await newUser();
    await prisma.schedule.deleteMany();
    expect(await check('2026-11-26T12:00:00Z')).not.toHaveProperty('status');
    await noteFailure(prisma, 'backups', new Date('2026-11-26T12:00:00Z'));
    expect(await check('2026-11-26T13:00:00Z')).toMatchObject({
      status: 'DEGRADED',
      message: expect.stringContaining('failed'),
    });
    await noteSuccess(prisma, 'backups', new Date('2026-11-26T13:00:00Z'));
    expect(await check('2026-11-26T14:00:00Z')).not.toHaveProperty('status');
    expect(await check('2026-11-29T14:00:00Z')).toMatchObject({
      status: 'DEGRADED',
      message: expect.stringContaining('No backup was proven'),
    });
  });
});

describe('the clean-up', () => {
  const { services } = useServices();
  const check = (time: string) => checkCleanUp(services.database, new Date(time));

  it('says when it last succeeded, and warns where it is late, or where that of conversations failed', async () => {
    const { prisma } = services.database;
    expect(await check('2026-11-26T12:00:00Z')).toEqual({
      details: { lastSucceededAt: null, conversationsLastSucceededAt: null },
    });
    const at = new Date('2026-11-26T12:00:00Z');
    await cleanUp(
      { ...services, now: () => at },
      { jobs: 30, auditEntries: 400, changes: 30, metrics: 1, webhookDeliveries: 14 },
    );
    expect(await check('2026-11-26T14:59:00Z')).toMatchObject({ details: { lastSucceededAt: at.toISOString() } });
    await noteFailure(prisma, 'clean-up', new Date('2026-11-26T14:00:00Z'));
    expect(await check('2026-11-26T14:59:00Z')).not.toHaveProperty('status');
    expect(await check('2026-11-26T15:01:00Z')).toMatchObject({
      status: 'DEGRADED',
      message: 'What is past its time could not all be deleted for 3 hours; the log says why.',
    });
    await noteSuccess(prisma, 'clean-up', new Date('2026-11-26T15:00:00Z'));
    await noteFailure(prisma, 'conversations', new Date('2026-11-26T15:00:00Z'));
    expect(await check('2026-11-26T15:01:00Z')).toMatchObject({
      status: 'DEGRADED',
      message: expect.stringContaining('clean-up of conversations failed'),
    });
  });
});
