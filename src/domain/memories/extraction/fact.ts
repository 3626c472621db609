import { discriminativeTerms } from '#domain/memories/discriminative-terms.ts';
import { normalizeSpelling } from '#domain/memories/spelling.ts';
import { statementWords } from '#domain/memories/statement-words.ts';
import { wordSet } from '#domain/text/word-set.ts';

/** Something that no longer holds, or is to be forgotten. It is used to find the memories that say it. */
export type Fact = {
  /** The fact as a statement: "I live in Haifa". Of "The code is now 7" it is only "The code", and `value` has the rest. */
  statement: string;
  /** The topic of the statement, if it can have only one answer, as for an `ExtractedMemory`. */
  topic: string | null;
  /**
   * Which memories it is about, apart from those of its topic. BEGINNING: those that begin with the statement. SUBJECT: those that say
   * something comparable about the same subject. WORDS: those with all its words. PATTERN: those that match `memories`, and no others.
   */
  scope: 'BEGINNING' | 'SUBJECT' | 'WORDS' | 'PATTERN';
  /** What is said about a SUBJECT. */
  value?: string;
  /** Matches memories that it is about, whatever the scope. They are searched for by the words of the statement. */
  memories?: RegExp;
};

/** Something that may be about a fact: a memory, or a sentence of a message. */
export type Remembered = { content: string; topic: string | null; tags?: readonly string[] };

/** Adverbs of time and degree, which do not change what a statement is about. */
const ADVERBS = wordSet(`still now currently actually really already recently just anymore also today
  עדיינ עכשיו כרגע כיומ היומ כבר יותר מאוד גמ בעצמ`);
/** What a family says applies to each of its members: "we live" is about "I live". */
const FIRST_PERSON = new Map<string, string>(Object.entries({ we: 'i', our: 'my', אנחנו: 'אני', אנו: 'אני' }));
/** Words that name the attribute of a topic, rather than its value. */
const ATTRIBUTES = stems(`i my me live work at in as for from to with by name call moved back there it
  אני לי שלי גר מתגורר עובד אצל עברתי לגור שמי קוראימ`);
const PRONOUNS = stems('i my me the it he she him her they them לו לה לי שלי אותו אותה הוא היא זה אני');
const NEGATIONS = wordSet('not never no לא אינ בלי');
const PLACES = wordSet('in at on under over behind near beside inside outside next above below between');
/** People have several properties at once, so "my brother is now married" does not contradict that he is tall. */
const PEOPLE =
  stems(`wife husband partner girlfriend boyfriend mother mom mum father dad son daughter brother sister baby
  child friend boss cousin uncle aunt dog cat אשתי בעלי אמא אבא אח אחי אחות אחותי בנ בני בת בתי חבר חברה כלב כלבה חתול`);

/** Words between a thing and its owner, or between two things. After people, they decide who is meant. */
const LINKS = wordSet('of and של');

/** Hebrew pronouns that act as a copula after a subject: "הקוד הוא 4471" is about "הקוד". */
const COPULAS = wordSet('הוא היא המ הנ זה זאת');
/** Words that introduce a name, an e-mail address or a telephone number. */
const NAMES = 'name named called קוראים שם בשם';
const CONTACTS: readonly (readonly [RegExp, string])[] = [
  [/email/, 'email e-mail mail מייל המייל אימייל האימייל'],
  [/number|phone|מספר|טלפון|נייד/iu, 'number phone telephone mobile מספר המספר טלפון הטלפון נייד הנייד'],
];
/** Words that name an attribute, in groups of synonyms. */
const SAME_ATTRIBUTE = groupStems([
  'name names named called קוראימ שמ שמו שמה בשמ ששמו ששמה שקוראימ נקרא נקראת שמי',
  'my i me our we us שלי לי אני שלנו לנו אנחנו',
]);
/** Words that ask for the answer that is to be forgotten: "where my mother lives", "who my boss is". */
const ASKING = stems('where what how when who is are am איפה היכנ איכ מתי מי מה כמה');
const EMAIL =
  /(?<!\p{L})e-?mail(?: address)?(?!\p{L})|(?<!\p{L})(?:כתובת )?ה?(?:אי)?מייל(?!\p{L})|(?<!\p{L})ה?דוא["״]?ל(?!\p{L})/giu;
const LONG_NUMBER = /\d[\d -]{5,}\d/;
const PHONE_NOUN =
  /(?<!\p{L})(?:(?:cell |mobile )?(?:phone|telephone)|mobile|cellphone|ה?טלפון|ה?נייד|ה?פלאפון)(?!\p{L})/iu;
const OWN_NUMBER = /^(?:my|our) number(?!\p{L})|^המספר של[יו]/iu;

/** Words for a telephone that add nothing to "number". */
const PHONE =
  /(?: (?:cell |mobile )?(?:phone|telephone|mobile|cell)(?= number)|(?<=מספר) ה?(?:טלפון|נייד|פלאפון))(?![\p{L}])/giu;

/** Returns the words to search memories with that may be about a fact. Hebrew words are included with other prefixed prepositions. */
export function searchText({ statement, value = '' }: Fact): string {
  const contacts = CONTACTS.filter(([pattern]) => pattern.test(nameContacts(statement))).map(([, names]) => names);
  const isName = factWords(statement).some((word) => isSameAttribute(word, 'call'));
  const prefixed = (statement.match(/[א-ת]{3,}/g) ?? []).flatMap((word) => {
    const bare = word.replace(/^[הבלמ](?=[א-ת]{2})/, '');
    return ['', 'ה', 'ל', 'ב'].map((prefix) => `${prefix}${bare}`);
  });
  return [statement, value, ...contacts, isName ? NAMES : '', ...prefixed].join(' ');
}

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
    if (PHONE_NOUN.test(fact.statement) && !PHONE_NOUN.test(content) && !OWN_NUMBER.test(content)) return false;
    const contentWords = words.filter((word) => !ASKING.has(word));
    const known = (word: string) =>
      has(word) || tags.includes(word) || said.some((other) => isSameAttribute(word, other));
    return contentWords.some((word) => !PRONOUNS.has(word)) && contentWords.every(known);
  }
  const end = findEnd(words, said);
  if (words.length === 0 || end === null) return false;
  if (fact.value === undefined) return words.length > 1;
  return areComparable(words, factWords(fact.value), said.slice(end));
}

/** Returns the index at which a text continues after these words, with or without "called"; null if it does not begin with them. */
function findEnd(words: readonly string[], said: readonly string[]): number | null {
  let at = 0;
  for (const word of words) {
    if (isSameAttribute(said[at] ?? '', 'call') && !isSameValue(word, said[at] ?? '')) at += 1;
    if (!isSameValue(word, said[at] ?? '')) return null;
    at += 1;
  }
  return at;
}

/** Whether two values of one subject exclude each other: two numbers or days, two places, two names. A person has many properties. */
function areComparable(subject: readonly string[], value: readonly string[], other: readonly string[]): boolean {
  if (value.length === 0 || other.length === 0) return false;
  const isMeasure = (words: readonly string[]) => discriminativeTerms(words.join(' ')) !== '';
  if (isMeasure(value) || isMeasure(other)) return isMeasure(value) && isMeasure(other);
  const [first, second] = [value[0] as string, other[0] as string];
  if (PLACES.has(first) || PLACES.has(second)) return PLACES.has(first) && PLACES.has(second);
  return first === second || !subject.some((word) => PEOPLE.has(word));
}

/** Whether two words name the same value, in Hebrew also after a preposition: "עזבתי את חיפה" is about "אני גר בחיפה". */
const isSameValue = (a: string, b: string) => a === b || (a.length > 1 && stripPreposition(a) === stripPreposition(b));

/** Whether two words name the same attribute: "my dog's name" and "my dog is called". */
function isSameAttribute(a: string, b: string): boolean {
  const group = SAME_ATTRIBUTE.get(a);
  return group !== undefined && group === SAME_ATTRIBUTE.get(b);
}

const stripPreposition = (word: string) => word.replace(/^[בלמה](?=[א-ת]{2})/, '');

/** Returns the stems of a statement's words, without adverbs and copulas. */
function factWords(text: string): string[] {
  return statementWords(nameContacts(text))
    .map((word) => normalizeSpelling(word.toLowerCase()))
    .filter((word, index) => !ADVERBS.has(word) && !(index > 0 && COPULAS.has(word)))
    .filter((word, index, all) => !LINKS.has(word) || PEOPLE.has(stem(all[index - 1] ?? '')))
    .map((word) => stem(FIRST_PERSON.get(word) ?? word));
}

/** Normalizes the nouns for telephone numbers and e-mail addresses. */
function nameContacts(text: string): string {
  const named = text.replace(PHONE, '').replace(EMAIL, 'email');
  return LONG_NUMBER.test(named)
    ? named.replace(PHONE_NOUN, (noun) => (/[א-ת]/.test(noun) ? 'מספר' : 'number'))
    : named;
}

/** Returns the stems of these words, for lookups. */
function stems(words: string): ReadonlySet<string> {
  return new Set([...wordSet(words)].map(stem));
}

/** Maps the stem of each word to the index of its group. */
function groupStems(groups: readonly string[]): ReadonlyMap<string, number> {
  return new Map(groups.flatMap((words, index) => [...stems(words)].map((word) => [word, index] as const)));
}

/** A light stemmer: returns what the forms of a word have in common, such as "lives" and "living", "גר" and "גרה". */
function stem(word: string): string {
  if (/^[א-ת]{3,}$/.test(word)) {
    const letters = word.replace(/(?<=^[א-ת]{2,})(?:ימ|ות|ה|ת)$/, '').replace(/(?<!^)[וי]/g, '');
    return letters.length > 1 ? letters : word;
  }
  return /^[a-z]{4,}$/.test(word) && !/(?:day|uary)$/.test(word)
    ? word.replace(/(?:ing|ed|es|(?<!s)s|e|y|ic)$/, '')
    : word;
}
