import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readTime } from '#domain/conversations/import/source/times.ts';

describe.each(['UTC', 'Asia/Jerusalem', 'America/Los_Angeles'])(
  'a time of an imported message, on a server in %s',
  (serverZone) => {
    const before = process.env.TZ;
    beforeAll(() => {
      process.env.TZ = serverZone;
    });
    afterAll(() => {
      if (before === undefined) delete process.env.TZ;
      else process.env.TZ = before;
    });

    it.each([
      ['2024-01-02 10:00:00', '2024-01-02T10:00:00.000Z'],
      ['2024-01-02 10:00:00,123', '2024-01-02T10:00:00.123Z'],
      ['2024-01-02 10:00:00+02:00', '2024-01-02T08:00:00.000Z'],
      ['2024-01-02 10:00:00.123456 -05:00', '2024-01-02T15:00:00.123Z'],
      ['2024-01-02T10:00:00+02:00', '2024-01-02T08:00:00.000Z'],
      ['2024-01-02 10:00 GMT+02:00', '2024-01-02T08:00:00.000Z'],
      ['1/2/2024, 10:00:00 AM', '2024-01-02T10:00:00.000Z'],
      ['Tue Jan 02 2024 10:00:00 GMT+0200 (Israel Standard Time)', '2024-01-02T08:00:00.000Z'],
      ['2024-01-02', '2024-01-02T00:00:00.000Z'],
      ['2024/01/02', '2024-01-02T00:00:00.000Z'],
      ['Tuesday, January 2, 2024', '2024-01-02T00:00:00.000Z'],
    ])('is read from %s', (written, time) => {
      expect(readTime(written)).toBe(time);
    });
  },
);
