import { anyOf } from './grammars/grammar.ts';

/** What people type on a phone, and what the patterns of the grammars expect. */
const TYPED: readonly (readonly [RegExp, string])[] = [
  [/\b(i)(m|ve)\b(?!['’])/gi, "$1'$2"],
  [/\b(do|does|did|is|are|was|were|ca|wo|could|would|should|has|have|had)nt\b/gi, "$1n't"],
  [/\b(it|that)s(?= (?:now|not|called|no longer|off the record|between us)\b)/gi, "$1's"],
  [/\b(i)(d)(?= (?:rather|prefer)\b)/gi, "$1'$2"],
  [/\b(?:pls|plz|plss|pleas)\b/gi, 'please'],
  [/\b(?:thx|tnx|thnx)\b/gi, 'thanks'],
  [/\b(can|could|will|would|if|want|need) u\b/gi, '$1 you'],
  [/\bur(?= (?:memory|memories|records|notes)\b)/gi, 'your'],
];
const NIQQUD = /[\u0591-\u05BD\u05BF\u05C1\u05C2\u05C4\u05C5\u05C7]/gu;
const NOISE = anyOf(`lol | lmao | ha(?:ha)+ | he(?:he)+ | tbh | btw | sadly | unfortunately | luckily | thankfully |
  thanks(?: a lot| so much)? | thank you(?: so much)? | (?<=[,.!…]\\s*)ok(?:ay)? | ח{2,} | תודה(?: רבה)? | לצערי | לשמחתי | אוקיי?`);
const SMILEY =
  '[\\u{1F600}-\\u{1F64F}\\u{1F910}-\\u{1F92F}\\u{1F970}-\\u{1F97A}🎉🎊❤💔👍👎✨💪🔥☺☹][\\uFE0F\\u{1F3FB}-\\u{1F3FF}]*|(?<=\\s)[:;]-?[()DP]';
/** Verbs whose object a smiley may be: who does not like a face may like others. */
const WITH_OBJECT = anyOf(
  'like | love | enjoy | adore | hate | use | want | need | prefer | אוהבת? | שונאת? | מעדיפה?',
);
/** Words and smileys at the end that add nothing to what is said. Each run is tried from its beginning only. */
const CLOSING = new RegExp(
  String.raw`(?<=[\p{L}\p{N})])(?<!(?<!\p{L})${WITH_OBJECT})(?:[\s,.!…]*(?:(?<=[\s,.!…])${NOISE}(?![\p{L}])|${SMILEY}))+[\s.!…]*$`,
  'iu',
);

/** Any of these: most texts have none, and are read once. */
const MAY_BE_TYPED = new RegExp([NIQQUD, ...TYPED.map(([typed]) => typed)].map(({ source }) => source).join('|'), 'iu');

/** Restores the apostrophes that are left out in chats, spells out abbreviations, and removes niqqud. */
export const restoreSpelling = (sentence: string): string =>
  MAY_BE_TYPED.test(sentence)
    ? TYPED.reduce((text, [typed, meant]) => text.replace(typed, meant), sentence.replace(NIQQUD, ''))
    : sentence;

/** Removes what people end a sentence with: thanks, laughter, smileys. */
export const removeClosing = (sentence: string): string => sentence.replace(CLOSING, '');
