import { describe, expect, it } from 'vitest';
import { contentsOf, EVERYTHING, say, talk } from '../support/memory-talk.ts';
import { says, useModelServer } from '../support/model-server.ts';
import { SaveMemory } from '../support/operations.ts';
import { useParley } from '../support/use-parley.ts';

const FORGETS = /^All right, I will forget|^בסדר, אשכח/;
const WITHHOLDS = /^All right, I will not remember|^בסדר, לא אזכור/;
const FINDS_NOTHING = /^I found nothing of that to forget|^לא מצאתי מה לשכוח/;
const KNOWS_NOTHING = /^I found nothing about that|^לא מצאתי/;

describe('by rules', () => {
  const app = useParley();

  it.each([
    ['Please don’t save this: I work at a bakery.', 'Where do I work?'],
    ['Do not note this down. I am diabetic.', 'Am I diabetic?'],
    ['Don’t keep this, but my name is Ruth.', 'What is my name?'],
    ['Strictly off the record, I am vegetarian.', 'Am I vegetarian?'],
    ['I am vegetarian, off the record.', 'Am I vegetarian?'],
    ['Please do not record what I am about to tell you. I live in Acre.', 'Where do I live?'],
    ['I live in Acre. Please don’t remember that.', 'Where do I live?'],
    ['I live in Acre. Forget I said that.', 'Where do I live?'],
    ['בבקשה אל תשמרי את זה: אני עובדת במאפייה.', 'איפה אני עובדת?'],
    ['אל תרשום את זה, אבל אני צמחוני.', 'האם אני צמחוני?'],
    ['לא לפרוטוקול, קוראים לי שרה.', 'איך קוראים לי?'],
    ['אל תזכרי את מה שאני אומרת עכשיו. אני גרה בעכו.', 'איפה אני גרה?'],
    ['אני גרה בעכו. אל תזכור את זה.', 'איפה אני גרה?'],
  ])('nothing is learned of %j, which the reply says, and it answers nothing', async (message, question) => {
    const ann = await app.user();
    expect(await talk(ann, message)).toMatch(WITHHOLDS);
    expect(await contentsOf(ann, EVERYTHING)).toEqual([]);
    expect(await talk(ann, question)).toMatch(KNOWS_NOTHING);
  });

  it.each([
    ['I have a dog. Don’t save the following: I live in Acre.', ['I have a dog.']],
    ['I don’t remember this, but I live in Acre.', ['I live in Acre.']],
    ['He said "don’t remember this". I live in Acre.', ['I live in Acre.']],
    ['יש לי כלב. אל תשמור את זה: אני גר בעכו.', ['יש לי כלב.']],
    ['Forget that I live in Acre, I live in Ramla.', ['I live in Ramla.']],
    ['תשכח שאני גר בעכו, אני גר ברמלה.', ['אני גר ברמלה.']],
  ])('of %j the rest is learned', async (message, learned) => {
    const ann = await app.user();
    await talk(ann, message);
    expect(await contentsOf(ann)).toEqual(learned);
  });

  it.each([
    ['My cat is called Luna.', 'Forget my cat’s name.'],
    ['I have a cat named Luna.', 'Forget what my cat is called'],
    ['Remember that my landlord is Omer.', 'Forget who my landlord is.'],
    ['My sister lives in Oslo.', 'Forget where my sister lives.'],
    ['Remember that my e-mail is a@b.co.', 'Delete my email.'],
    ['Remember that my phone is 052-1112222.', 'Stop remembering my phone number.'],
    ['I am 34 years old.', 'Forget how old I am.'],
    ['Remember that the cellar code is 1177.', 'You can forget the cellar code now.'],
    ['Remember that my address is Main Street 5.', 'Remove my address from your memory.'],
    ['I work at a school.', 'Delete the memory about my job.'],
    ['Remember that my landlord is Omer.', 'Please erase what you know about my landlord.'],
    ['I am diabetic.', 'I don’t want you to remember that I am diabetic.'],
    ['לחתול שלי קוראים מיצי.', 'תשכח את שם החתול שלי.'],
    ['תזכור שהנייד שלי הוא 052-1112222.', 'תמחק את מספר הטלפון שלי.'],
    ['תזכור שהמייל שלי הוא a@b.co.', 'תשכחי את כתובת האימייל שלי.'],
    ['תזכור שהסיסמה היא 1177.', 'אל תשמור את הסיסמה.'],
    ['אני צמחונית.', 'תוכל לשכוח שאני צמחונית?'],
    ['אני צמחונית.', 'תמחק מהזיכרון שאני צמחונית.'],
    ['אני צמחונית.', 'אני לא רוצה שתזכור שאני צמחונית.'],
    ['אחותי גרה בפריז.', 'תשכח איפה אחותי גרה.'],
  ])('%j is deleted by %j', async (before, request) => {
    const ann = await app.user();
    expect(await talk(ann, before, request)).toMatch(FORGETS);
    expect(await contentsOf(ann, EVERYTHING)).toEqual([]);
  });

  it.each([
    ['My cat is called Luna.', 'Forget my dog’s name.'],
    ['Remember that my passport number is 123.', 'Forget my phone number.'],
    ['My brother works at the water tower.', 'Forget the tower.'],
    ['My sister lives in Oslo.', 'Forget where my brother lives.'],
    ['לחתול שלי קוראים מיצי.', 'תשכח את שם הכלב שלי.'],
    ['אני צמחונית.', 'תשכח שאני סוכרתית.'],
  ])('with %j nothing is found to forget by %j, which the reply says', async (before, request) => {
    const ann = await app.user();
    expect(await talk(ann, before, request)).toMatch(FINDS_NOTHING);
    expect(await contentsOf(ann)).toHaveLength(1);
    expect(await talk(ann, request)).toMatch(FINDS_NOTHING);
  });

  it.each([
    ['I am diabetic.', 'Forget I said that.', 'Am I diabetic?'],
    ['I am diabetic.', 'Please forget what I just told you', 'Am I diabetic?'],
    ['I am diabetic.', 'Don’t remember that.', 'Am I diabetic?'],
    ['אני סוכרתית.', 'תשכחי מה שאמרתי.', 'האם אני סוכרתית?'],
  ])('what was said last, %j, is deleted by %j, and nothing else', async (last, request, question) => {
    const ann = await app.user();
    expect(await talk(ann, 'I live in Acre.', last, request)).toMatch(FORGETS);
    expect(await contentsOf(ann, EVERYTHING)).toEqual(['I live in Acre.']);
    expect(await talk(ann, question)).not.toContain(last);
    expect(await talk(ann, request)).toMatch(FINDS_NOTHING);
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
