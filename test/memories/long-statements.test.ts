import { expect, it } from 'vitest';
import { statementWords } from '#domain/memories/statement-words.ts';
import { SaveMemory } from '../support/operations.ts';
import { useParley } from '../support/use-parley.ts';

const app = useParley();

/** One letter to a user, eighteen once its parts are compared. */
const EXPANSIVE = '\ufdfa';

it('is read in linear work where it has a run of a million signs', () => {
  expect(statementWords(`Likes x${'"'.repeat(1_000_000)}x tea`)).toEqual(['Likes', 'x', 'x', 'tea']);
});

it('of letters that are long when they are taken apart is merged with the same letters only', async () => {
  const ann = await app.user();
  const save = async (content: string) =>
    (await ann.ask(SaveMemory, { input: { content } })).saveMemory as NonNullable<unknown>;
  const text = EXPANSIVE.repeat(9_000);
  expect(await save(text)).toMatchObject({ merged: false });
  expect(await save(`${text}\n`)).toMatchObject({ merged: true });
  expect(await save(`${text}a`)).toMatchObject({ merged: false });
});
