import { beforeAll, describe, expect, it } from 'vitest';
import { createConversation } from '#domain/conversations/conversations.ts';
import { addMessages } from '#domain/conversations/messages.ts';
import type { Deps } from '#domain/core/deps.ts';
import { write } from '#domain/core/write.ts';
import { waitForJob } from '../support/job-rows.ts';
import { contentsOf, EVERYTHING, type Listed, memoriesOf, say, talk } from '../support/memory-talk.ts';
import { says, useModelServer } from '../support/model-server.ts';
import { DeleteMemory, SaveMemory } from '../support/operations.ts';
import { contentsHeldOf, memoriesHeldOf, talkToRules } from '../support/rules-talk.ts';
import { useServices } from '../support/services.ts';
import { useParley } from '../support/use-parley.ts';

describe('the rules', () => {
  const { newUser } = useServices();

  it.each([
    ['I live in Acre.', 'I moved to Vienna last spring.', 'Where do I live?', 'I moved to Vienna last spring.'],
    [
      'I work at a school.',
      'I no longer work at a school, I just joined a museum.',
      'Where do I work?',
      'I just joined a museum.',
    ],
    [
      'My cat is called Luna.',
      "My cat isn't called Luna any more, she's called Mia.",
      'What is my cat called?',
      'My cat is called Mia.',
    ],
    ['My cat is called Luna.', "It isn't called Luna. It's called Mia.", 'What is my cat called?', "It's called Mia."],
    [
      'Remember that the cellar code is 1177.',
      'The cellar code is now 8080.',
      'What is the cellar code?',
      'The cellar code is now 8080.',
    ],
    [
      'My sister lives in Oslo.',
      'My sister moved to Porto.',
      'Where does my sister live?',
      'My sister moved to Porto.',
    ],
    ['I like olives.', "I don't like olives any more.", 'Do I like olives?', "I don't like olives any more."],
    ['I live in Acre.', "I'm based in Vienna now.", 'Where do I live?', "I'm based in Vienna now."],
    ['I work at a school.', 'I started working at a museum.', 'Where do I work?', 'I started working at a museum.'],
    [
      'I have two children.',
      'I have three children now.',
      'How many children do I have?',
      'I have three children now.',
    ],
    ['I am 34 years old.', 'I turned 35 in May.', 'How old am I?', 'I turned 35 in May.'],
    ['I am vegetarian.', 'I eat meat again.', 'Do I eat meat?', 'I eat meat again.'],
    ['I live in Acre.', 'Sorry, I live in Ramla, not Acre.', 'Where do I live?', 'I live in Ramla.'],
    [
      'My sister is called Ruth.',
      'My sister is called Rina, not Ruth.',
      'What is my sister called?',
      'My sister is called Rina.',
    ],
    [
      'Remember that my phone number is 052-1112222.',
      'My number is now 054-3334444.',
      'What is my phone number?',
      'My number is now 054-3334444.',
    ],
    [
      'Remember that my phone number is 052-1112222.',
      'I have a new phone number: 054-3334444.',
      'What is my phone number?',
      'I have a new phone number: 054-3334444.',
    ],
    ['Remember that my boss is Dana.', 'My new boss is Omer.', 'Who is my boss?', 'My new boss is Omer.'],
    [
      'תזכור שמספר הטלפון שלי הוא 052-1112222.',
      'מספר הטלפון החדש שלי הוא 054-3334444.',
      'מה מספר הטלפון שלי?',
      'מספר הטלפון החדש שלי הוא 054-3334444.',
    ],
    [
      'Remember that the rehearsal is on Monday.',
      'The rehearsal was postponed to Thursday.',
      'When is the rehearsal?',
      'The rehearsal was postponed to Thursday',
    ],
    [
      'Remember that the cellar code is 1177.',
      "The cellar code was changed, it's 8080 now.",
      'What is the cellar code?',
      "The cellar code was changed, it's 8080 now",
    ],
    [
      'Remember that the cellar code is 1177.',
      'The cellar code is 8080 as of today.',
      'What is the cellar code?',
      'The cellar code is 8080 as of today',
    ],
    ['My name is Samuel.', 'I go by Sam now, not Samuel.', 'What is my name?', 'I go by Sam now.'],
    ['I work at a school.', "I switched jobs, I'm at a museum now.", 'Where do I work?', "I'm at a museum now."],
    ['תזכור שהחזרה ביום שני.', 'החזרה הוזזה ליום חמישי.', 'מתי החזרה?', 'החזרה הוזזה ליום חמישי'],
    ['תזכור שהסיסמה היא 1177.', 'הסיסמה החדשה היא 8080.', 'מה הסיסמה?', 'הסיסמה החדשה היא 8080.'],
    ['תזכור שהסיסמה היא 1177.', 'הסיסמה הוחלפה ל-8080.', 'מה הסיסמה?', 'הסיסמה הוחלפה ל-8080.'],
    ['אני עובד בבית ספר.', 'עברתי לעבוד במוזיאון.', 'איפה אני עובד?', 'עברתי לעבוד במוזיאון.'],
    ['אני גרה בעכו.', 'עברתי לרמת גן.', 'איפה אני גרה?', 'עברתי לרמת גן.'],
    [
      'אני עובד בבית ספר.',
      'אני כבר לא עובד בבית ספר, התחלתי לעבוד במוזיאון.',
      'איפה אני עובד?',
      'התחלתי לעבוד במוזיאון.',
    ],
    [
      'תזכור שהקוד של המרתף הוא 1177.',
      'הקוד של המרתף הוא עכשיו 8080.',
      'מה הקוד של המרתף?',
      'הקוד של המרתף הוא עכשיו 8080.',
    ],
    ['i live in acre', 'now i live in vienna', 'Where do I live?', 'Now i live in vienna.'],
    ['I live in Acre.', 'ive moved to Vienna', 'Where do I live?', "I've moved to Vienna."],
    ['I live in Acre.', 'moved to Vienna last week', 'Where do I live?', 'Moved to Vienna last week.'],
    ['im 34 years old', 'im 35 years old now', 'How old am I?', "I'm 35 years old now."],
    ['אני גר בעכו.', 'עכשיו אני גר ברמלה.', 'איפה אני גר?', 'עכשיו אני גר ברמלה.'],
    ['אני גר בעכו.', 'פעם גרתי בעכו ועכשיו אני גר ברמלה', 'איפה אני גר?', 'עכשיו אני גר ברמלה.'],
    ['Remember that the code is 1177.', 'code is now 8080', 'What is the code?', 'Code is now 8080.'],
    ['My cat is called luna.', 'its not called luna, its called mia', 'What is my cat called?', "It's called mia."],
    ['I work at a school.', 'I changed jobs, now at a museum', 'Where do I work?', 'Now at a museum.'],
    ['אני עובד בבית ספר.', 'החלפתי עבודה, עכשיו במוזיאון', 'איפה אני עובד?', 'עכשיו במוזיאון.'],
    ['אני גר בעכו.', 'עברתי לברלין 🎉', 'איפה אני גר?', 'עברתי לברלין 🎉.'],
    ['I love coffee.', "I don't drink coffee anymore", 'Do I love coffee?', "I don't drink coffee anymore."],
    ["I don't eat fish.", 'I eat fish again', 'Do I eat fish?', 'I eat fish again.'],
    ['I hate olives.', 'I’ve come to love olives', 'Do I hate olives?', 'I’ve come to love olives.'],
    ['אני שונא זיתים.', 'התחלתי לאהוב זיתים', 'האם אני שונא זיתים?', 'התחלתי לאהוב זיתים.'],
    ['אני לא אוכל דגים.', 'חזרתי לאכול דגים', 'האם אני אוכל דגים?', 'חזרתי לאכול דגים.'],
    ['אני אוהב קפה.', 'אני כבר לא שותה קפה', 'האם אני אוהב קפה?', 'אני כבר לא שותה קפה.'],
  ])('after %j and %j, %j is answered by what holds now', async (before, after, question, holds) => {
    const ann = await newUser();
    const answer = await talkToRules(ann, before, after, question);
    expect(answer).toContain(holds);
    expect(answer).not.toContain(before.replace(/^(?:Remember that |תזכור ש)|\.$/g, ''));
    const [content] = await contentsHeldOf(ann);
    expect(content).toContain(holds);
    expect(await contentsHeldOf(ann)).toEqual([content]);
    const older = (await memoriesHeldOf(ann, EVERYTHING)).filter((memory) => memory.content !== content);
    expect(older).toMatchObject([{ supersededBy: { content }, endedReason: null }]);
  });

  it.each([
    ['I live in Acre.', 'I do not live in Acre any more.', 'Where do I live?'],
    ['I am allergic to sesame.', "I'm not allergic to sesame anymore", 'What am I allergic to?'],
    ['I work at a school.', 'I quit my job', 'Where do I work?'],
    ['I work at a school.', 'I stopped working at the school.', 'Where do I work?'],
    ['I live in Acre.', "We don't live there any more.", 'Where do I live?'],
    ['I work at a school.', 'I quit.', 'Where do I work?'],
    ['I work at Acme.', 'I left Acme last month.', 'What is my job?'],
    ['My cat is called Luna.', 'Luna died yesterday.', 'What is my cat called?'],
    ['I have a cat called Luna.', 'My cat passed away last week.', 'Do I have a cat?'],
    ['I have a cat named Luna.', 'I gave Luna away.', 'Do I have a cat?'],
    ['My girlfriend is called Noa.', 'We broke up.', 'What is my girlfriend called?'],
    ['I love coffee.', 'I gave up coffee.', 'Do I love coffee?'],
    ['I have a dentist appointment on June 3.', 'My dentist appointment was cancelled.', 'When is my appointment?'],
    ['I am allergic to sesame.', "Turns out I'm not allergic to sesame.", 'What am I allergic to?'],
    ['לכלב שלי קוראים רקס.', 'רקס מת אתמול.', 'איך קוראים לכלב שלי?'],
    ['לכלב שלי קוראים רקס.', 'הכלב שלי מת.', 'איך קוראים לכלב שלי?'],
    ['אני עובדת במאפייה.', 'התפטרתי.', 'איפה אני עובדת?'],
    ['אני נשוי לדנה.', 'התגרשתי.', 'האם אני נשוי?'],
    ['יש לי תור לרופא שיניים ב-3 ביוני.', 'התור לרופא השיניים בוטל.', 'מתי התור שלי?'],
    ['אני גר בעכו.', 'אינני גר בעכו.', 'איפה אני גר?'],
    ['I live in Acre.', "It's not true that I live in Acre.", 'Where do I live?'],
    ['My girlfriend is called Noa.', "We're no longer together.", 'What is my girlfriend called?'],
    ['My husband is called Omer.', 'My husband and I have separated.', 'What is my husband called?'],
    ['I have a concert on June 3.', 'We cancelled the concert.', 'When is my concert?'],
    ['אני גר בעכו.', 'זה לא נכון שאני גר בעכו.', 'איפה אני גר?'],
    ['אני גרה בעכו.', 'עזבנו את עכו.', 'איפה אני גרה?'],
    ['אני עובדת במאפייה.', 'סיימתי לעבוד במאפייה.', 'איפה אני עובדת?'],
    ['יש לי הופעה ב-3 ביוני.', 'ביטלתי את ההופעה.', 'מתי ההופעה שלי?'],
    ['אני צמחונית.', 'אני כבר לא צמחונית.', 'האם אני צמחונית?'],
    ['I drive a Mazda.', 'I sold my Mazda and bought a Kia.', 'What do I drive?'],
    ['I own an old upright piano.', 'I gave away my piano last week', 'Do I own a piano?'],
    ['אני אוהב קפה.', 'הפסקתי לשתות קפה.', 'האם אני אוהב קפה?'],
    ['אני אוהבת סושי.', 'הפסקתי לאכול סושי לפני שנה', 'האם אני אוהבת סושי?'],
    ['אני עובדת בבית ספר.', 'הפסקתי לעבוד בבית ספר.', 'איפה אני עובדת?'],
    ['I live in Acre.', "I don't live in Acre any more lol", 'Where do I live?'],
    ['I live in Acre.', 'We are not living in Acre anymore', 'Where do I live?'],
    ['I am vegan.', 'I am not vegan anymore 😅', 'Am I vegan?'],
    ['I live in Acre.', 'I lived in Acre until last year', 'Where do I live?'],
    ['I am vegan.', 'I was vegan until two months ago', 'Am I vegan?'],
    ['אני צמחונית.', 'אני כבר לא צמחונית 😅', 'האם אני צמחונית?'],
    ['אני טבעוני.', 'אני לא טבעוני יותר לצערי', 'האם אני טבעוני?'],
    ['אני גר בעכו.', 'גרתי בעכו עד לפני שנה', 'איפה אני גר?'],
    ['אני עובד במאפייה.', 'פעם עבדתי במאפייה', 'איפה אני עובד?'],
    ['My girlfriend is called Noa.', 'My girlfriend dumped me', 'What is my girlfriend called?'],
    ['My boyfriend is called Tal.', 'I dumped my boyfriend last week', 'What is my boyfriend called?'],
    ['I drive a Mazda.', 'Sold my Mazda', 'What do I drive?'],
    ['לחברה שלי קוראים נועה.', 'החברה שלי זרקה אותי', 'איך קוראים לחברה שלי?'],
    ['I love smoking.', 'Quit smoking', 'Do I love smoking?'],
    ['לחברה שלי קוראים נועה.', 'נפרדנו', 'איך קוראים לחברה שלי?'],
    ['I love coffee.', 'I stopped drinking coffee', 'Do I love coffee?'],
    ['I love black coffee.', 'I quit coffee because it keeps me up', 'Do I love coffee?'],
    ['I like drinking coffee.', 'I had to give up coffee', 'Do I like coffee?'],
    ['I’m addicted to coffee.', 'I no longer drink coffee', 'Am I addicted to coffee?'],
    ['My favourite drink is coffee.', 'I’ve gone off coffee', 'What is my favourite drink?'],
    ['I love to run.', 'I stopped running because of my knee', 'Do I love to run?'],
    ['I love drinking wine.', 'I quit drinking last year', 'What do I love?'],
    ["I don't eat fish.", 'I started eating fish', 'Do I eat fish?'],
    ['I have a dog named Rex.', 'I no longer have a dog', 'Do I have a dog?'],
    ['Remember that I take metformin 500 mg.', 'I no longer take metformin', 'Do I take metformin?'],
    ['Remember that I take metformin 500 mg.', 'I stopped taking metformin', 'Do I take metformin?'],
    ['Remember that I use an iPhone 12.', "I don't use an iPhone anymore", 'Do I use an iPhone?'],
    ['Remember that I use an iPhone 12.', 'I had to stop using an iPhone', 'Do I use an iPhone?'],
    ['I love tomatoes.', "I'm off tomatoes", 'Do I love tomatoes?'],
    ['Remember that I use Twitter every day.', 'I quit Twitter', 'Do I use Twitter?'],
    ['אני אוהבת קפה.', 'הפסקתי עם הקפה', 'האם אני אוהבת קפה?'],
    ['אני אוהבת שוקולד.', 'נגמלתי מהשוקולד', 'האם אני אוהבת שוקולד?'],
    ['אני אוהב קפה שחור.', 'ויתרתי על הקפה כי הוא מזיק', 'האם אני אוהב קפה?'],
    ['אני אוהבת לרקוד.', 'הפסקתי לרקוד', 'האם אני אוהבת לרקוד?'],
    ['אני גר בעכו.', 'כבר לא גר בעכו', 'איפה אני גר?'],
  ])('%j ends with %j, and is not told', async (before, after, question) => {
    const ann = await newUser();
    const content = before.replace(/^Remember that /, '');
    expect(await talkToRules(ann, before, after, question)).not.toMatch(new RegExp(`[“"]${content}`));
    expect(await contentsHeldOf(ann)).toEqual([]);
    const endedReason = `${after.replace(/^Turns out |\.$/g, '')}.`;
    expect(await memoriesHeldOf(ann, { includeExpired: true })).toMatchObject([{ content, endedReason }]);
  });

  it.each([
    ['I am vegetarian.', 'Forget that I am vegetarian.', 'Am I vegetarian?'],
    ['My locker is number 12.', 'Please don’t remember that my locker is number 12', 'What is my locker number?'],
    ['My birthday is on 3 May.', 'Can you forget my birthday?', 'When is my birthday?'],
    ['My name is Sarah.', 'Forget my name.', 'What is my name?'],
    ['I live in Acre.', 'Forget where I live', 'Where do I live?'],
    ['I am diabetic.', 'Forget that I told you I am diabetic.', 'Am I diabetic?'],
    ['I am diabetic.', 'Forget what I said about being diabetic.', 'Am I diabetic?'],
    ['My birthday is on 3 May.', 'Delete my birthday from your memory.', 'When is my birthday?'],
    ['קוראים לי שרה.', 'תשכח את השם שלי.', 'איך קוראים לי?'],
    ['אני גרה בעכו.', 'תשכחי איפה אני גרה.', 'איפה אני גרה?'],
    ['אני צמחוני.', 'תשכח שאני צמחוני.', 'האם אני צמחוני?'],
    ['אני גרה בעכו.', 'אל תזכרי שאני גרה בעכו', 'איפה אני גרה?'],
  ])('%j is deleted by %j, which says so, and is not told', async (before, request, question) => {
    const ann = await newUser();
    expect(await talkToRules(ann, before, request)).toMatch(/I will forget that|אשכח את זה/);
    expect(await contentsHeldOf(ann, EVERYTHING)).toEqual([]);
    expect(await talkToRules(ann, question)).toMatch(/^I found nothing|^לא מצאתי/);
  });

  it.each<[string, string, string?]>([
    ['I like olives.', 'Dana no longer likes olives.'],
    ['I live in Acre.', 'My brother no longer lives in Acre.'],
    ['I live in Acre.', 'Do I still live in Acre?'],
    ['I live in Acre.', 'I will move to Vienna in May.'],
    ['I live in Acre.', 'Dana moved to Vienna.'],
    ['I live in Acre.', "It's not true that I no longer live in Acre."],
    ['I live in Acre.', 'He said "I no longer live in Acre".'],
    ['I live in Acre.', 'If I no longer live in Acre I am sad.'],
    ['I live in Acre.', "I don't just live in Acre."],
    ['I live in Acre.', 'I no longer live in Rome.'],
    ['My cat is called Luna.', 'My phone died.'],
    ['My cat is called Luna.', 'My grandmother died.'],
    ['My cat is called Luna.', 'If Luna died I would be sad.'],
    ['I work at Acme.', 'I quit the game.'],
    ['I work at Acme.', 'I left home early.'],
    ['I work at Acme.', 'My brother left Acme.'],
    ['I like olives.', 'I gave up capers.'],
    ['I drive a Mazda.', 'I sold my bike and bought a Kia.'],
    ['אני אוהב קפה.', 'הפסקתי לשתות תה.'],
    ['My wife is called Noa.', 'My wife left me a note'],
    ['My wife is called Noa.', 'My girlfriend dumped me'],
    ['My wife is called Noa.', 'I left my wife an hour ago'],
    ['Remember that the gate code is 1177.', 'code is now 8080', 'The gate code is 1177.'],
    ['Remember that his code is 1177.', 'code is now 8080', 'His code is 1177.'],
    ['I like smoking salmon.', 'I quit smoking.'],
    ['Remember that I smoke meat.', 'Quit smoking.', 'I smoke meat.'],
    ['Remember that my car insurance is called Bluebell.', 'I sold my car.', 'My car insurance is called Bluebell.'],
    ['Remember that my passport number is 123.', 'My number is now 054-3334444.', 'My passport number is 123.'],
    ['I have a younger brother.', 'I have an older brother.'],
    ['לכלב שלי קוראים רקס.', 'הטלפון שלי מת.'],
    ['Remember that my phone number is 052-1112222.', 'phone died', 'My phone number is 052-1112222.'],
    ['תזכור שמספר הטלפון שלי הוא 052-1112222.', 'הטלפון מת.', 'מספר הטלפון שלי הוא 052-1112222.'],
    ['I live in Acre.', 'Forget it'],
    ['I live in Acre.', 'I moved to Slack.'],
    ['I live in Acre.', 'We moved to Dropbox last year.'],
    ['I live in Acre.', 'I left Acre two hours ago.'],
    ['I live in Acre.', 'I left Acre yesterday'],
    ['I work at Acme.', 'I retired to my room.'],
    ['I work at Acme.', 'I work for fun.'],
    ['I work at Acme.', 'I work in peace and quiet.'],
    ['My wife is called Noa.', 'We split up at the museum.'],
    ['I am married to Noa.', 'I am married to my work.'],
    ['Remember that the oven is a Bosch.', 'The oven is off.', 'The oven is a Bosch.'],
    ['Remember that my son is called Tom.', 'My son turned 8.', 'My son is called Tom.'],
    ['אני גר בעכו.', 'עברתי לנגן בגיטרה.'],
    ['אני גר בעכו.', 'עברנו לגוגל דוקס.'],
    ['אני גר בעכו.', 'עזבתי את עכו לפני שעתיים.'],
    ['אני גר בעכו.', 'אני גר בשלווה ובשקט.'],
    ['אני עובד במוזיאון.', 'אני עובד בלילות.'],
    ['אני עובד במוזיאון.', 'אני עובד בדממה.'],
    ['קוראים לי שרה.', 'השם שלי בטופס.'],
    ['אני נשוי לדנה.', 'אני נשוי לקריירה.'],
    ['אני גר בעכו.', 'אל תשכח שאני גר בעכו.'],
    ['אני גר בעכו.', 'אחי כבר לא גר בעכו.'],
    ['אני גר בעכו.', 'האם אני כבר לא גר בעכו?'],
    ['I work at Acme.', 'I worked at Acme until late'],
    ['I live in Acre.', 'My sister said: I live in Vienna'],
    ['I live in Acre.', 'I live in Vienna, right'],
    ['I like olives.', 'I no longer like 🍕'],
    ['I like olives.', 'I don’t like 😀'],
    ['My dog is called Ty.', 'My cat is called Ivy, thx'],
    ['אני גר בעכו.', 'אחי אמר: אני גר ברמלה'],
    ['אני גר בעכו.', 'אני גר ברמלה, נכון'],
    ['I love coffee ice cream.', 'I stopped drinking coffee'],
    ['I love coffee and tea.', 'I gave up coffee'],
    ['I prefer coffee to tea.', 'I gave up tea'],
    ['I love coffee.', 'I stopped drinking coffee after lunch'],
    ['I love coffee.', 'I want to quit coffee'],
    ['I love work.', 'I’m off work today'],
    ['I love football.', 'I stopped playing football'],
    ['I love London.', 'I moved away from London'],
    ['Remember that I use Google every day.', 'I left Google', 'I use Google every day.'],
    ['I love Fridays.', 'I’m off Fridays'],
    ['I love May.', 'I’m off May'],
    ['Remember that I drink coffee every morning.', 'I stopped drinking', 'I drink coffee every morning.'],
    ['אני אוהב גלידת קפה.', 'הפסקתי לשתות קפה'],
    ['אני אוהב קפה ותה.', 'הפסקתי לשתות קפה'],
    ['אני אוהב קפה.', 'לא הפסקתי לשתות קפה'],
    ['אני גר בעכו.', 'לא גר בחיפה'],
  ])('%j is not taken back by %j', async (fact, other, remembered = fact) => {
    const ann = await newUser();
    await talkToRules(ann, fact, other);
    expect(await contentsHeldOf(ann)).toContain(remembered);
  });
});

describe('by rules', () => {
  const app = useParley();

  it('what is to be forgotten is deleted where nothing is learned, too', async () => {
    const ann = await app.user();
    await talk(ann, 'I am vegetarian.');
    const { createConversation: made } = await ann.ask(
      'mutation { createConversation(input: { metadata: { extractMemories: false } }) { conversation { id } } }',
    );
    await say(ann, 'I live in Acre. Forget that I am vegetarian.', made.conversation.id);
    expect(await contentsOf(ann, EVERYTHING)).toEqual([]);
  });

  it('what held before is told to who asks for it', async () => {
    const ann = await app.user();
    await talk(ann, 'I live in Acre.', 'I moved to Vienna last spring.');
    expect(await talk(ann, 'Where did I live before?')).toBe('You told me before: “I live in Acre.”');
    const bob = await app.user();
    await talk(bob, 'אני גר בעכו.', 'עברתי לגור ברמלה.');
    expect(await talk(bob, 'איפה גרתי קודם?')).toBe('בעבר סיפרת לי: "אני גר בעכו."');
  });

  it('what was saved by hand is superseded and ends as what was learned', async () => {
    const ann = await app.user();
    await ann.ask(SaveMemory, { input: { content: 'I live in Acre.' } });
    await talk(ann, 'I moved to Vienna.');
    expect(await contentsOf(ann)).toEqual(['I moved to Vienna.']);
    await ann.ask(SaveMemory, { input: { content: 'אני עובדת במאפייה' } });
    await talk(ann, 'התפטרתי.');
    expect(await contentsOf(ann)).toEqual(['I moved to Vienna.']);
  });

  it('does what it says to its owner’s memories alone', async () => {
    const [ann, bob] = [await app.user(), await app.user()];
    await talk(bob, 'I am vegetarian.');
    await talk(ann, 'Forget that I am vegetarian.', 'I am not vegetarian any more.');
    expect(await contentsOf(bob)).toEqual(['I am vegetarian.']);
  });

  it('keeps the rest of what a message says', async () => {
    const ann = await app.user();
    await talk(ann, 'I live in Acre. The lighthouse keeper plays the tuba.', 'I moved to Vienna.');
    expect(await talk(ann, 'Who plays the tuba?')).toContain('“The lighthouse keeper plays the tuba.”');
  });

  it('holds again when the client says so', async () => {
    const ann = await app.user();
    await talk(ann, 'I live in Acre.', 'I do not live in Acre any more.');
    const [{ id }] = (await memoriesOf(ann, EVERYTHING)) as [Listed];
    await ann.ask('mutation ($id: ID!) { updateMemory(input: { memoryId: $id, expiresAt: null }) { memory { id } } }', {
      id,
    });
    expect(await memoriesOf(ann)).toMatchObject([{ content: 'I live in Acre.', endedReason: null }]);
  });

  it('a message behind a deleted memory answers nothing', async () => {
    const ann = await app.user();
    await talk(ann, 'I live in Acre.');
    const [{ id }] = (await memoriesOf(ann)) as [Listed];
    await ann.ask(DeleteMemory, { id });
    expect(await talk(ann, 'Where do I live?')).toMatch(/^I found nothing/);
  });
});

describe('by a model', async () => {
  const model = await useModelServer();
  const app = useParley({ env: model.env });
  const isExtraction = ({ messages }: { messages: { content: string }[] }) =>
    messages[0]?.content.includes('long-term memory') ?? false;
  const extractWith = (...elements: object[]) =>
    model.answer((turn) => (isExtraction(turn.request) ? says(JSON.stringify(elements)) : says('Fine.'))(turn));
  const learned = { kind: 'FACT', importance: 0.8, tags: [] };

  it('what it was shown is superseded or ends by its number, and nothing else', async () => {
    const [ann, bob] = [await app.user(), await app.user()];
    await bob.ask(SaveMemory, { input: { content: 'Plays the cello in Acre.' } });
    await ann.ask(SaveMemory, { input: { content: 'Plays the cello.' } });
    await ann.ask(SaveMemory, { input: { content: 'Drinks tea.' } });
    extractWith({ ...learned, content: 'Plays the harp.', supersedes: [1, 2, 0, -1] });
    await talk(ann, 'The harp it is, instead of the cello.');
    expect(await contentsOf(ann)).toEqual(['Plays the harp.', 'Drinks tea.']);
    extractWith({ ended: [1, 7], reason: 'The harp is sold.' });
    await talk(ann, 'The harp is sold.');
    expect(await contentsOf(ann)).toEqual(['Drinks tea.']);
    expect(await memoriesOf(ann, { includeExpired: true })).toMatchObject([
      { content: 'Plays the harp.', endedReason: 'The harp is sold.' },
      { content: 'Drinks tea.' },
    ]);
    expect(await contentsOf(bob)).toEqual(['Plays the cello in Acre.']);
  });

  it('is not asked whether to forget what is to be forgotten', async () => {
    const ann = await app.user();
    await ann.ask(SaveMemory, { input: { content: 'I am vegetarian.' } });
    extractWith({ ...learned, content: 'I am vegetarian.' });
    await talk(ann, 'Forget that I am vegetarian.');
    expect(await contentsOf(ann, EVERYTHING)).toEqual([]);
  });
});

describe('the job', () => {
  const { services, newUser, startWorker } = useServices({ works: true });
  beforeAll(() => startWorker({ concurrency: { light: 4 } }));

  const runExtraction = async (deps: Deps, messageId: string) => {
    const run = (deps: Deps) =>
      write(deps, {
        action: 'test.extract',
        run: ({ enqueue }) => enqueue({ kind: 'EXTRACT_MEMORIES', payload: { messageId } }),
      });
    return (await waitForJob(services, (await run(deps)).id, 'SUCCEEDED', 'FAILED')).result;
  };
  const addUserMessages = async (deps: Deps, ...contents: string[]) => {
    const { id: conversationId } = await createConversation(deps, {});
    const messages = contents.map((content, n) => ({
      role: 'USER' as const,
      content,
      sentAt: new Date(Date.UTC(2026, 0, n + 1)),
    }));
    return (await addMessages(deps, { conversationId, messages })).map(({ id }) => id);
  };
  const live = async ({ actor }: Deps) =>
    (
      await services.database.prisma.memory.findMany({
        where: { ownerId: actor.userId, supersededById: null, expiresAt: null },
      })
    ).map(({ content }) => content);

  it('does not learn again what was forgotten, from a message that is read again', async () => {
    const ann = await newUser();
    const [said, request] = (await addUserMessages(ann, 'I am vegetarian.', 'Forget that I am vegetarian.')) as [
      string,
      string,
    ];
    await runExtraction(ann, said);
    await runExtraction(ann, request);
    expect(await runExtraction(ann, said)).toEqual({ saved: 0, merged: 0, forgotten: 0 });
    expect(await live(ann)).toEqual([]);
  });

  it('leaves one winner of many that supersede the same at once: the newest', async () => {
    const ann = await newUser();
    const codes = Array.from({ length: 8 }, (_, n) => `The cellar code is now ${1000 + n}.`);
    const [first, ...updates] = await addUserMessages(ann, 'Remember that the cellar code is 1177.', ...codes);
    await runExtraction(ann, first as string);
    await Promise.all(updates.map((id) => runExtraction(ann, id)));
    expect(await live(ann)).toEqual(['The cellar code is now 1007.']);
  });

  it('ends nothing that was said after it', async () => {
    const ann = await newUser();
    const [ending, again] = (await addUserMessages(ann, 'I do not live in Acre any more.', 'I live in Acre.')) as [
      string,
      string,
    ];
    await runExtraction(ann, again);
    await runExtraction(ann, ending);
    expect(await live(ann)).toEqual(['I live in Acre.']);
  });
});
