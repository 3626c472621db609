import { describe, expect, it } from 'vitest';
import { formatTimestamp } from '#domain/conversations/replies/drafting/by-rules/answer-parts.ts';
import { detectEpisodeQuestion } from '#domain/conversations/replies/drafting/intents/episode-questions.ts';
import {
  detectPersonalQuestion,
  isSelfDisclosure,
} from '#domain/conversations/replies/drafting/intents/personal-questions.ts';
import { detectSmallTalk } from '#domain/conversations/replies/drafting/intents/small-talk.ts';
import { isInformative } from '#domain/conversations/replies/drafting/intents/statements.ts';
import { asksForMore } from '#domain/conversations/replies/drafting/retrieval/search-query.ts';
import { excerpt } from '#domain/text/excerpt.ts';
import { languageOf } from '#domain/text/language.ts';
import { normalizedWords } from '#domain/text/tokenizers.ts';
import { match } from '#domain/text/word-patterns.ts';
import { cpuSecondsOf } from '../support/cpu-time.ts';

describe('the language of a question', () => {
  it.each([
    ['What is this?', 'en'],
    ['מה זה?', 'he'],
    ['מה זה Bitcoin?', 'he'],
    ['What does שלום mean?', 'en'],
    ['Qué es esto?', 'en'],
    ['123 ?!', 'en'],
    ['', 'en'],
  ])('of %j is %s', (text, language) => {
    expect(languageOf(text)).toBe(language);
  });
});

describe('words', () => {
  it.each([
    ["What's my dog's name?", ['what', 'is', 'my', "dog's", 'name']],
    ['I don’t know, e-cash isn’t it.', ['i', 'do', 'not', 'know', 'e-cash', 'is', 'not', 'it']],
    ['On 3/5/2026 at 10:30.', ['on', '3/5/2026', 'at', '10:30']],
    ['שָׁלוֹם, צה״ל!', ['שלום', 'צה״ל']],
    ['?!… 👍', []],
  ])('of %j', (text, words) => {
    expect(normalizedWords(text)).toEqual(words);
  });

  it('of a very long text are those of its beginning', () => {
    expect(normalizedWords('word '.repeat(40_000))).toHaveLength(400);
  });

  it.each([
    ['what|which day is it …', 'which day is it', []],
    ['what|which day is it …', 'what day is it by now', ['by', 'now']],
    ['what do you? know about me', 'what do know about me', []],
    ['tell … about …', 'tell me more about my dog', ['me', 'more', 'my', 'dog']],
    ['what day is it', 'what day is it today', null],
    ['hello', '', null],
  ])('match %j: %j', (pattern, text, rest) => {
    expect(match(pattern, normalizedWords(text))).toEqual(rest);
  });
});

describe('small talk', () => {
  it.each([
    ['Hi!', 'greeting'],
    ['hello there', 'greeting'],
    ['Good morning', 'greeting'],
    ['Hello, how are you?', 'howAreYou'],
    ["How's it going", 'howAreYou'],
    ['Thanks a lot!', 'thanks'],
    ['thank you for your help', 'thanks'],
    ['ok bye', 'goodbye'],
    ['Good night!', 'goodbye'],
    ['Who are you?', 'whoAreYou'],
    ['Are you a robot?', 'whoAreYou'],
    ["what's your name", 'whoAreYou'],
    ['Hey, what can you do?', 'abilities'],
    ['Help', 'abilities'],
    ['What time is it?', 'time'],
    ["What's the date today?", 'date'],
    ['Sorry about that', 'sorry'],
    ['Great', 'agreement'],
    ['שלום', 'greeting'],
    ['היי, מה שלומך?', 'howAreYou'],
    ['מה נשמע', 'howAreYou'],
    ['תודה רבה', 'thanks'],
    ['להתראות!', 'goodbye'],
    ['לילה טוב', 'goodbye'],
    ['בוקר טוב', 'greeting'],
    ['מי אתה?', 'whoAreYou'],
    ['איך קוראים לך', 'whoAreYou'],
    ['מה את יודעת לעשות?', 'abilities'],
    ['מה השעה?', 'time'],
    ['איזה יום היום?', 'date'],
    ['סליחה', 'sorry'],
    ['סבבה', 'agreement'],
  ])('%j is of %s', (text, topic) => {
    expect(detectSmallTalk(normalizedWords(text))).toEqual({ topic });
  });

  it.each([
    ['Hi, what is my name?', 'what is my name'],
    ['Thanks, and what is my dog called?', 'what is my dog called'],
    ['What time did we meet?', 'what time did we meet'],
    ['Who are your friends?', 'who are your friends'],
    ['How are bees kept warm in a long winter night?', 'how are bees kept warm in a long winter night'],
    ['שלום, איפה אני גרה?', 'איפה אני גרה'],
  ])('%j is none', (text, rest) => {
    expect(detectSmallTalk(normalizedWords(text))).toEqual({ topic: null, rest: rest.split(' ') });
  });
});

describe('what is asked of oneself', () => {
  it.each([
    'What do you know about me?',
    'what have you learned about me so far',
    'Who am I?',
    'מה אתה יודע עליי?',
    'מה סיפרתי לך?',
  ])('%j asks for everything', (text) => {
    expect(detectPersonalQuestion(normalizedWords(text))).toMatchObject({ asks: 'everything' });
  });

  it.each([
    ['What did I say about the garden?', 'the garden'],
    ['When did I mention Rex?', 'rex'],
    ['Did I ever tell you about my sister?', 'my sister'],
    ['מה אמרתי על הגינה?', 'הגינה'],
  ])('%j asks for what was said about %j', (text, about) => {
    expect(detectPersonalQuestion(normalizedWords(text))).toEqual({ asks: 'said', about: about.split(' ') });
  });

  it.each(['What is my name?', 'Where do I live?', 'איפה אני גרה?', 'Tell me a story'])(
    '%j is left to search',
    (text) => {
      expect(detectPersonalQuestion(normalizedWords(text))).toBeNull();
    },
  );
});

describe('what is told of oneself', () => {
  it.each([
    'My dog is called Rex.',
    'I live in Haifa',
    "I'm a nurse.",
    'We moved last year!',
    'Remember that the door code is 4711',
    'קוראים לי דנה',
    'אני גר בחיפה',
    'הכלב שלי בן שנתיים',
  ])('%j', (text) => {
    expect(isSelfDisclosure(text, normalizedWords(text))).toBe(true);
  });

  it.each([
    'What is my dog called?',
    'where do I live',
    'Tell me about my dog',
    'I wonder what my dog is called',
    'I want to know about bees',
    'The bridge is closed.',
    'איפה אני גר',
    'את זוכרת איך קוראים לכלב שלי',
    'בן כמה הכלב שלי',
    'אני רוצה לדעת על דבורים',
    'ספרי לי על הכלב שלי',
  ])('not %j', (text) => {
    expect(isSelfDisclosure(text, normalizedWords(text))).toBe(false);
  });
});

describe('what tells something', () => {
  it.each([
    'My dog is called Rex. Do you like it?',
    'The code is 4711',
    'Remind me that the code is 4711',
    'הקוד הוא 4711',
  ])('%j', (text) => {
    expect(isInformative(text)).toBe(true);
  });
  it.each(['What is the code?', 'Hello!', 'Tell me about the code', 'Thanks. Who was it?', 'ספר לי על הקוד', ''])(
    'not %j',
    (text) => {
      expect(isInformative(text)).toBe(false);
    },
  );
});

describe('what is asked of an episode as a whole', () => {
  it.each([
    ['What is this episode about?', 'about'],
    ["what's it about", 'about'],
    ['Tell me about this episode', 'about'],
    ['tell me about it', 'about'],
    ['Summarize this episode', 'about'],
    ['Can you give me a short summary?', 'about'],
    ['What are the main topics?', 'about'],
    ['What do they talk about in this episode?', 'about'],
    ['Who is speaking?', 'speakers'],
    ['who are the guests on this show', 'speakers'],
    ['How many people are talking?', 'speakers'],
    ['How long is this episode?', 'duration'],
    ['על מה הפרק?', 'about'],
    ['מה הנושא של הפרק?', 'about'],
    ['תסכם לי את הפרק', 'about'],
    ['מי מדבר בפרק?', 'speakers'],
    ['מה אורך הפרק?', 'duration'],
    ['כמה זמן נמשך הפרק?', 'duration'],
    ['What is the bridge about?', null],
    ['Who speaks about privacy?', null],
    ['How long did the fire burn?', null],
    ['What is the name of his project?', null],
    ['What do they say about bees?', null],
    ['מי מדבר על דבורים?', null],
  ])('%j: %s', (text, asks) => {
    expect(detectEpisodeQuestion(normalizedWords(text))).toBe(asks);
  });
});

describe('asking for more', () => {
  it.each(['Tell me more', 'What else did she say?', 'more please', 'go on', 'ספר לי עוד', 'מה עוד נאמר?'])(
    '%j',
    (text) => {
      expect(asksForMore(normalizedWords(text))).toBe(true);
    },
  );
  it.each(['What is more expensive?', 'And why?', 'Who was it?'])('not %j', (text) => {
    expect(asksForMore(normalizedWords(text))).toBe(false);
  });
});

describe('an excerpt', () => {
  const text = `${'before '.repeat(40)}the needle is here ${'after '.repeat(40)}`;

  it('is the whole of a short text, on one line', () => {
    expect(excerpt(' one\n two ', new Set(), 20)).toBe('one two');
  });
  it('of a long text is about what is marked, in whole words', () => {
    const cut = excerpt(text, new Set(['needle']), 120);
    expect(cut).toMatch(/^… before .* the needle is here .* after …$/);
    expect(cut.length).toBeLessThanOrEqual(124);
  });
  it('begins with the text where nothing is marked', () => {
    expect(excerpt(text, new Set(), 30)).toBe('before before before before …');
  });
  it('cuts text that has no words, and no character in half', () => {
    expect(excerpt('😀'.repeat(50), new Set(), 21).isWellFormed()).toBe(true);
  });
});

it.each([
  [0, '00:00'],
  [65.9, '01:05'],
  [3599, '59:59'],
  [3600, '1:00:00'],
  [36_061, '10:01:01'],
])('tells %d seconds as %s', (seconds, told) => {
  expect(formatTimestamp(seconds)).toBe(told);
});

describe('two thousand characters', () => {
  const fill = (unit: string) => normalizedWords(unit.repeat(2_000));
  const detectAll = (words: readonly string[]) => [
    detectSmallTalk(words),
    detectPersonalQuestion(words),
    detectEpisodeQuestion(words),
    asksForMore(words),
  ];

  it.each(['hi ', 'ok ', 'please ', 'thanks and ', 'שלום ', 'what ', 'what is this about ', 'i ', 'tell me what you '])(
    'of %j take less than a hundred times as many of a talk',
    async (unit) => {
      const [words, harmless] = [fill(unit), fill('we went on and talked ')];
      detectAll(words);
      const allowed = await cpuSecondsOf(() => {
        for (let time = 0; time < 3_000; time += 1) detectAll(harmless);
      });
      const taken = await cpuSecondsOf(() => {
        for (let time = 0; time < 30; time += 1) detectAll(words);
      });
      expect(taken).toBeLessThan(allowed);
    },
  );
});
