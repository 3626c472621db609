/**
 * Sorts items by time (ISO 8601). A list with the newest item first is reversed before, so that items of equal times get the order of the
 * others.
 */
export function oldestFirst<Item>(items: readonly Item[], timeOf: (item: Item) => string | null): Item[] {
  const timed = items.map((item) => ({ item, time: timeOf(item) ?? '' }));
  if ((timed[0]?.time ?? '') > (timed.at(-1)?.time ?? '')) timed.reverse();
  return timed
    .sort((one, other) => Number(one.time > other.time) - Number(one.time < other.time))
    .map(({ item }) => item);
}
