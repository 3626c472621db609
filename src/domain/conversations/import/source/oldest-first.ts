/**
 * Returns items in the order of their times (ISO 8601). A list with the newest first is turned round before, so that those of one time
 * are in the order that the others have.
 */
export function oldestFirst<Item>(items: readonly Item[], timeOf: (item: Item) => string | null): Item[] {
  const timed = items.map((item) => ({ item, time: timeOf(item) ?? '' }));
  if ((timed[0]?.time ?? '') > (timed.at(-1)?.time ?? '')) timed.reverse();
  return timed
    .sort((one, other) => Number(one.time > other.time) - Number(one.time < other.time))
    .map(({ item }) => item);
}
