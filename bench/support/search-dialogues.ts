import { readFileSync } from 'node:fs';
import { importConversation } from '#domain/conversations/import-conversation.ts';
import type { Deps } from '#domain/core/deps.ts';
import { ACTIVE_MEMORIES } from '#domain/memories/filter.ts';
import { saveMemory } from '#domain/memories/memories.ts';
import { searchMemories } from '#domain/search/memory-search.ts';
import { searchMessages } from '#domain/search/message-search.ts';
import { baselineOver } from './search-baseline.ts';
import type { SearchSet } from './search-set.ts';

/** Made-up conversations of two people over many sessions; every set of one name is of the same half and language. */
const DIALOGUES: [file: string, name: string][] = [
  ['maya-and-tom', 'English dialogues, to tune with'],
  ['priya-and-leon', 'English dialogues, to tune with'],
  ['noa-and-itai', 'Hebrew dialogues, to tune with'],
  ['grace-and-samir', 'English dialogues, held out'],
  ['ingrid-and-paul', 'English dialogues, held out'],
  ['tamar-and-gil', 'Hebrew dialogues, held out'],
];

type Turn = { content: string; sentAt: Date; label: string | undefined };

/** As a file has them: its turns, its questions with the labels of the turns that answer, and those that none answers. */
type Dialogue = { turns: Turn[]; asked: [question: string, labels: string[]][]; unanswered: string[] };

/** The sets of all dialogues, each as messages and as memories; each dialogue belongs to a new user that `newUser` makes. */
export async function dialogueSets(newUser: () => Promise<Deps>): Promise<SearchSet[]> {
  const sets: SearchSet[] = [];
  for (const [file, name] of DIALOGUES) {
    const dialogue = parse(readFileSync(new URL(`dialogues/${file}.txt`, import.meta.url), 'utf8'));
    sets.push(...(await setsOf(name, dialogue, await newUser())));
  }
  return sets;
}

/** A session begins with `# date`; a turn is `Name {label}: text`, a question `? text | labels`, an unanswered one `! text`. */
function parse(text: string): Dialogue {
  const dialogue: Dialogue = { turns: [], asked: [], unanswered: [] };
  let session = new Date(0);
  for (const line of text.split('\n').filter(Boolean)) {
    const rest = line.slice(2);
    if (line.startsWith('# ')) session = new Date(`${rest}T10:00:00Z`);
    else if (line.startsWith('! ')) dialogue.unanswered.push(rest);
    else if (line.startsWith('? ')) {
      const [question = '', labels = ''] = rest.split(' | ');
      dialogue.asked.push([question, labels.split(', ')]);
    } else {
      const sentAt = new Date(session.getTime() + 60_000 * dialogue.turns.length);
      const label = /^[^:{]* \{(\w+)\}:/.exec(line)?.[1];
      dialogue.turns.push({ content: line.replace(/ \{\w+\}:/, ':'), sentAt, label });
    }
  }
  return dialogue;
}

async function setsOf(name: string, { turns, asked, unanswered }: Dialogue, deps: Deps): Promise<SearchSet[]> {
  const history = turns.map(({ content, sentAt }) => ({ role: 'USER' as const, content, sentAt }));
  const { id: conversationId } = (await importConversation(deps, { history })).conversation;
  const messages = await deps.database.prisma.message.findMany({
    where: { conversationId },
    orderBy: { sequence: 'asc' },
  });
  const memories: { id: string }[] = [];
  for (const { content } of turns) memories.push((await saveMemory(deps, { content, conversationId })).memory);
  const set = (kind: 'messages' | 'memories', rows: readonly { id: string }[]) => {
    const idOf = (label: string) => rows[turns.findIndex((turn) => turn.label === label)]?.id;
    const evidenceOf = (labels: readonly string[]) =>
      new Set(
        labels.map((label) => {
          const id = idOf(label);
          if (!id) throw new Error(`No turn has the label ${label}.`);
          return id;
        }),
      );
    return {
      name: `${name}, as ${kind}`,
      questions: asked.map(([question, labels]) => ({ question, evidence: evidenceOf(labels) })),
      unanswered,
      baseline: baselineOver(deps, { table: kind, text: 'content', configuration: 'english', limit: 10 }),
    };
  };
  return [
    {
      ...set('messages', messages),
      async search(query) {
        const { hits, found, features } = await searchMessages(deps, {
          query,
          conversationId,
          archived: null,
          limit: 10,
        });
        return { ids: hits.map(({ messageId }) => messageId), found, features };
      },
    },
    {
      ...set('memories', memories),
      async search(query) {
        const search = { query, filter: ACTIVE_MEMORIES, mode: 'LEXICAL', limit: 10 } as const;
        const { hits, found, features } = await searchMemories(deps, search);
        return { ids: hits.map(({ memoryId }) => memoryId), found, features };
      },
    },
  ];
}
