import { beforeAll, describe, expect, it } from 'vitest';
import { extractByRules } from '#domain/memories/extraction/extract-by-rules.ts';
import { trimPunctuation } from '#domain/memories/extraction/sentence-text.ts';
import { splitSentences, topicOf } from '#domain/memories/extraction/sentences.ts';
import { cpuSecondsOf } from '../support/cpu-time.ts';

const SAID_AT = new Date('2026-11-22T10:00:00Z');
const learn = (text: string) =>
  extractByRules(text, SAID_AT).flatMap((statement) => (statement.type === 'LEARN' ? [statement.memory] : []));
const contents = (text: string) => learn(text).map(({ content }) => content);

describe('what a user says of themselves is learned', () => {
  it.each([
    ['My name is Dana.', 'name'],
    ["my name's dana", 'name'],
    ['You can call me Danny!', 'nickname'],
    ['I live in Haifa with my two dogs', 'home'],
    ['We just moved to Tel Aviv', 'home'],
    ["I'm from Argentina", 'origin'],
    ['I work as a nurse', 'work'],
    ["I'm a senior software engineer at Intel", 'work'],
    ['My birthday is on March 3rd', 'birthday'],
    ['I was born on 5 May 1990', 'birthday'],
    ["I'm 34 years old", 'age'],
    ['My dog is called Rex and he loves water', 'pet:dog'],
    ["My wife's name is Ruth", 'family:wife'],
    ['My sister lives in Paris', null],
    ['I have two cats', 'number:cat'],
    ['I have an older brother', null],
    ['I am married', 'relationship'],
    ["I'm allergic to peanuts", null],
    ['I have a nut allergy', null],
    ["I'm vegetarian", 'diet'],
    ["I don't eat meat", null],
    ['שמי דנה כהן', 'name'],
    ['קוראים לי דנה', 'name'],
    ['אני גר בתל אביב', 'home'],
    ['אני גרה בחיפה', 'home'],
    ['עברתי לגור בירושלים', 'home'],
    ['אני עובדת כמורה', 'work'],
    ['אני מהנדס תוכנה', 'work'],
    ['יום ההולדת שלי ב-3 במרץ', 'birthday'],
    ['לאשתי קוראים רות', 'family:אשתי'],
    ['לכלב שלי קוראים רקס', 'pet:כלב'],
    ['יש לי כלב בשם רקס', 'pet:כלב'],
    ['אחותי גרה בפריז', null],
    ['אני אלרגי לבוטנים', null],
    ['אני צמחונית', 'diet'],
    ['אני לא אוכל בשר', null],
  ])('as a fact: %s', (text, topic) => {
    const content = `${text.charAt(0).toUpperCase()}${text.slice(1).replace(/[.!]$/, '')}.`;
    expect(learn(text)).toMatchObject([{ content, kind: 'FACT', topic }]);
  });

  it.each([
    ['I love hiking in the desert', 'taste:hiking in the desert'],
    ["I can't stand coriander", 'taste:coriander'],
    ["I don't like Coriander", 'taste:coriander'],
    ['I prefer tea over coffee', null],
    ['My favourite colour is green', 'favourite:colour'],
    ['Pizza is my favorite food', 'favourite:food'],
    ['אני מאוד אוהבת לרקוד', 'taste:לרקוד'],
    ['אני שונא כוסברה', 'taste:כוסברה'],
    ['אני מעדיפה תה', null],
    ['הצבע האהוב עליי הוא כחול', 'favourite:צבע'],
  ])('as a preference: %s', (text, topic) => {
    expect(learn(text)).toMatchObject([{ content: `${text}.`, kind: 'PREFERENCE', topic }]);
  });

  it.each([
    ['I have a meeting with Tal on 3 December', 'I have a meeting with Tal on 3 December.'],
    ["We're getting married in June", "We're getting married in June."],
    ['My flight to Rome is on Monday at 10', 'My flight to Rome is on Monday at 10 (said on 2026-11-22).'],
    ['I have a dentist appointment tomorrow', 'I have a dentist appointment tomorrow (said on 2026-11-22).'],
    ['הטיסה שלי ביום שני', 'הטיסה שלי ביום שני (נאמר ב-2026-11-22).'],
    ['יש לי פגישה ב-3 בדצמבר', 'יש לי פגישה ב-3 בדצמבר.'],
  ])('as an event, with the day it counts from: %s', (text, content) => {
    expect(learn(text)).toMatchObject([{ content, kind: 'EVENT' }]);
  });

  it.each([
    ['Remember that my car is a blue Mazda.', 'My car is a blue Mazda.'],
    ['please remember: the alarm code is 4321', 'The alarm code is 4321.'],
    ["Don't forget to water the plants", "Don't forget to water the plants."],
    ['תזכרי שהקוד של האזעקה הוא 4321', 'הקוד של האזעקה הוא 4321.'],
    ['זכור: הרכב שלי כחול', 'הרכב שלי כחול.'],
    ['אל תשכח לקנות חלב', 'אל תשכח לקנות חלב.'],
  ])('as a note, where they ask for it: %s', (text, content) => {
    expect(learn(text)).toMatchObject([{ content, kind: 'NOTE', importance: 0.8 }]);
  });

  it('for what it is, where they ask to remember it', () => {
    expect(learn("Can you remember that I'm allergic to nuts?")).toMatchObject([
      { content: "I'm allergic to nuts.", kind: 'FACT', importance: 0.9 },
    ]);
    expect(learn('תזכור שאני אוהבת תה')).toMatchObject([{ kind: 'PREFERENCE', importance: 0.8 }]);
    expect(contents("Don't forget that my name is Dana and I live in Haifa")).toEqual([
      'My name is Dana.',
      'I live in Haifa.',
    ]);
  });

  it('one by one, of a sentence that tells several', () => {
    expect(contents('Hi there! My name is Dana, I live in Haifa and I love tea; my dog is called "Rex".')).toEqual([
      'My name is Dana.',
      'I live in Haifa.',
      'I love tea.',
      'My dog is called Rex.',
    ]);
    expect(contents('שלום, קוראים לי יוסי ואני גר בחיפה. אני עובד כמורה')).toEqual([
      'קוראים לי יוסי.',
      'אני גר בחיפה.',
      'אני עובד כמורה.',
    ]);
    expect(contents('I saw Dr. Cohen today.\nI work as a nurse…\nWhat should I eat? I am vegan.')).toEqual([
      'I work as a nurse.',
      'I am vegan.',
    ]);
  });
});

describe('of what is corrected within a message, the correction is learned', () => {
  it.each([
    ['My dog is called Rex, I mean Max, and I live in Acre', ['My dog is called Max.', 'I live in Acre.']],
    ['I live in Haifa, I mean Acre, and I work at Intel', ['I live in Acre.', 'I work at Intel.']],
    ['I have two dogs. Actually three.', ['I have three dogs.']],
    ['I have two dogs, actually, three', ['I have three dogs.']],
    ['I have a dog. Actually two.', ['I have two dogs.']],
    ['I have a big dog. Actually two.', ['I have two big dogs.']],
    ['I live in Haifa. Sorry, I meant Acre, and I work at Intel', ['I live in Acre.', 'I work at Intel.']],
    ['I have two dogs. Actually one.', ['I have a dog.']],
    ['I am 34 years old. Sorry, 35.', ['I am 35 years old.']],
    ['My name is Dina. I said Dana, not Dina', ['My name is Dana.']],
    ['My dog is called Rex. I meant Max, not Rex.', ['My dog is called Max.']],
    ['I have two dogs. Actually three of them bark', ['I have two dogs.']],
    ['My name is Dina. I said yes, not no', ['My name is Dina.']],
    ['יש לי שני כלבים. בעצם שלושה.', ['יש לי שלושה כלבים.']],
    ['קוראים לי דינה. אמרתי דנה, לא דינה', ['קוראים לי דנה.']],
    ['לכלב שלי קוראים רקס, סליחה, מקס, ואני גר בעכו', ['לכלב שלי קוראים מקס.', 'אני גר בעכו.']],
    ['אני גר בחיפה, סליחה, בעכו, ואני עובד באינטל', ['אני גר בעכו.', 'אני עובד באינטל.']],
    ['קוראים לי דנה, סליחה, שכחתי', []],
  ])('%s', (text, learned) => expect(contents(text)).toEqual(learned));
});

describe('nothing is learned', () => {
  it.each([
    "What's my name?",
    'Do I live in Haifa?',
    'is my birthday in May',
    'Do you remember that my name is Dana?',
    'איך קוראים לי?',
    'מה השם שלי',
  ])('from a question: %s', (text) => expect(learn(text)).toEqual([]));

  it.each([
    'If I lived in Paris I would be happy',
    'If I move, I live in Haifa no more',
    'Maybe I am allergic to cats',
    'I wish I had a dog called Rex',
    'I might be moving to Berlin in May',
    'אם אני גר בפריז אני שמח',
    'אולי אני אלרגי לבוטנים',
    'נניח שאני גר בחיפה',
  ])('from a supposition: %s', (text) => expect(learn(text)).toEqual([]));

  it.each([
    "I don't live in Haifa",
    'I no longer live in Haifa',
    'I used to live in Haifa',
    "I'm not allergic to cats",
    'My name is not important',
    'אני לא גר בחיפה',
    'אני לא אלרגי לבוטנים',
  ])('from what is not so: %s', (text) => expect(learn(text)).toEqual([]));

  it.each([
    'He said "my name is Dana"',
    "She said, 'I love dogs'.",
    '> my name is Dana',
    '```\nmy name is Dana\n```',
    'My friend says I live in Haifa',
    'הוא אמר "קוראים לי דנה"',
  ])('from what others say: %s', (text) => expect(learn(text)).toEqual([]));

  it.each([
    'Translate this: my name is Dana',
    'Translate this to Hebrew.\n\nMy name is Dana. I live in Haifa.',
    'Imagine you are a pirate. My name is Jack.',
    'Write a poem about my dog. I love dogs.',
    'תרגם לאנגלית: קוראים לי דנה',
  ])('from a text to work on: %s', (text) => expect(learn(text)).toEqual([]));

  it.each([
    'I love it',
    'I like that idea',
    'I like the second option',
    'I love how it works',
    'I love you',
    'Call me later',
    'I work from home',
    'I live in fear',
    'I moved to TypeScript',
    'I moved to the next page',
    'My flight is delayed',
    'I have a meeting',
    'I was born to run',
    "I'm a bit tired",
    "I'd like to book a flight to Paris in May",
    'I remember that day',
    'אני אוהב אותך',
    'אני אוהב את הרעיון',
    'קוראים לי כל הזמן',
    'אני עובדת בבית',
    'יש לי פגישה',
  ])('from a manner of speaking: %s', (text) => expect(learn(text)).toEqual([]));
});

it('ten are learned from one message at most, each once', () => {
  const fruits = [...'abcdefghijklmnop'].map((letter) => `I like ${letter}pples.`);
  expect(learn(fruits.join(' '))).toHaveLength(10);
  expect(learn('I like tea. I like tea! I like tea')).toHaveLength(1);
});

describe('twenty thousand letters', () => {
  const LETTERS = 20_000;
  const fill = (unit: string) => unit.repeat(LETTERS / unit.length);
  let harmlessSeconds: number;
  beforeAll(async () => {
    const harmless = fill('we went on and talked ');
    harmlessSeconds = await cpuSecondsOf(() => {
      for (let time = 0; time < 1_000; time += 1) learn(harmless);
    });
  });

  it.each([
    '!',
    '"',
    "'a",
    'write a ',
    'my name is ',
    'I really ',
    '> ',
    'remember that ',
    ', and I ',
    'אני ',
    'ж',
    'ﬀ ',
    " 'a",
  ])('of %j take less than a thousand times as many of a talk', async (unit) => {
    const text = fill(unit);
    const lines = text.replaceAll(/.{290}/g, '$&\nI like ');
    expect(await cpuSecondsOf(() => [learn(text), learn(lines)])).toBeLessThan(harmlessSeconds);
  });

  it.each(['ж', 'ﬀ', ' ', ' \t', '. ', 'and my '])(
    'of %j take less than a thousand times as many of a talk where they are a memory',
    async (unit) => {
      const content = `My ${fill(unit)} is 7`;
      expect(await cpuSecondsOf(() => expect(topicOf(content)).toBeNull())).toBeLessThan(harmlessSeconds);
      expect(splitSentences(`${content}.  ${content} \n b`).at(-1)).toBe('b');
    },
  );

  it('of punctuation around a text take less than a thousand times as many of a talk', async () => {
    const [points, harmless] = [`${fill('.')}x`, fill('we went on and talked ')];
    const allowed = await cpuSecondsOf(() => {
      for (let time = 0; time < 1_000; time += 1) trimPunctuation(harmless);
    });
    expect(trimPunctuation(`--${points}...`)).toBe(points);
    expect(await cpuSecondsOf(() => trimPunctuation(points))).toBeLessThan(allowed);
  });
});
