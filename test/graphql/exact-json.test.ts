import fc from 'fast-check';
import { expect, it } from 'vitest';
import { jsonText, parseJson, parseNumber } from '#adapters/exact-json.ts';

/**
 * JSON as it is sent, and what it is. JSON.parse does not say that: that of Node 24.21 takes a name for another where both are a letter
 * that is escaped, as "\u0041" and "\\", and gives the wrong spelling of numbers, or none, beside them.
 */
type Sent<Value = unknown> = { json: string; value: Value };

const numbers = fc
  .constantFrom('-0', '0', '7', '1.10', '-1E-400', '1e400', '12345678901234567890', '0.5', '-2.5e+3')
  .map((json): Sent => ({ json, value: parseNumber(json) }));
const words = fc.constantFrom(true, false, null).map((value): Sent => ({ json: String(value), value }));
const escaped: Sent<string>[] = [
  { json: '"\\u05d0\\\\\\""', value: 'א\\"' },
  { json: '"\\u005f_proto__"', value: '__proto__' },
  { json: '"\\u0041"', value: 'A' },
];
const texts = fc.oneof(
  fc
    .oneof(fc.string({ unit: 'binary' }), fc.constantFrom('', '\\', '"', '\\"', '__proto__', 'a', '1', '-0,1.10'))
    .map((value) => ({ json: JSON.stringify(value), value })),
  fc.constantFrom(...escaped),
);
const spaced = <Value>(sent: fc.Arbitrary<Sent<Value>>) =>
  fc
    .tuple(fc.constantFrom('', ' ', '\n\t', '\r\n'), sent, fc.constantFrom('', ' ', '\t'))
    .map(([before, { json, value }, after]) => ({ json: before + json + after, value }));
const { anything } = fc.letrec<{ anything: Sent }>((tie) => {
  const inside = spaced(tie('anything'));
  const fields = fc.uniqueArray(fc.tuple(spaced(texts), inside), { selector: ([name]) => name.value });
  return {
    anything: fc.oneof(
      { maxDepth: 5 },
      fc.oneof(numbers, texts, words),
      fc.array(inside).map((items) => ({
        json: `[${items.map(({ json }) => json).join() || ' '}]`,
        value: items.map(({ value }) => value),
      })),
      fields.map((each) => ({
        json: `{${each.map((field) => field.map(({ json }) => json).join(':')).join() || '\n'}}`,
        value: Object.fromEntries(each.map(([name, { value }]) => [name.value, value])),
      })),
    ),
  };
});

it('reads numbers as they are spelled, and all else as it is', () => {
  fc.assert(
    fc.property(spaced(anything), ({ json, value }) => {
      const read = parseJson(`[-0,${json}]`);
      expect(jsonText(read)).toBe(jsonText([JSON.rawJSON('-0'), value]));
      expect(read).toEqual([JSON.rawJSON('-0'), value]);
    }),
    { numRuns: 1_000 },
  );
});

it('reads the last of fields of one name', () => {
  expect(parseJson('{"a":1.10,"b":2,"a":[]}')).toEqual({ a: [], b: 2 });
});

it.each(['-01', '[1.10', '{1.10:1}', '[1.10 2]', '1e400,', '"\\x1.10"', '[-0]]', 'nul-0', '', '[1.10,]'])(
  'refuses %j, which is no JSON',
  (sent) => {
    expect(() => parseJson(sent)).toThrow(SyntaxError);
  },
);

it('reads what is nested too deeply to be stored as JSON.parse does', () => {
  const sent = `${'['.repeat(100_000)}1.10${']'.repeat(100_000)}`;
  let inside = parseJson(sent);
  while (Array.isArray(inside)) [inside] = inside;
  expect(inside).toBe(1.1);
});
