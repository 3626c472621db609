/**
 * Fits what judges whether a question that names a speaker is answered (src/domain/search/answerability.ts):
 * `npm run bench:fit-answerability -- DIR`, with DIR as in bench/search.ts. It prints the coefficients, by logistic regression on the
 * sets to tune with, and for each set how many of the questions without an answer are refused where at most 3, 5 and
 * 10 % of those with one are.
 */
import { type AnswerFeatures, LOG_ODDS, logOddsOf } from '#domain/search/answerability.ts';
import { createUser, openServices } from '../test/support/services.ts';
import { makeDatabase } from './support/database.ts';
import { fitLogistic } from './support/logistic.ts';
import { dialogueSets } from './support/search-dialogues.ts';
import { answersOf } from './support/search-scores.ts';
import type { SearchSet } from './support/search-set.ts';
import { searchSets } from './support/search-texts.ts';

type Example = { set: string; features: AnswerFeatures | null; isAnswered: boolean };

const LOSSES = [0.03, 0.05, 0.1];
/** So that a feature that few examples have gets no great coefficient. */
const RIDGE = 0.3;

const directory = process.argv[2];
if (!directory) {
  console.error(
    'Name the directory with podcast/*.vtt and hebrew/sentences.txt: npm run bench:fit-answerability -- DIR',
  );
  process.exit(1);
}
const database = await makeDatabase();
const services = await openServices({ DATABASE_URL: database.url });
try {
  const newUser = () => createUser(services);
  const sets = [...(await dialogueSets(newUser)), ...(await searchSets(directory, newUser))];
  const examples = (await Promise.all(sets.map(examplesOf))).flat();
  const toTune = examples.filter(({ set }) => set.includes('to tune with') && !set.endsWith('as memories'));
  const rows = toTune.flatMap(({ features, isAnswered }) =>
    features?.namesSpeaker ? [{ features: vectorOf(features), holds: isAnswered }] : [],
  );
  const fitted = fitLogistic(rows, RIDGE);
  console.log(Object.fromEntries(Object.keys(LOG_ODDS).map((name, index) => [name, fitted[index]?.toFixed(2)])));
  for (const [set, ofSet] of Map.groupBy(examples, (example) => example.set)) console.log(refusals(set, ofSet));
} finally {
  await services.close();
  await database.drop();
}

async function examplesOf(set: SearchSet): Promise<Example[]> {
  const { answers, strangers } = await answersOf([set], ({ search }) => search);
  const example =
    (isAnswered: boolean) =>
    ({ features = null }: { features?: AnswerFeatures | null }) => ({
      set: set.name,
      features,
      isAnswered,
    });
  return [...answers.map(example(true)), ...strangers.map(example(false))];
}

function vectorOf({ coverage, coverageByAnybody }: AnswerFeatures): number[] {
  return [1, coverage, coverageByAnybody];
}

/** The greatest of some numbers that at most such a share of them falls below. */
function leastOf(numbers: readonly number[], share: number): number {
  return numbers.toSorted((a, b) => a - b)[Math.floor(share * numbers.length)] as number;
}

/** The share of the questions without an answer that are refused where at most so many of those with one are. */
function refusals(set: string, examples: readonly Example[]): string {
  const odds = (isAnswered: boolean) =>
    examples
      .filter((example) => example.isAnswered === isAnswered)
      .map(({ features }) => (features ? logOddsOf(features) : Number.NEGATIVE_INFINITY));
  const [answered, unanswered] = [odds(true), odds(false)];
  const cells = LOSSES.map((loss) => {
    const least = leastOf(answered, loss);
    const refused = unanswered.filter((value) => value < least).length / unanswered.length;
    return `${(100 * refused).toFixed(0)} % at ${100 * loss} %`;
  });
  return `${set.padEnd(50)}${cells.join('   ')}`;
}
