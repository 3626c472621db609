import { v7 as uuidv7 } from 'uuid';
import { beforeEach, expect, it } from 'vitest';
import { createConversation, type NewConversation } from '#domain/conversations/conversations.ts';
import { draftByRules } from '#domain/conversations/replies/drafting/by-rules/draft-by-rules.ts';
import type { DraftEnd } from '#domain/conversations/replies/drafting/draft.ts';
import { recall } from '#domain/conversations/replies/drafting/retrieval/recall.ts';
import type { Deps } from '#domain/core/deps.ts';
import { importTranscript } from '#domain/episodes/transcripts/import-transcript.ts';
import { saveMemory } from '#domain/memories/memories.ts';
import type { NewMemory } from '#domain/memories/new-memory.ts';
import type { Conversation } from '#generated/prisma/client.ts';
import { describeOnEachDatabase } from '../support/databases.ts';
import { GARDEN_VTT } from '../support/garden-episode.ts';
import { useServices } from '../support/services.ts';

let ann: Deps;

const gardenHour = async (deps: Deps) => {
  const file = { title: 'Garden Hour', format: 'VTT', content: Buffer.from(GARDEN_VTT) } as const;
  return (await importTranscript(deps, { ...file, episodeId: null, language: null })).episode;
};
const newConversation = (deps: Deps, input: NewConversation = {}) => createConversation(deps, input);
const save = async (deps: Deps, content: string, more: Partial<NewMemory> = {}) =>
  (await saveMemory(deps, { content, ...more })).memory;

/** Says something in a conversation, as sendMessage does; returns the reply's pieces and what it rests on. */
async function say(deps: Deps, conversation: Conversation, content: string) {
  const { message } = deps.database.prisma;
  const place = { conversationId: conversation.id, ownerId: deps.actor.userId };
  const earlier = await message.findMany({ where: place, orderBy: { sequence: 'asc' } });
  const next = { ...place, sequence: earlier.length + 1 };
  const question = await message.create({ data: { ...next, id: uuidv7(), role: 'USER', content } });
  const asked = { conversation, question, earlier, signal: new AbortController().signal };
  const { text, repeatable } = await draftByRules(deps, asked);
  expect(repeatable).toBe(true);
  const pieces: string[] = [];
  for (;;) {
    const step = await text.next();
    if (!step.done) {
      pieces.push(step.value);
      continue;
    }
    const { citations, ...end } = step.value as DraftEnd;
    expect(end).toEqual({ model: null, tokensInput: null, tokensOutput: null });
    const data = { ...next, sequence: next.sequence + 1, content: pieces.join(''), citations };
    await message.create({ data: { ...data, id: uuidv7(), role: 'ASSISTANT' } });
    return { text: pieces.join(''), pieces, citations, asked };
  }
}

const reply = async (deps: Deps, content: string, input: NewConversation = {}) =>
  (await say(deps, await newConversation(deps, input), content)).text;

describeOnEachDatabase((on) => {
  const { newUser } = useServices({ on });
  beforeEach(async () => {
    ann = { ...(await newUser()), now: () => new Date('2026-05-03T14:05:00Z') };
  });

  it.each([
    ['Hi!', 'Hello! Ask me about anything you have told me.'],
    ['Hello, how are you?', 'I am a program, so always about the same. Thank you for asking!'],
    ['Thanks a lot', 'You are welcome.'],
    ['Goodbye', 'Goodbye!'],
    [
      'Who are you?',
      'I am Parley. My replies come from rules: no language model is set up here. To have a language model answer, set MODEL_BASE_URL and MODEL_NAME (see the README).',
    ],
    ['What time is it?', 'It is 14:05 UTC.'],
    ['What day is it today?', 'Today is Sunday, 3 May 2026 (UTC).'],
    ['👍', 'I find no words in that.'],
    ['שלום', 'שלום! אפשר לשאול אותי על כל מה שסיפרת לי.'],
    ['מה שלומך?', 'אני תוכנה, אז אצלי תמיד אותו הדבר. תודה ששאלת!'],
    ['תודה רבה!', 'בשמחה.'],
    ['להתראות', 'להתראות!'],
    [
      'מי את?',
      'שמי Parley. התשובות שלי נכתבות לפי כללים: לא הוגדר כאן מודל שפה. כדי שיענה מודל שפה צריך להגדיר את MODEL_BASE_URL ואת MODEL_NAME (פרטים ב־README).',
    ],
    ['מה השעה?', 'השעה 14:05 לפי UTC.'],
    ['איזה יום היום?', 'היום יום ראשון, 3 במאי 2026 (לפי UTC).'],
  ])('answers %j', async (question, text) => {
    expect(await reply(ann, question)).toBe(text);
  });

  it('takes note of what is told, and does not say more than is so', async () => {
    const told = 'My dog is called Rex.';
    expect(await reply(ann, told)).toBe('Thank you for telling me. I will remember: “My dog is called Rex.”');
    expect(await reply(ann, 'קוראים לי דנה')).toBe('תודה שסיפרת לי. אזכור את זה: "קוראים לי דנה."');
    expect(await reply(ann, 'The bridge was closed yesterday.')).toBe(
      'Thank you for telling me. It stays among your messages, where I can find it again.',
    );
    const off = 'Thank you for telling me. It stays among your messages; learning memories from them is off here.';
    expect(await reply(ann, told, { metadata: { extractMemories: false } })).toBe(off);
    const never = { ...ann, replying: { ...ann.replying, extractMemories: false } };
    expect(await reply(never, told)).toBe(off);
    expect(await reply(never, 'הכלב שלי בן שנתיים')).toMatch(/^תודה שסיפרת לי\. .* כבוי כאן\.$/);
  });

  it('recalls a memory, quotes and cites it, and notes that it did', async () => {
    const memory = await save(ann, 'My dog is called Rex.');
    await save(ann, 'I prefer tea to coffee.');
    const { text, citations } = await say(ann, await newConversation(ann), 'Hi, what is my dog called?');
    expect(text).toBe('You told me: “My dog is called Rex.”');
    expect(citations).toEqual([
      { quote: 'My dog is called Rex.', memoryId: memory.id, segmentId: null, startSeconds: null, endSeconds: null },
    ]);
    const { lastRecalledAt } = await ann.database.prisma.memory.findUniqueOrThrow({ where: { id: memory.id } });
    expect(lastRecalledAt).toEqual(ann.now());
  });

  it('takes a question for a new one where it has a subject of its own', async () => {
    await save(ann, 'I live in Haifa.');
    await save(ann, 'I work at Intel.');
    await save(ann, 'My sister Ruth is a doctor.');
    const conversation = await newConversation(ann);
    expect((await say(ann, conversation, 'Where do I live?')).text).toBe('You told me: “I live in Haifa.”');
    expect((await say(ann, conversation, 'Where do I work?')).text).toBe('You told me: “I work at Intel.”');
    expect((await say(ann, conversation, 'And since when?')).text).toBe('You told me: “I work at Intel.”');
    expect((await say(ann, conversation, 'my sister')).text).toBe('You told me: “My sister Ruth is a doctor.”');
  });

  it('does not tell twice what it learned from a message', async () => {
    const before = await newConversation(ann);
    const { asked } = await say(ann, before, 'My dog is called Rex, and he is two.');
    await save(ann, 'My dog is called Rex.', { sourceMessageId: asked.question.id });
    expect(await reply(ann, 'What is my dog called?')).toBe('You told me: “My dog is called Rex.”');
  });

  it('recalls in Hebrew', async () => {
    await save(ann, 'הכלב שלי נקרא רקס');
    expect(await reply(ann, 'מה אתה זוכר על הכלב?')).toBe('סיפרת לי: "הכלב שלי נקרא רקס"');
  });

  it('lists what is known of one, the most important first, each cited', async () => {
    expect(await reply(ann, 'What do you know about me?')).toBe('I know nothing about you yet.');
    for (let index = 0; index < 10; index += 1)
      await save(ann, `Friend number ${index} is ${'ABCDEFGHIJ'[index]?.repeat(12)}`, { importance: index / 10 });
    const { text, citations } = await say(ann, await newConversation(ann), 'What do you know about me?');
    const lines = text.split('\n');
    expect(lines[0]).toBe('This is what I know about you:');
    expect(lines[1]).toBe('“Friend number 9 is JJJJJJJJJJJJ”');
    expect(lines.at(-1)).toBe('There is more: ask about something in particular.');
    expect(citations).toHaveLength(8);
  });

  it('finds earlier messages, with their day, and leaves questions out', async () => {
    const before = await newConversation(ann);
    await say(ann, before, 'What is the code of the garage?');
    await say(ann, before, 'The code of our garage is 4711.');
    await ann.database.prisma.message.updateMany({ data: { sentAt: new Date('2026-04-01T09:00:00Z') } });
    expect(await reply(ann, 'What is the code of the garage?')).toBe(
      'On 1 April 2026 you wrote: “The code of our garage is 4711.”',
    );
    expect((await say(ann, before, 'What did I say about the garage?')).text).toBe(
      'Earlier in this conversation you wrote: “The code of our garage is 4711.”',
    );
  });

  it('says so where it knows nothing, and how to get a model', async () => {
    await save(ann, 'My dog is called Rex.');
    expect(await reply(ann, 'What is the capital of France?')).toBe(
      'I found nothing about that in what you have told me. To have a language model answer, set MODEL_BASE_URL and MODEL_NAME (see the README).',
    );
    expect(await reply(ann, 'מהי בירת צרפת?')).toMatch(/^לא מצאתי על כך דבר/);
  });

  it('shows nobody what is another’s', async () => {
    const bob = await newUser();
    await save(bob, 'My dog is called Rex.');
    await reply(bob, 'Our garage code is 4711.');
    const nothing = /^I found nothing about that/;
    expect(await reply(ann, 'What is my dog called?')).toMatch(nothing);
    expect(await reply(ann, 'What did I say about the garage code?')).toMatch(nothing);
    expect(await reply(ann, 'What do you know about me?')).toBe('I know nothing about you yet.');
  });

  it('speaks shorter, and without brackets, where it is heard', async () => {
    const episode = await gardenHour(ann);
    const heard = { channel: 'PHONE', episodeId: episode.id } as const;
    expect(await reply(ann, 'What did the insurance pay?', heard)).toBe(
      'The episode says: Mira, after 1 minute: “Insurance paid four thousand euros for the glass.”',
    );
    for (const question of ['What is it about?', 'Who are you?', 'What about submarines?', 'What day is it?'])
      expect(await reply(ann, question, heard)).not.toMatch(/[[\]()*_\n]/);
  });

  it('bounds the longest question and the longest answer', async () => {
    const conversation = await newConversation(ann);
    for (let index = 0; index < 6; index += 1)
      await save(ann, `garage number ${index}: ${`${'xyz'.repeat(index + 3)} `.repeat(80)}`);
    const { text } = await say(ann, conversation, `garage ${'a '.repeat(99_000)}?`);
    expect(text).toContain('garage number');
    expect(text.length).toBeLessThanOrEqual(1_500);
  });

  it('comes in pieces that together are the text, the same each time', async () => {
    await save(ann, 'My dog is called Rex.');
    const first = await say(ann, await newConversation(ann), 'Who are you?');
    expect(first.pieces.length).toBeGreaterThan(1);
    const question = 'What is my dog called?';
    expect(await reply(ann, question)).toBe(await reply(ann, question));
  });

  it('stops when it is told to', async () => {
    const { asked } = await say(ann, await newConversation(ann), 'Who are you?');
    const { text } = await draftByRules(ann, { ...asked, signal: AbortSignal.abort(new Error('stopped')) });
    await expect(text.next()).rejects.toThrow('stopped');
  });

  it('recalls for a model what it does not see already', async () => {
    const episode = await gardenHour(ann);
    await save(ann, 'My compost never gets hot.');
    await reply(ann, 'I bought a compost thermometer.');
    const about = await newConversation(ann, { episodeId: episode.id });
    await say(ann, about, 'My own compost is on the balcony.');
    const { asked } = await say(ann, about, 'How hot can compost get?');
    const { memories, passages, messages } = await recall(ann, asked);
    expect(memories.map(({ memory }) => memory.content)).toEqual(['My compost never gets hot.']);
    expect(messages.map(({ message }) => message.content)).toEqual(['I bought a compost thermometer.']);
    expect(passages.some(({ text }) => text.includes('seventy degrees'))).toBe(true);
  });
});
