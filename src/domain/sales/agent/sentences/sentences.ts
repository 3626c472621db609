import { packOf } from '#domain/sales/agent/languages/packs.ts';
import type { AgentLanguage } from '#domain/sales/agent/languages/tags.ts';
import type { Line, Names } from './lines.ts';
import { sayTime, type TimeTeller } from './say-time.ts';

/** Returns a line in its spoken form. */
export function sayLine(language: AgentLanguage, { key, times }: Line, names: Names, teller: TimeTeller): string {
  return packOf(language).sentences[key]({ ...names, times: times.map((time) => sayTime(language, time, teller)) });
}

/** Returns lines as one text with a slot in place of each time, {1} for the first, and the times in their spoken form. */
export function templateOf(
  language: AgentLanguage,
  lines: readonly Line[],
  names: Names,
  teller: TimeTeller,
): { template: string; times: string[] } {
  const times: string[] = [];
  const toSlot = (time: string) => `{${times.push(sayTime(language, time, teller))}}`;
  const template = lines.map((line) =>
    packOf(language).sentences[line.key]({ ...names, times: line.times.map(toSlot) }),
  );
  return { template: template.join(' '), times };
}
