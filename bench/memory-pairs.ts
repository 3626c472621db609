/**
 * How well saving tells memories that say the same from those that do not: `node bench/memory-pairs.ts` takes pairs of both kinds,
 * English and Hebrew, as one owner's, and prints how many would be merged, and which are judged wrongly.
 */
import { minHashSignature } from '#domain/memories/minhash.ts';
import { isSameStatement } from '#domain/memories/same-statement.ts';
import { EQUAL, UNEQUAL } from './support/memory-pairs.ts';

const OWNER = 'owner';

print('equal', EQUAL, (isMerged) => !isMerged);
print('not equal', UNEQUAL, (isMerged) => isMerged);

function print(
  name: string,
  pairs: readonly (readonly [string, string])[],
  isWrong: (isMerged: boolean) => boolean,
): void {
  const merged = pairs.filter(areMerged);
  console.log(`${name}: ${merged.length} of ${pairs.length} pairs merged`);
  for (const [a, b] of pairs.filter((pair) => isWrong(areMerged(pair)))) console.log(`  ${a} | ${b}`);
}

/** Whether saving one after the other makes one memory: the index has to find the first, then they have to say the same. */
function areMerged([a, b]: readonly [string, string]): boolean {
  const signature = new Set(minHashSignature(OWNER, a));
  return minHashSignature(OWNER, b).some((number) => signature.has(number)) && isSameStatement(a, b);
}
