import { describe, expect, it } from 'vitest';
import { readKeptFields } from '../support/caching-fields.ts';

const SECONDS: Record<string, number> = {
  '{ viewer { username } }': 3_600,
  '{ viewer { username } conversations { edges { node { title } } pageInfo { endCursor } } }': 1_800,
  '{ searchMemories(query: "x") { matches { memory { content } score } } }': 7_200,
  // As short as that of it which is kept shortest.
  '{ searchMemories(query: "x") { matches { memory { conversation { title } } } } }': 1_800,
  // Not at all: a field that is not kept, there or deep in a fragment, a type that is not, an interface.
  '{ viewer { username } health { status } }': 0,
  '{ viewer { ...F } } fragment F on User { username lastLoginAt }': 0,
  '{ conversations { edges { node { episode { id } } } } }': 0,
  '{ node(id: "x") { id } }': 0,
  '{ __schema { queryType { name } } }': 0,
  '{ __typename }': 0,
  'mutation { deleteMemory(input: { memoryId: "x" }) { deletedId } }': 0,
};

describe('what the response cache keeps', () => {
  const { types, seconds } = readKeptFields(Object.keys(SECONDS));

  it('is said at every field of Query, and at every field with a resolver of a type that is kept', () => {
    const undecided = types
      .filter(
        ({ type, keptSeconds, fields }) => type === 'Query' || keptSeconds !== null || fields.some((f) => f.isDecided),
      )
      .flatMap(({ type, fields }) =>
        fields
          .filter(({ isExposed, isDecided }) => !isDecided && (type === 'Query' || !isExposed))
          .map(({ name }) => `${type}.${name}`),
      );
    expect(undecided, 'add `extensions: CACHED` or `NOT_CACHED` (src/schema/caching.ts)').toEqual([]);
  });

  // A new name here is a decision: does every write of it raise the revision of its owner (`changed` or `revise`)?
  it('is of these fields, where nobody says otherwise', () => {
    const exposed = types
      .filter(({ keptSeconds }) => keptSeconds !== null)
      .map(({ type, fields }) => {
        const names = fields.filter(({ isExposed, isKept }) => isExposed && isKept).map(({ name }) => name);
        return `${type}: ${names.sort().join(' ')}`;
      });
    expect(exposed).toMatchInlineSnapshot(`
      [
        "Citation: endSeconds quote startSeconds",
        "Conversation: archived channel createdAt instructions lastReadSequence lastUpdate metadata model pinned sourceId title tokensInput tokensOutput updatedAt",
        "ConversationStats: archived conversations messages tokensInput tokensOutput",
        "MatchExplanation: boost importance lexical lexicalRank neighbours recency semantic semanticRank words",
        "Memory: content createdAt endedReason expiresAt importance kind metadata tags updatedAt",
        "MemoryMatch: score snippet",
        "MemorySearchResult: found mode tookMs",
        "Message: clientId content createdAt discardedFrom editedAt latencyMs metadata model rating ratingComment reasoning role sentAt sequence status tokensInput tokensOutput toolCallId toolCalls toolResult updateNumber",
        "User: createdAt displayName email role username",
      ]
    `);
  });

  it('is kept as long as that of it which is kept shortest, and not at all where something is not', () => {
    expect(Object.fromEntries(Object.keys(SECONDS).map((query, index) => [query, seconds[index]]))).toEqual(SECONDS);
  });
});
