import { isQuestion } from '#domain/text/sentence-cues.ts';
import { firstMatch, match } from '#domain/text/word-patterns.ts';

/** Questions about the user, and their patterns. */
const QUESTIONS = {
  /** Asks for all that is known of the one who asks. */
  everything: [
    'what|everything|anything … do|did? you know|remember|recall|learn|learned|learnt|have … about me|myself …',
    'what have you learned|learnt|remembered|stored|saved about me …',
    'do you know|remember anything|something? about? me …',
    'tell me about myself|me',
    'tell me everything|what you know|remember about me …',
    'who am i',
    'what have i told you',
    'what did i tell you',
    'what do you remember',
    'what is|are in? my memories',
    'show|list me? my|all|your? memories',
    'מה אתה|את יודע|יודעת|זוכר|זוכרת עלי|עליי …',
    'מה ידוע|שמור לך? עלי|עליי …',
    'מה למדת|זכרת עלי|עליי …',
    'מה סיפרתי|אמרתי לך? עד? היום|עכשיו?',
    'מי אני',
    'ספר|ספרי|תספר|תספרי לי? עלי|עליי …',
    'אתה|את זוכר|זוכרת|מכיר|מכירה אותי',
  ],
  /** Asks what was said about something. */
  said: [
    'what|when|where|why did|have i ever? say|said|tell|told|write|wrote|written|mention|mentioned you? about|of|on? …',
    'did|have i ever? say|said|tell|told|write|written|mention|mentioned you? anything|something? about|of? …',
    'what was it? i said|told|wrote you? about …',
    'what|when did we talk|speak|discuss|say about? …',
    'remind me what i said|told|wrote you? about …',
    'remind me about|of|what? …',
    'מה|מתי|איפה אמרתי|סיפרתי|כתבתי|הזכרתי לך? על? …',
    'האם? אמרתי|סיפרתי|כתבתי|הזכרתי לך? משהו? על? …',
    'על מה דיברנו …',
    'מה|מתי דיברנו על …',
    'תזכיר|תזכירי|הזכר|הזכירי לי מה אמרתי|סיפרתי|כתבתי? על? …',
  ],
} as const satisfies Record<string, readonly string[]>;

/** Returns what a question asks about the user, with the words that say about what; null where it asks nothing of the kind. */
export function detectPersonalQuestion(
  words: readonly string[],
): { asks: keyof typeof QUESTIONS; about: string[] } | null {
  const found = firstMatch(QUESTIONS, words);
  return found && { asks: found.name, about: found.rest };
}

const FIRST_PERSON = new Set(
  `i me my mine myself we us our ours אני לי שלי אותי אצלי עלי עליי אנחנו אנו לנו שלנו אותנו שמי אשתי בעלי אמי אבי בני
  בתי אחי אחותי`.split(/\s+/),
);

/** Questions and requests that no question mark or question word gives away. */
const REQUESTS = [
  'tell|show|give|list|find|search|look|remind|explain|describe|summarize|summarise|compare …',
  'write|translate|calculate|draw|make|create|compose|sing|generate|book|order|send|call|open|play …',
  'forget|erase|delete …',
  'do not|never remember …',
  'i am? wonder|wondering|curious …',
  'i … know|hear|learn|ask about|if|whether|what|who|when|where|why|how|which|more …',
  'האם? אתה|את זוכר|זוכרת|יודע|יודעת|מכיר|מכירה|יכול|יכולה …',
  'בת|בן|של|עם|על כמה|איזה|מי|מה …',
  'במה|בכמה|באיזה|באיזו|לאיזה|לאיזו|למי|ממי|ממתי …',
  'ספר|ספרי|תספר|תספרי|תגיד|תגידי|הראה|הראי|תראה|תראי|חפש|חפשי|תחפש|תחפשי|מצא|מצאי|תמצא|תמצאי|תן|תני …',
  'כתוב|כתבי|תכתוב|תכתבי|תרגם|תרגמי|הסבר|הסבירי|תסביר|תסבירי|חשב|חשבי|תחשב|תזכיר|תזכירי|סכם|סכמי|תסכם|תסכמי …',
  'אני … לדעת|לשאול|לשמוע|להבין …',
  'תשכח|תשכחי|שכח|שכחי|תמחק|תמחקי|מחק|מחקי …',
  'אל תזכור|תזכרי|תשמור|תשמרי …',
  'מעניין אותי …',
];

/** Words of questions about what held once: they say nothing of what it was. */
const PAST_WORDS = new Set('before previously formerly earlier originally קודם לפני כן בעבר פעם לשעבר'.split(' '));
/** Verbs of such questions, and how the answer has them, which was said at the time. */
const PAST_FORMS = new Map([
  ['used', ''],
  ['former', ''],
  ['old', ''],
  ['הקודם', ''],
  ['הקודמת', ''],
  ['גרתי', 'גר'],
  ['עבדתי', 'עובד'],
  ['אהבתי', 'אוהב'],
  ['קראו', 'קוראים'],
]);

/** Returns the words of a question about what held once, as "where did I live before?"; null for any other question. */
export function detectPastQuestion(words: readonly string[]): string[] | null {
  const asksAge = words.some((word, index) => word === 'old' && words[index - 1] === 'how');
  if (asksAge || !words.some((word) => PAST_WORDS.has(word) || PAST_FORMS.has(word))) return null;
  return words.filter((word) => !PAST_WORDS.has(word)).flatMap((word) => PAST_FORMS.get(word) ?? [word]);
}

/** How people ask that something be remembered. */
const REMEMBER_REQUESTS = [
  'remember|note that? …',
  'remind me that|to …',
  'do not|never forget …',
  'זכור|זכרי|תזכור|תזכרי|תרשום|תרשמי …',
];

/** Whether words ask for something, though not by a question mark or a question word. */
export function isRequest(words: readonly string[]): boolean {
  return REQUESTS.some((pattern) => match(pattern, words)) && !asksToRemember(words);
}

/** Whether a text says something of the one who wrote it, or asks to remember it, and asks for nothing else. */
export function isSelfDisclosure(text: string, words: readonly string[]): boolean {
  if (asksToRemember(words)) return true;
  if (isQuestion(text) || isQuestion(words.join(' ')) || isRequest(words)) return false;
  return words.some((word) => FIRST_PERSON.has(word));
}

const asksToRemember = (words: readonly string[]) => REMEMBER_REQUESTS.some((pattern) => match(pattern, words));
