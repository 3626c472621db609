import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createCursors } from '#domain/core/cursors.ts';

const cursors = createCursors(new Uint8Array(32).fill(7));
const values = fc.array(fc.oneof(fc.string(), fc.integer(), fc.constant(null)), { minLength: 1, maxLength: 3 });

describe('a cursor', () => {
  it('is read back as it was written', () => {
    fc.assert(
      fc.property(fc.string(), values, (list, keys) => {
        expect(cursors.read(list, cursors.write(list, keys), 'after')).toEqual(keys);
      }),
    );
  });

  it('cannot be made up', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        expect(() => cursors.read('list', text, 'after')).toThrow(/not a cursor of this list/);
      }),
    );
  });

  it('cannot be changed, nor carried into another list', () => {
    fc.assert(
      fc.property(values, fc.nat(), fc.integer({ min: 1, max: 255 }), (keys, position, flip) => {
        const bytes = Buffer.from(cursors.write('list', keys), 'base64url');
        const index = position % bytes.length;
        bytes[index] = (bytes[index] as number) ^ flip;
        expect(() => cursors.read('list', bytes.toString('base64url'), 'after')).toThrow();
        expect(() => cursors.read('other', cursors.write('list', keys), 'after')).toThrow();
      }),
    );
  });
});
