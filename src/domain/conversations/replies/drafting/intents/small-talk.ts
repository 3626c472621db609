import { isQuestion } from '#domain/text/sentence-cues.ts';
import { firstMatch, match } from '#domain/text/word-patterns.ts';

/** What people say without asking for anything that would have to be looked up: topics and their patterns. */
const TOPICS = {
  howAreYou: [
    'how are you|u|things|ya …',
    'how is it going …',
    'how have you been',
    'how do you do',
    'what is up',
    'sup|wassup',
    'are? you ok|okay|alright',
    'מה שלומך|שלומכם …',
    'מה נשמע|קורה|המצב|העניינים …',
    'איך אתה|את מרגיש|מרגישה? היום?',
    'איך הולך|החיים …',
  ],
  thanks: [
    'ok|okay|great|perfect|cool? thanks|thank|thx|ty …',
    'i appreciate it|that|this',
    'אוקיי|מעולה|יופי|סבבה? תודה …',
  ],
  goodbye: [
    'ok|okay? goodbye|good-bye|bye …',
    'good night …',
    'see you|ya …',
    'talk to you later|soon|tomorrow',
    'have a good|nice|great …',
    'להתראות …',
    'ביי|ביוש …',
    'לילה טוב …',
    'נדבר מחר|אחר? כך?',
    'המשך? יום|ערב נעים|טוב ולהתראות?',
  ],
  whoAreYou: [
    'who|what are|r you|u exactly|really?',
    'who am i talking|speaking|chatting|writing to|with',
    'who is this|there',
    'what is your name',
    'do you have a name',
    'are you a|an? real? bot|robot|human|person|ai|program|computer|chatbot|llm|model|machine|chatgpt|gpt|real …',
    'which|what model|llm|ai are|is you|u|this',
    'which|what model|llm|ai do you use|run',
    'tell me about yourself',
    'introduce yourself',
    'מי|מה אתה|את בעצם|בדיוק?',
    'מי זה|זאת|שם',
    'עם מי אני מדבר|מדברת|משוחח|משוחחת',
    'איך קוראים לך',
    'מה השם שלך',
    'מה שמך',
    'האם? אתה|את בוט|רובוט|אדם|אנושי|אנושית|מחשב|תוכנה|מודל|אמיתי|אמיתית …',
    'איזה מודל אתה|את|זה',
    'ספר|ספרי לי? על עצמך',
  ],
  abilities: [
    'what can|could you|u do|answer …',
    'what do you do',
    'what are you able to do',
    'how|what can|could you|u help …',
    'how does this|it work',
    'how do you work',
    'what can|should i ask …',
    'can|could you? help me?',
    'help me?',
    'i need help',
    'מה אתה|את יכול|יכולה|יודע|יודעת לעשות|לענות …',
    'מה אפשר לשאול|לעשות …',
    'במה|איך אתה|את יכול|יכולה לעזור …',
    'איך זה עובד',
    'איך אתה|את עובד|עובדת',
    'עזרה',
    'עזור|עזרי|תעזור|תעזרי לי?',
  ],
  time: [
    'what time is it …',
    'what is the time …',
    'what hour is it …',
    'do you have|know the time …',
    'do you know what time it is …',
    'tell me the time …',
    'מה|כמה השעה …',
    'איזה|איזו שעה עכשיו|זאת|זו|זה? …',
  ],
  date: [
    'what day|date is it|today …',
    "what is the|today's|todays day|date …",
    'which|what day of the week is it|today …',
    'what is today',
    'tell me the date …',
    'מה התאריך …',
    'איזה|באיזה יום אנחנו? היום …',
    'איזה|מה תאריך היום? …',
  ],
  sorry: ['i? am? so|very? sorry …', 'my? apologies …', 'excuse me', 'סליחה …', 'אני? מצטער|מצטערת …'],
  agreement: [
    'ok|okay|k|alright|right|fine|sure|yes|yeah|yep|no|nope|cool|great|good|nice|perfect|awesome|excellent|lovely ok|great|good|cool?',
    'got it',
    'i see|understand',
    'all right',
    'sounds good|great',
    'that is|was? very|really? good|great|helpful|nice|fine|cool|perfect|interesting',
    'never mind',
    'אוקיי|אוקי|טוב|בסדר|סבבה|כן|לא|מעולה|יופי|נהדר|מצוין|אחלה|הבנתי|נכון|בטח|ברור גמור|מאוד?',
  ],
} as const satisfies Record<string, readonly string[]>;

/** A kind of small talk. */
export type SmallTalkTopic = keyof typeof TOPICS | 'greeting';

/** What may stand before anything else that is said. */
const GREETINGS = [
  'hi|hello|hey|hiya|howdy|greetings there|again|all|everyone|parley? …',
  'good morning|afternoon|evening|day …',
  'שלום לך|לכם|רב? …',
  'היי|הי|הלו|אהלן לך|שם? …',
  'בוקר|ערב טוב …',
  'צהריים טובים …',
  'שבוע טוב …',
  'שבת שלום …',
];
const POLITENESS = [
  'please|kindly|so|well|ok|okay|and|but …',
  'thanks|thank you? and|but|now? …',
  'בבקשה|אז|אבל|תודה …',
];

/** Words behind small talk: more than so many say something of their own. */
const MAX_TAIL_WORDS = 5;

/** Greetings and politenesses that are taken off before what is said: who greets more often says nothing else either way. */
const MAX_PREFIXES = 10;

/** Returns the topic where a message is nothing but small talk, else its words without greetings and politeness before them. */
export function detectSmallTalk(
  words: readonly string[],
): { topic: SmallTalkTopic } | { topic: null; rest: readonly string[] } {
  let rest = words;
  for (let taken = 0; taken < MAX_PREFIXES; taken += 1) {
    const whole = firstMatch(TOPICS, rest);
    if (whole && whole.rest.length <= MAX_TAIL_WORDS && !isQuestion(whole.rest.join(' '))) return { topic: whole.name };
    const afterGreeting = stripPrefix(GREETINGS, rest);
    if (afterGreeting?.length === 0) return { topic: 'greeting' };
    const stripped = afterGreeting ?? stripPrefix(POLITENESS, rest);
    if (!stripped || stripped.length === 0) break;
    rest = stripped;
  }
  return { topic: null, rest };
}

function stripPrefix(prefixes: readonly string[], words: readonly string[]): string[] | null {
  for (const prefix of prefixes) {
    const rest = match(prefix, words);
    if (rest) return rest;
  }
  return null;
}
