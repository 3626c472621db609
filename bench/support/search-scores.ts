import type { Ask, Found, Question, SearchSet } from './search-set.ts';

/** What a search answered to one question. */
export type Answer = Question & Found;

export type Scores = {
  /** Share of the questions with evidence in the first 5 or 10 rows. */
  hit5: number;
  hit10: number;
  /** Share of all rows of evidence that are in the first 5 or 10 of their questions. */
  recall5: number;
  recall10: number;
  /** recall10 of the questions with several rows of evidence. */
  several10: number;
  /** Mean of 1 / rank of the first evidence; 0 where there is none in the first ten. */
  mrr: number;
  /** Share of the questions with an answer that were found, and of those without one that were not. */
  found: number;
  notFound: number;
};

/** Asks everything of some sets, of the engine or of the baseline. */
export async function answersOf(sets: readonly SearchSet[], askOf: (set: SearchSet) => Ask) {
  const answers: Answer[] = [];
  const strangers: Answer[] = [];
  for (const set of sets) {
    const ask = askOf(set);
    for (const question of set.questions) answers.push({ ...question, ...(await ask(question.question)) });
    for (const question of set.unanswered) strangers.push({ question, evidence: new Set(), ...(await ask(question)) });
  }
  return { answers, strangers };
}

export function scoresOf(answers: readonly Answer[], strangers: readonly Answer[]): Scores {
  return {
    hit5: share(answers, (answer) => evidenceIn(answer, 5) > 0),
    hit10: share(answers, (answer) => evidenceIn(answer, 10) > 0),
    recall5: recallAt(answers, 5),
    recall10: recallAt(answers, 10),
    several10: recallAt(
      answers.filter(({ evidence }) => evidence.size > 1),
      10,
    ),
    mrr: mean(answers.map(reciprocalRank)),
    found: share(answers, ({ found }) => found),
    notFound: share(strangers, ({ found }) => !found),
  };
}

/** How many different rows of evidence are in the first `count`. */
export function evidenceIn({ ids, evidence }: Answer, count: number): number {
  return ids.slice(0, count).filter((id) => evidence.has(id)).length;
}

function recallAt(answers: readonly Answer[], count: number): number {
  const total = sum(answers.map(({ evidence }) => evidence.size));
  return sum(answers.map((answer) => evidenceIn(answer, count))) / total;
}

function reciprocalRank({ ids, evidence }: Answer): number {
  const place = ids.findIndex((id) => evidence.has(id));
  return place < 0 ? 0 : 1 / (place + 1);
}

function share<T>(all: readonly T[], holds: (one: T) => boolean): number {
  return all.filter(holds).length / all.length;
}

const sum = (numbers: readonly number[]) => numbers.reduce((total, number) => total + number, 0);
const mean = (numbers: readonly number[]) => sum(numbers) / numbers.length;
