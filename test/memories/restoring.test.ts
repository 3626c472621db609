import { describe, expect, it } from 'vitest';
import type { Client } from '../support/client.ts';
import { Memories } from '../support/operations.ts';
import { useParley } from '../support/use-parley.ts';

const app = useParley();

const SAVE = `mutation ($input: SaveMemoryInput!) { saveMemory(input: $input) {
  memory { id } superseded { id content supersededBy { id } } } }`;
const DELETE =
  'mutation ($id: ID!) { deleteMemory(input: { memoryId: $id }) { deletedId restored { id supersededBy { id } } } }';
const RESTORE = `mutation ($id: ID!, $key: String) { restoreMemory(input: { memoryId: $id, idempotencyKey: $key }) {
  memory { id supersededBy { id } expiresAt endedReason } } }`;
const UPDATE = 'mutation ($input: UpdateMemoryInput!) { updateMemory(input: $input) { memory { id } } }';

const save = async (owner: Client, content: string, supersedes: string[] = []) =>
  (await owner.ask(SAVE, { input: { content, supersedes } })).saveMemory;
const contents = async (owner: Client) =>
  (await owner.ask(Memories, {})).memories.edges.map(({ node }) => node.content).toSorted();

describe('saveMemory', () => {
  it('returns the memories whose place it has taken', async () => {
    const ann = await app.user();
    const [haifa, coast] = [
      (await save(ann, 'גרה בחיפה.')).memory.id,
      (await save(ann, 'Lives at the coast.')).memory.id,
    ];
    const saved = await save(ann, 'גרה בברלין.', [haifa, coast]);
    expect(saved.superseded).toEqual([
      { id: haifa, content: 'גרה בחיפה.', supersededBy: { id: saved.memory.id } },
      { id: coast, content: 'Lives at the coast.', supersededBy: { id: saved.memory.id } },
    ]);
    expect((await save(ann, 'Has a dog.')).superseded).toEqual([]);
  });
});

describe('deleteMemory', () => {
  it('returns those that hold again, without those that have expired', async () => {
    const ann = await app.user();
    const [haifa, gone] = [
      (await save(ann, 'Lives in Haifa.')).memory.id,
      (await save(ann, 'Is on a trip.')).memory.id,
    ];
    const { memory } = await save(ann, 'Lives in Berlin.', [haifa, gone]);
    await ann.ask(UPDATE, { input: { memoryId: gone, expiresAt: '2020-01-01T00:00:00Z' } });
    const { deleteMemory } = await ann.ask(DELETE, { id: memory.id });
    expect(deleteMemory).toEqual({ deletedId: memory.id, restored: [{ id: haifa, supersededBy: null }] });
    expect(await contents(ann)).toEqual(['Lives in Haifa.']);
  });
});

describe('restoreMemory', () => {
  it('makes a superseded memory hold again, and leaves its successor', async () => {
    const [ann, bob] = [await app.user(), await app.user()];
    const haifa = (await save(ann, 'Lives in Haifa.')).memory.id;
    await save(ann, 'Lives in Berlin.', [haifa]);
    expect((await bob.send(RESTORE, { id: haifa })).errors).toMatchObject([{ extensions: { code: 'NOT_FOUND' } }]);
    expect(await contents(ann)).toEqual(['Lives in Berlin.']);
    const { restoreMemory } = await ann.ask(RESTORE, { id: haifa });
    expect(restoreMemory.memory).toEqual({ id: haifa, supersededBy: null, expiresAt: null, endedReason: null });
    expect(await contents(ann)).toEqual(['Lives in Berlin.', 'Lives in Haifa.']);
    const { searchMemories } = await ann.ask('{ searchMemories(query: "Haifa") { matches { memory { id } } } }');
    expect(searchMemories.matches).toEqual([{ memory: { id: haifa } }]);
  });

  it('makes an expired one hold again, for good', async () => {
    const ann = await app.user();
    const { memory } = await save(ann, 'Is on a trip.');
    await ann.ask(UPDATE, { input: { memoryId: memory.id, expiresAt: '2020-01-01T00:00:00Z' } });
    expect(await contents(ann)).toEqual([]);
    expect((await ann.ask(RESTORE, { id: memory.id })).restoreMemory.memory.expiresAt).toBeNull();
    expect(await contents(ann)).toEqual(['Is on a trip.']);
  });

  it('leaves the end of one that still holds as it is', async () => {
    const ann = await app.user();
    const { memory } = await save(ann, 'Is on a trip.');
    const expiresAt = '2999-01-01T00:00:00.000Z';
    await ann.ask(UPDATE, { input: { memoryId: memory.id, expiresAt } });
    expect((await ann.ask(RESTORE, { id: memory.id })).restoreMemory.memory.expiresAt).toBe(expiresAt);
  });
});
