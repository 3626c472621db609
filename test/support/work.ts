/**
 * Counts the work of strings and lists: for each call of one of their functions, the characters or elements that it may have
 * to look at. Unlike time it is the same on every run, and unlike a counter in the code it sees what the code forgets. What a
 * regular expression looks at twice is not counted.
 */
export function countWork(run: () => unknown): number {
  let work = 0;
  const restore: (() => void)[] = [];
  const count = (owner: object, name: string | symbol, cost: (self: any, args: any[], result: any) => number) => {
    const original = Reflect.get(owner, name);
    Reflect.set(owner, name, function (this: unknown, ...args: unknown[]) {
      const result = original.apply(this, args);
      work += 1 + cost(this, args, result);
      return result;
    });
    restore.push(() => Reflect.set(owner, name, original));
  };
  for (const name of WHOLE_STRING) count(String.prototype, name, (self) => self.length);
  for (const name of SEARCHES) count(String.prototype, name, (self, [, from = 0], at) => distance(self, from, at));
  count(RegExp.prototype, 'exec', (self, [text], match) => {
    return distance(text, self.global ? self.lastIndex - (match?.[0].length ?? 0) : 0, match?.index ?? -1);
  });
  for (const name of WHOLE_LIST) count(Array.prototype, name, (self) => self.length);
  count(Array.prototype, 'slice', (_self, _args, result) => result.length);
  count(Array.prototype, 'splice', (self, [from]) => self.length - from);
  try {
    run();
  } finally {
    for (const put of restore) put();
  }
  return work;
}

const WHOLE_STRING = ['trim', 'replace', 'replaceAll', 'split', 'match', 'toLowerCase', 'normalize', 'isWellFormed'];
const SEARCHES = ['indexOf', 'includes'];
const WHOLE_LIST = [
  'map',
  'filter',
  'flatMap',
  'flat',
  'concat',
  'join',
  'shift',
  'unshift',
  'toSorted',
  'reduce',
  'some',
];

/** How far a search has gone that found something `at` a place, or, as numbers below 0 say, nothing. */
function distance(text: string, from: number, at: number | boolean): number {
  return typeof at === 'number' && at >= 0 ? Math.abs(at - from) : text.length;
}
