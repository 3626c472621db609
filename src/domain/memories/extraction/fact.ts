import { discriminativeTerms } from '#domain/memories/discriminative-terms.ts';
import { normalizeSpelling } from '#domain/memories/spelling.ts';
import { statementWords } from '#domain/memories/statement-words.ts';
import { wordSet } from '#domain/text/word-set.ts';

/** What is said to hold no longer, or to be forgotten; by it the memories are found that say so. */
export type Fact = {
  /** As it was said, or would have been: "I live in Haifa". Of "The code is now 7" only "The code", and `value` has the rest. */
  statement: string;
  /** What the statement tells, where there can be one answer only, as for an `ExtractedMemory`. */
  topic: string | null;
  /**
   * Which memories it is about, beside those of its topic: BEGINNING those that begin with the statement, SUBJECT those that say
   * something comparable of the same, WORDS those that have all of its words; PATTERN those that `memories` fits, and no others.
   */
  scope: 'BEGINNING' | 'SUBJECT' | 'WORDS' | 'PATTERN';
  /** What is said of a SUBJECT. */
  value?: string;
  /** Fits memories that it is about, whatever the scope; they are searched for by the words of the statement. */
  memories?: RegExp;
};

/** What may be about a fact: a memory, or a sentence of a message. */
export type Remembered = { content: string; topic: string | null; tags?: readonly string[] };

/** Words that say when and how much it holds, and change nothing about what. */
const ADVERBS = wordSet(`still now currently actually really already recently just anymore also today
  עדיינ עכשיו כרגע כיומ היומ כבר יותר מאוד גמ בעצמ`);
/** What a family says of itself is said by each of it: "we live" is about "I live". */
const FIRST_PERSON: Record<string, string> = { we: 'i', our: 'my', אנחנו: 'אני', אנו: 'אני' };
/** Words that name the attribute of a topic rather than its value. */
const ATTRIBUTES = stems(`i my me live work at in as for from to with by name call moved back there it
  אני לי שלי גר מתגורר עובד אצל עברתי לגור שמי קוראימ`);
const PRONOUNS = stems('i my me the it he she him her they them לו לה לי שלי אותו אותה הוא היא זה אני');
const NEGATIONS = wordSet('not never no לא אינ בלי');
const PLACES = wordSet('in at on under over behind near beside inside outside next above below between');
/** Those of whom several things hold at once, so that "my brother is now married" leaves alone that he is tall. */
const PEOPLE =
  stems(`wife husband partner girlfriend boyfriend mother mom mum father dad son daughter brother sister baby
  child friend boss cousin uncle aunt dog cat אשתי בעלי אמא אבא אח אחי אחות אחותי בנ בני בת בתי חבר חברה כלב כלבה חתול`);

/** Whose number it is where nothing else is said of it. */
const PHONE =
  /(?: (?:cell |mobile )?(?:phone|telephone|mobile|cell)(?= number)|(?<=מספר) ה?(?:טלפון|נייד|פלאפון))(?![\p{L}])/giu;

/** Whether a memory says what a fact is about. */
export function isAbout(fact: Fact, { content, topic, tags = [] }: Remembered): boolean {
  if (fact.memories?.test(content)) return true;
  if (fact.scope === 'PATTERN') return false;
  const [words, said] = [factWords(fact.statement), factWords(content)];
  const isDenied = (text: readonly string[]) => text.some((word) => NEGATIONS.has(word));
  if (words.length > 0 && isDenied(words) !== isDenied(said)) return false;
  const has = (word: string) => said.some((other) => isSameValue(word, other));
  if (fact.topic !== null && fact.topic === topic && words.filter((word) => !ATTRIBUTES.has(word)).every(has))
    return true;
  if (fact.scope === 'WORDS') {
    const known = (word: string) => has(word) || tags.includes(word);
    return words.some((word) => !PRONOUNS.has(word)) && words.every(known);
  }
  if (words.length === 0 || !words.every((word, index) => isSameValue(word, said[index] ?? ''))) return false;
  if (fact.value === undefined) return words.length > 1;
  return areComparable(words, factWords(fact.value), said.slice(words.length));
}

/** Whether two values of one subject cannot both hold: two numbers or days, two places, two names; a person has many properties. */
function areComparable(subject: readonly string[], value: readonly string[], other: readonly string[]): boolean {
  if (value.length === 0 || other.length === 0) return false;
  const isMeasure = (words: readonly string[]) => discriminativeTerms(words.join(' ')) !== '';
  if (isMeasure(value) || isMeasure(other)) return isMeasure(value) && isMeasure(other);
  const [first, second] = [value[0] as string, other[0] as string];
  if (PLACES.has(first) || PLACES.has(second)) return PLACES.has(first) && PLACES.has(second);
  return first === second || !subject.some((word) => PEOPLE.has(word));
}

/** Whether two words name the same value; in Hebrew also behind a preposition: "עזבתי את חיפה" is about "אני גר בחיפה". */
const isSameValue = (a: string, b: string) => a === b || (a.length > 1 && stripPreposition(a) === stripPreposition(b));

const stripPreposition = (word: string) => word.replace(/^[בלמה](?=[א-ת]{2})/, '');

/** Returns the stems of a statement's words, without adverbs. */
function factWords(text: string): string[] {
  return statementWords(text.replace(PHONE, ''))
    .map((word) => normalizeSpelling(word.toLowerCase()))
    .filter((word) => !ADVERBS.has(word))
    .map((word) => stem(FIRST_PERSON[word] ?? word));
}

/** Returns the stems of these words, for looking them up. */
function stems(words: string): ReadonlySet<string> {
  return new Set([...wordSet(words)].map(stem));
}

/** Returns what the forms of a word have in common: "lives" and "living", "גר" and "גרה". */
function stem(word: string): string {
  if (/^[א-ת]{3,}$/.test(word)) {
    const letters = word.replace(/(?<=^[א-ת]{2,})(?:ימ|ות|ה|ת)$/, '').replace(/(?<!^)[וי]/g, '');
    return letters.length > 1 ? letters : word;
  }
  return /^[a-z]{4,}$/.test(word) ? word.replace(/(?:ing|ed|es|(?<!s)s|e|y|ic)$/, '') : word;
}
