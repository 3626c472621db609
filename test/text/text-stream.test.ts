import { expect, it } from 'vitest';
import { type TextStep, type TextStream, transformText } from '#domain/text/text-stream.ts';

/** A stream that notes what becomes of it. It fails behind its pieces where it is given an error. */
function sourceOf(pieces: readonly string[], error?: Error) {
  const seen = { read: 0, closed: 0, calls: 0 };
  async function* generate(): TextStream<string> {
    try {
      for (const piece of pieces) {
        seen.read += 1;
        yield piece;
      }
      if (error) throw error;
      return 'the end';
    } finally {
      seen.closed += 1;
    }
  }
  const source = generate();
  const close = source.return.bind(source);
  source.return = (value) => {
    seen.calls += 1;
    return close(value);
  };
  return { source, seen };
}

async function readAll<End>(stream: TextStream<End>): Promise<{ pieces: string[]; end: End }> {
  const pieces: string[] = [];
  for (;;) {
    const { done, value } = await stream.next();
    if (done) return { pieces, end: value };
    pieces.push(value);
  }
}

const shout: TextStep = { push: (piece) => piece.toUpperCase(), flush: () => '!' };

/** Holds one character back. */
function lag(): TextStep {
  let held = '';
  return {
    push(piece) {
      const text = held + piece;
      held = text.slice(-1);
      return text.slice(0, -1);
    },
    flush: () => held,
  };
}

it('passes pieces and the end on where there is no step', async () => {
  expect(await readAll(transformText(sourceOf(['a', 'b']).source))).toEqual({ pieces: ['a', 'b'], end: 'the end' });
});

it('sends every piece, and the rest of each step, through the steps behind it', async () => {
  const { source } = sourceOf(['ab', 'c', 'de']);
  expect(await readAll(transformText(source, lag(), shout, lag()))).toEqual({
    pieces: ['A', 'BC', 'DE!'],
    end: 'the end',
  });
});

it('yields no empty pieces, and nothing for an empty text', async () => {
  expect(await readAll(transformText(sourceOf(['a', '', 'b']).source, lag()))).toMatchObject({ pieces: ['a', 'b'] });
  expect(await readAll(transformText(sourceOf([]).source, lag()))).toEqual({ pieces: [], end: 'the end' });
});

it('yields a piece before it reads the next', async () => {
  const { source, seen } = sourceOf(['a', 'b']);
  const stream = transformText(source, shout);
  expect(seen.read).toBe(0);
  expect(await stream.next()).toEqual({ value: 'A', done: false });
  expect(seen.read).toBe(1);
  await stream.return('');
});

const ends: [string, (stream: TextStream<string>) => Promise<unknown>][] = [
  ['ended and was read to its end', readAll],
  [
    'lost its reader in the middle',
    async (stream) => {
      for await (const _ of stream) break;
    },
  ],
  [
    'lost its reader behind the last piece',
    async (stream) => {
      for await (const piece of stream) if (piece === '!') break;
    },
  ],
  [
    'had a reader that failed',
    async (stream) => {
      await stream.next();
      await expect(stream.throw(new Error('the reader broke off'))).rejects.toThrow('the reader broke off');
    },
  ],
];

it.each(ends)('closes the source once that %s', async (_how, end) => {
  const { source, seen } = sourceOf(['a', 'b']);
  await end(transformText(source, shout));
  expect(seen).toMatchObject({ closed: 1, calls: 1 });
});

it('closes the source once that failed, and fails as it did', async () => {
  const { source, seen } = sourceOf(['a'], new Error('it broke off'));
  await expect(readAll(transformText(source, shout))).rejects.toThrow('it broke off');
  expect(seen).toMatchObject({ closed: 1, calls: 1 });
});

const failing = (): never => {
  throw new Error('this step takes nothing');
};

it.each([
  ['in the middle', { push: failing, flush: () => '' }, 1],
  ['at the end', { push: (piece: string) => piece, flush: failing }, 2],
])('closes the source once that met a step which fails %s', async (_where, step, read) => {
  const { source, seen } = sourceOf(['a', 'b']);
  await expect(readAll(transformText(source, shout, step))).rejects.toThrow('this step takes nothing');
  expect(seen).toEqual({ closed: 1, calls: 1, read });
});

it('closes a source through every stream that stands on another', async () => {
  const { source, seen } = sourceOf(['a', 'b']);
  for await (const _ of transformText(transformText(source, shout), lag())) break;
  expect(seen).toMatchObject({ closed: 1, calls: 1 });
});
