import type { AnswerFeatures } from '#domain/search/answerability.ts';

/** As the files of questions have them: a question, and where in its text the answer is. */
export type TimedQuestion = [question: string, ...answers: [fromSeconds: number, toSeconds: number][]];
export type LineQuestion = [question: string, ...lines: number[]];

export type Question = { question: string; evidence: ReadonlySet<string> };
/** Ids of rows, best first, whether they are an answer, and what that is judged by. */
export type Found = { ids: string[]; found: boolean; features?: AnswerFeatures | null };
export type Ask = (question: string) => Promise<Found>;

/** A text in the database, what is asked of it, and what answers. */
export type SearchSet = {
  name: string;
  questions: Question[];
  unanswered: string[];
  search: Ask;
  baseline: Ask;
};
