/** A time in words, as YouTube has it beside the digits for those who hear the page. */
const PART = /(\d{1,4})\s(hours?|minutes?|seconds?|שעות|שעה|דקות|דקה|שניות|שנייה)/g;
const BETWEEN = /^(?:[\s,]|and|ו-?)*$/;

const SECONDS: readonly [RegExp, number][] = [
  [/^(?:h|שע)/, 3600],
  [/^(?:m|דק)/, 60],
];

/** Whether a line says a time in words, and nothing else: "1 minute, 2 seconds". */
export function isTimeInWords(line: string, seconds: number): boolean {
  if (line.length > 60 || !BETWEEN.test(line.replace(PART, ''))) return false;
  const parts = Array.from(line.matchAll(PART), ([, count, unit = '']) => {
    return Number(count) * (SECONDS.find(([named]) => named.test(unit))?.[1] ?? 1);
  });
  return parts.length > 0 && parts.reduce((sum, part) => sum + part, 0) === Math.floor(seconds);
}
