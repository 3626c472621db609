import { describe, expect, it } from 'vitest';
import { saveMemory } from '#domain/memories/memories.ts';
import { contentsOf, EVERYTHING, say, talk } from '../support/memory-talk.ts';
import { says, useModelServer } from '../support/model-server.ts';
import { SaveMemory } from '../support/operations.ts';
import { contentsHeldOf, talkToRules } from '../support/rules-talk.ts';
import { useServices } from '../support/services.ts';
import { useParley } from '../support/use-parley.ts';

const FORGETS = /^All right, I will forget|^בסדר, אשכח/;
const WITHHOLDS = /^All right, I will not remember|^בסדר, לא אזכור/;
const FINDS_NOTHING = /^I found nothing of that to forget|^לא מצאתי מה לשכוח/;
const KNOWS_NOTHING = /^I found nothing about that|^לא מצאתי/;

describe('the rules', () => {
  const { newUser } = useServices();

  it.each([
    ['Please don’t save this: I work at a bakery.', 'Where do I work?'],
    ['Do not note this down. I am diabetic.', 'Am I diabetic?'],
    ['Don’t keep this, but my name is Ruth.', 'What is my name?'],
    ['Strictly off the record, I am vegetarian.', 'Am I vegetarian?'],
    ['I am vegetarian, off the record.', 'Am I vegetarian?'],
    ['I am vegetarian (don’t save this)', 'Am I vegetarian?'],
    ['I am vegetarian. Dont remember it pls 🙏', 'Am I vegetarian?'],
    ['Please do not record what I am about to tell you. I live in Acre.', 'Where do I live?'],
    ['I live in Acre. Please don’t remember that.', 'Where do I live?'],
    ['I live in Acre. Forget I said that.', 'Where do I live?'],
    ['בבקשה אל תשמרי את זה: אני עובדת במאפייה.', 'איפה אני עובדת?'],
    ['אל תרשום את זה, אבל אני צמחוני.', 'האם אני צמחוני?'],
    ['לא לפרוטוקול, קוראים לי שרה.', 'איך קוראים לי?'],
    ['אל תזכרי את מה שאני אומרת עכשיו. אני גרה בעכו.', 'איפה אני גרה?'],
    ['אני גרה בעכו. אל תזכור את זה.', 'איפה אני גרה?'],
    ['Between us, I am vegetarian.', 'Am I vegetarian?'],
    ['I am vegetarian, but that’s just between you and me', 'Am I vegetarian?'],
    ['Let’s keep this between us. I am vegetarian.', 'Am I vegetarian?'],
    ['I am vegetarian. Keep it off the record.', 'Am I vegetarian?'],
    ['I am vegetarian dont remember that', 'Am I vegetarian?'],
    ['I live in Acre please don’t save this', 'Where do I live?'],
    ['I am vegetarian (off the record)', 'Am I vegetarian?'],
    ['I am vegetarian but off the record', 'Am I vegetarian?'],
    ['I am vegetarian. No need to remember that.', 'Am I vegetarian?'],
    ['I am vegetarian. Don’t remember that, ok?', 'Am I vegetarian?'],
    ['בינינו, אני צמחוני', 'האם אני צמחוני?'],
    ['שיישאר בינינו: אני צמחוני', 'האם אני צמחוני?'],
    ['אני צמחוני, ביני לבינך', 'האם אני צמחוני?'],
    ['אני צמחוני אל תזכור את זה', 'האם אני צמחוני?'],
    ['אני צמחוני. לא צריך לזכור את זה', 'האם אני צמחוני?'],
  ])('nothing is learned of %j, which the reply says, and it answers nothing', async (message, question) => {
    const ann = await newUser();
    expect(await talkToRules(ann, message)).toMatch(WITHHOLDS);
    expect(await contentsHeldOf(ann, EVERYTHING)).toEqual([]);
    expect(await talkToRules(ann, question)).toMatch(KNOWS_NOTHING);
  });

  it.each([
    ['I have a dog. Don’t save the following: I live in Acre.', ['I have a dog.']],
    ['I don’t remember this, but I live in Acre.', ['I live in Acre.']],
    ['He said "don’t remember this". I live in Acre.', ['I live in Acre.']],
    ['יש לי כלב. אל תשמור את זה: אני גר בעכו.', ['יש לי כלב.']],
    ['Forget that I live in Acre, I live in Ramla.', ['I live in Ramla.']],
    ['תשכח שאני גר בעכו, אני גר ברמלה.', ['אני גר ברמלה.']],
    ['Forget that I live in Acre but remember that I am vegan', ['I am vegan.']],
    ['My sister said: I live in Acre. I am vegan.', ['I am vegan.']],
    ['Dana wrote:\nI live in Acre.', []],
    ['I live in Acre, I mean Ramla', ['I live in Ramla.']],
    ['I live in Acre. Sorry, I meant Ramla.', ['I live in Ramla.']],
    ['My name is Dina, no wait, Dana', ['My name is Dana.']],
    ['I live in Acre, sorry for the delay', ['I live in Acre, sorry for the delay.']],
    ['I live in Acre. I mean it', ['I live in Acre.']],
    ['I live in a house where people don’t remember that', ['I live in a house where people don’t remember that.']],
    ['אני גר בתל אביב, סליחה, ברמת גן', ['אני גר ברמת גן.']],
    ['I am vegan, i live in Acre and im 34 years old', ["I'm 34 years old.", 'I live in Acre.', 'I am vegan.']],
  ])('of %j the rest is learned', async (message, learned) => {
    const ann = await newUser();
    await talkToRules(ann, message);
    expect(await contentsHeldOf(ann)).toEqual(learned);
  });

  it.each([
    ['My cat is called Luna.', 'Forget my cat’s name.'],
    ['I have a cat named Luna.', 'Forget what my cat is called'],
    ['Remember that my landlord is Omer.', 'Forget who my landlord is.'],
    ['My sister lives in Oslo.', 'Forget where my sister lives.'],
    ['Remember that my e-mail is a@b.co.', 'Delete my email from your memory.'],
    ['Remember that my phone is 052-1112222.', 'Stop remembering my phone number.'],
    ['I am 34 years old.', 'Forget how old I am.'],
    ['Remember that the cellar code is 1177.', 'You can forget the cellar code now.'],
    ['Remember that my address is Main Street 5.', 'Remove my address from your memory.'],
    ['I work at a school.', 'Delete the memory about my job.'],
    ['I am vegan.', 'pls forget that im vegan'],
    ['I am vegan.', 'can u forget that im vegan thx'],
    ['I am vegan.', 'Forget that I’m vegan 🙏'],
    ['I am vegan.', 'please forget I ever told you I’m vegan'],
    ['I live in Acre.', 'Don’t remember that I live in Acre.'],
    ['I live in Acre.', 'Forget that I live in Acre because it is wrong'],
    ['I am 34 years old.', 'forget my age thx'],
    ['אני צמחוני.', 'בבקשה תשכח שאני צמחוני, תודה'],
    ['אני גר בעכו.', 'תשכח שאני גר בעכו כי זה לא נכון'],
    ['אני גר בעכו.', 'תִּשְׁכַּח שֶׁאֲנִי גָּר בְּעַכּוֹ'],
    ['Remember that my landlord is Omer.', 'Please erase what you know about my landlord.'],
    ['I am diabetic.', 'I don’t want you to remember that I am diabetic.'],
    // Words that are names of what every object of JavaScript has.
    ['My job is constructor.', 'Forget that my job is constructor.'],
    ['אני גר ב־constructor.', 'תשכח שאני גר ב־constructor.'],
    ['לחתול שלי קוראים מיצי.', 'תשכח את שם החתול שלי.'],
    ['תזכור שהנייד שלי הוא 052-1112222.', 'תמחק מהזיכרון את מספר הטלפון שלי.'],
    ['תזכור שהמייל שלי הוא a@b.co.', 'תשכחי את כתובת האימייל שלי.'],
    ['תזכור שהסיסמה היא 1177.', 'אל תשמור את הסיסמה.'],
    ['אני צמחונית.', 'תוכל לשכוח שאני צמחונית?'],
    ['אני צמחונית.', 'תמחק מהזיכרון שאני צמחונית.'],
    ['אני צמחונית.', 'אני לא רוצה שתזכור שאני צמחונית.'],
    ['אחותי גרה בפריז.', 'תשכח איפה אחותי גרה.'],
    ['I am vegan.', 'Forget that I’m vegan, ok?'],
    ['I am vegan.', 'no need to remember that I’m vegan'],
    ['I am vegan.', 'You don’t have to remember that I’m vegan.'],
    ['I am vegan.', 'Id rather you forgot that I’m vegan'],
    ['I am vegan.', 'I would prefer you didn’t remember that I’m vegan.'],
    ['My cat is called Luna.', 'Ignore what I said about my cat.'],
    ['I work at a school.', 'never mind what I said about my job'],
    ['I live in Acre.', 'Scratch what I said about Acre'],
    ['אני צמחוני.', 'תשכח שאני צמחוני, בסדר?'],
    ['אני צמחוני.', 'לא צריך לזכור שאני צמחוני'],
    ['אני צמחוני.', 'אין צורך לזכור שאני צמחוני.'],
    ['אני צמחונית.', 'הייתי מעדיפה שתשכח שאני צמחונית'],
    ['לחתול שלי קוראים מיצי.', 'עזוב את מה שאמרתי על החתול שלי'],
  ])('%j is deleted by %j', async (before, request) => {
    const ann = await newUser();
    expect(await talkToRules(ann, before, request)).toMatch(FORGETS);
    expect(await contentsHeldOf(ann, EVERYTHING)).toEqual([]);
  });

  it.each([
    ['My cat is called Luna.', 'Forget my dog’s name.'],
    ['Remember that my passport number is 123.', 'Forget my phone number.'],
    ['My brother works at the water tower.', 'Forget the tower.'],
    ['My sister lives in Oslo.', 'Forget where my brother lives.'],
    ['לחתול שלי קוראים מיצי.', 'תשכח את שם הכלב שלי.'],
    ['אני צמחונית.', 'תשכח שאני סוכרתית.'],
  ])('with %j nothing is found to forget by %j, which the reply says', async (before, request) => {
    const ann = await newUser();
    expect(await talkToRules(ann, before, request)).toMatch(FINDS_NOTHING);
    expect(await contentsHeldOf(ann)).toHaveLength(1);
    expect(await talkToRules(ann, request)).toMatch(FINDS_NOTHING);
  });

  it.each([
    ['I am diabetic.', 'Forget I said that.', 'Am I diabetic?'],
    ['I am diabetic.', 'Please forget what I just told you', 'Am I diabetic?'],
    ['I am diabetic.', 'Don’t remember that.', 'Am I diabetic?'],
    ['אני סוכרתית.', 'תשכחי מה שאמרתי.', 'האם אני סוכרתית?'],
  ])('what was said last, %j, is deleted by %j, and nothing else', async (last, request, question) => {
    const ann = await newUser();
    expect(await talkToRules(ann, 'I live in Acre.', last, request)).toMatch(FORGETS);
    expect(await contentsHeldOf(ann, EVERYTHING)).toEqual(['I live in Acre.']);
    expect(await talkToRules(ann, question)).not.toContain(last);
    expect(await talkToRules(ann, request)).toMatch(FINDS_NOTHING);
  });

  it.each([
    'Will you delete my memories?',
    'Forget that I live in Acre?',
    'Forget that I live in Acre ok?',
    'תשכח שאני גר בעכו טוב?',
    'Forget everything you know about me, ok?',
    'You forget that I live in Acre, ok?',
    'Never mind',
    'Ignore my home.',
    'Never mind what I said about the second option.',
    'Keep this between us.',
    'No need to remember that',
    'You don’t need to remember the home',
    'בינינו יש הבדל',
    'אני לא צריך לזכור שאני גר בעכו',
    'תשכח שאני גר בעכו?',
    'Will you forget everything about me?',
    'Can you delete your memory?',
    'Forget everything you know about me?',
    'Forget everything you know about me.\nCan you translate this into Hebrew?',
    'Forget that I live in Acre. How do I say this in French?',
    'Dana wrote:\nForget everything you know about me.',
    'Dana wrote:\nForget that I live in Acre.',
    '- Forget everything about me',
    '1. Forget where I live.\n2. Buy milk.',
    '“Forget everything about me.”',
    '> Forget everything about me',
    `Forget where I live.\n${'La la la. '.repeat(200)}`,
    `${'La la la. '.repeat(200)}\nForget where I live.`,
    'Don’t remember that?',
    'Sorry, don’t remember it',
    'Sorry, don’t remember that I live in Acre',
    'What does it mean when a politician says it’s off the record?',
    'He told me that it is off the record',
    'Delete my account',
    'Remove my home.',
    'Don’t save my seat',
    'Don’t save that account',
    'No need to save that account',
    'Forget that seat',
    'אפשר למחוק את הזיכרונות שלי?',
    'האם אתה יכול לשכוח את כל מה שאתה יודע עליי?',
    'תשכח את כל מה שאתה יודע עליי.\nאפשר לתרגם את זה לאנגלית?',
    'דנה כתבה:\nתשכח את כל מה שאתה יודע עליי',
    'תמחק את החשבון שלי',
    'אל תשמור את המקום שלי',
  ])('nothing is deleted or withheld by %j', async (message) => {
    const ann = await newUser();
    await saveMemory(ann, { content: 'My account and my seat are in Acre.' });
    expect(await talkToRules(ann, 'I live in Acre.', message)).not.toMatch(FORGETS);
    expect(await contentsHeldOf(ann)).toEqual(
      expect.arrayContaining(['I live in Acre.', 'My account and my seat are in Acre.']),
    );
    expect(await talkToRules(ann, 'Where do I live?')).not.toMatch(KNOWS_NOTHING);
  });

  it.each([
    ['The meeting is at nine.', 'Forget the meeting'],
    ['Remember that the dog is called Rex.', 'Forget about the dog'],
    ['Remember that הפגישה בתשע.', 'תשכח את הפגישה'],
  ])('%j is not deleted by %j, an idiom', async (before, request) => {
    const ann = await newUser();
    await saveMemory(ann, { content: before });
    expect(await talkToRules(ann, request)).not.toMatch(FORGETS);
    expect(await contentsHeldOf(ann)).toEqual([before]);
  });

  it.each([
    ['Forget the password', 'The door password is 1.', 'The router password is 2.'],
    ['Forget the dog', 'The dog is called Rex.', 'The dog is afraid of cats.'],
    ['Ignore what I said about the dog', 'My dog is called Rex.', 'My brother is afraid of the dog.'],
    ['Forget my dog', 'My dog is called Rex.', 'My dog is afraid of cats.'],
    ['תשכח את הסיסמה', 'הסיסמה של הדלת היא 1.', 'הסיסמה של המחשב היא 2.'],
  ])('%j deletes nothing where it may mean %j or %j, and the reply says so', async (request, one, other) => {
    const ann = await newUser();
    for (const content of [one, other]) await saveMemory(ann, { content });
    const reply = await talkToRules(ann, request);
    for (const content of [one, other]) expect(reply).toContain(content);
    expect(await contentsHeldOf(ann)).toHaveLength(2);
  });

  it.each([
    ['Forget that I live in Acre, I work in Haifa.', ['I work in Haifa.', 'I am diabetic.']],
    ['Forget that I live in Acre and I am diabetic.', ['I am diabetic.']],
    ['Forget that I live in Acre and that I am diabetic.', []],
  ])('of what is known %j leaves what it does not ask to forget', async (request, left) => {
    const ann = await newUser();
    await talkToRules(ann, 'I live in Acre. I am diabetic.', request);
    expect(await contentsHeldOf(ann)).toEqual(left);
  });

  it.each(['Don’t remember that.', 'Never save this', 'Stop saving that', 'אל תזכור את זה.'])(
    '%j withholds the message before, and deletes nothing older',
    async (request) => {
      const ann = await newUser();
      expect(await talkToRules(ann, 'My name is Dana.', 'What is the time?', request)).toMatch(WITHHOLDS);
      expect(await contentsHeldOf(ann)).toEqual(['My name is Dana.']);
      await talkToRules(ann, 'I live in Acre.');
      await talkToRules(ann, 'I live in Acre.', request);
      expect(await contentsHeldOf(ann)).toEqual(expect.arrayContaining(['I live in Acre.', 'My name is Dana.']));
    },
  );
});

describe('by rules', () => {
  const app = useParley();

  it('nothing is learned of what is off the record, or found to forget of it, and the replies say so', async () => {
    const ann = await app.user();
    expect(await talk(ann, 'Strictly off the record, I am vegetarian.')).toMatch(WITHHOLDS);
    expect(await contentsOf(ann, EVERYTHING)).toEqual([]);
    expect(await talk(ann, 'Am I vegetarian?')).toMatch(KNOWS_NOTHING);
    expect(await talk(ann, 'Forget that I am vegetarian.')).toMatch(FINDS_NOTHING);
  });

  it.each([
    'Hi! Please forget everything you know about me. Thank you very much!',
    'Can you please delete your memory?',
    'Could you forget everything about me, please?',
    'בבקשה אפשר למחוק את הזיכרונות שלי?',
  ])('everything is deleted by %j, which the job counts and the audit tells', async (request) => {
    const ann = await app.user();
    await talk(ann, 'I live in Acre. I am diabetic.', request);
    expect(await contentsOf(ann, EVERYTHING)).toEqual([]);
    const { jobs } = await ann.ask('{ jobs(filter: { kinds: [EXTRACT_MEMORIES] }) { edges { node { result } } } }');
    const results = jobs.edges.map(({ node }: { node: { result: object } }) => node.result);
    expect(results).toContainEqual({ saved: 0, merged: 0, forgotten: 2 });
    const { auditLog } = await app.admin.ask(
      'query ($id: ID!) { auditLog(actorId: $id) { edges { node { action detail } } } }',
      { id: ann.id },
    );
    const entries = auditLog.edges.map(({ node }: { node: object }) => node);
    expect(entries).toContainEqual({ action: 'memory.forget', detail: { forgotten: 2 } });
  });

  it('what was said last is forgotten, not what was learned before it', async () => {
    const ann = await app.user();
    expect(await talk(ann, 'My name is Dana.', 'The alarm box opens with 4471', 'Forget what I just said.')).toMatch(
      FORGETS,
    );
    expect(await contentsOf(ann)).toEqual(['My name is Dana.']);
    expect(await talk(ann, 'What opens the alarm box?')).not.toContain('4471');
  });

  it('what was asked after it is forgotten with it, and asking again reaches no further', async () => {
    const ann = await app.user();
    const turns = ['My name is Dana.', 'I am diabetic.', 'What is the time?', 'Forget what I just said.'];
    await talk(ann, ...turns, 'Forget what I just said.');
    expect(await contentsOf(ann)).toEqual(['My name is Dana.']);
  });

  it.each(['Forget everything you know about me.', 'תשכח את כל מה שאתה יודע עליי'])(
    'all that is known of its owner is deleted by %j',
    async (request) => {
      const [ann, bob] = [await app.user(), await app.user()];
      await talk(bob, 'I live in Acre.');
      await ann.ask(SaveMemory, { input: { content: 'Drinks tea.' } });
      expect(await talk(ann, 'I live in Acre.', 'I moved to Vienna. The tuba is blue.', request)).toMatch(FORGETS);
      expect(await contentsOf(ann, EVERYTHING)).toEqual([]);
      expect(await talk(ann, 'Where do I live?')).toMatch(KNOWS_NOTHING);
      expect(await talk(ann, 'What is blue?')).toMatch(KNOWS_NOTHING);
      expect(await contentsOf(bob)).toEqual(['I live in Acre.']);
      await talk(ann, 'I live in Ramla.');
      expect(await contentsOf(ann)).toEqual(['I live in Ramla.']);
    },
  );
});

describe('by a model', async () => {
  const model = await useModelServer();
  const app = useParley({ env: model.env });

  it('is not shown what is not to be remembered', async () => {
    const ann = await app.user();
    const shown: string[] = [];
    model.answer((turn) => {
      const [system, user] = turn.request.messages as { content: string }[];
      if (!system?.content.includes('long-term memory')) return says('Fine.')(turn);
      shown.push(user?.content ?? '');
      return says('[]')(turn);
    });
    await say(ann, 'I play the tuba. Don’t save this: I am diabetic.');
    await say(ann, 'Don’t remember this: I live in Acre.');
    expect(shown).toHaveLength(1);
    expect(shown[0]).toContain('tuba');
    expect(shown[0]).not.toContain('diabetic');
  });
});
