import fc from 'fast-check';
import { expect, it } from 'vitest';
import { jsonPieces } from '#http/graphql/json-pieces.ts';

const piecesOf = (value: unknown) => [...jsonPieces(value)];

it('are together what JSON.stringify has in one piece', () => {
  fc.assert(
    fc.property(fc.jsonValue({ stringUnit: 'binary' }), (value) => {
      expect(piecesOf(value).join('')).toBe(JSON.stringify(value));
    }),
  );
});

it('of a long text are short, and split no letter of two units', () => {
  for (const start of ['', 'x', 'xש']) {
    const text = start + '😀"\n'.repeat(100_000);
    const pieces = piecesOf({ content: text });
    expect(pieces.join('')).toBe(JSON.stringify({ content: text }));
    expect(Math.max(...pieces.map(({ length }) => length))).toBeLessThan(2 ** 17);
  }
});

it('leave out what JSON has no word for', () => {
  const value = { gone: undefined, list: [undefined, 1], at: new Date(0), exact: JSON.rawJSON('1.10') };
  expect(piecesOf(value).join('')).toBe(JSON.stringify(value));
});

it('of many short values are few', () => {
  const numbers = Array.from({ length: 100_000 }, (_, index) => index);
  const nothing = Array.from({ length: 50_000 }, () => []);
  const byName = Object.fromEntries(numbers.map((number) => [`n${number}`, number]));
  const long = 'x'.repeat(100_000);
  const value = [
    { numbers, long, byName: { ...byName, gone: undefined } },
    long,
    ...numbers,
    nothing,
    { long: [long, 1] },
  ];
  const pieces = piecesOf(value);
  expect(pieces.join('')).toBe(JSON.stringify(value));
  expect(pieces.length).toBeLessThan(200);
  expect(Math.max(...pieces.map(({ length }) => length))).toBeLessThan(2 ** 18);
});
