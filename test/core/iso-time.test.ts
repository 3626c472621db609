import fc from 'fast-check';
import { expect, it } from 'vitest';
import { isoTime } from '#domain/core/iso-time.ts';

it('is what toISOString returns, of any moment, on the day of the one before and on another', () => {
  const moments = fc.array(fc.date({ noInvalidDate: true }), { minLength: 1 });
  const near = fc
    .array(fc.integer({ min: -200_000_000, max: 200_000_000 }))
    .map((times) => times.map((time) => new Date(time)));
  fc.assert(
    fc.property(moments, near, (some, others) => {
      for (const moment of [...some, ...others]) expect(isoTime(moment)).toBe(moment.toISOString());
    }),
  );
});

it('has no text for what is no moment', () => {
  expect(() => isoTime(new Date(Number.NaN))).toThrow(RangeError);
});
