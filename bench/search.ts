/**
 * How well search finds what answers a question, beside plain OR over ts_rank_cd: `npm run bench:search -- DIR`, where DIR
 * holds the podcast/ files and hebrew/sentences.txt, which the questions are about (bench/support/search-questions); those about
 * made-up dialogues need no files (bench/support/dialogues). Podcast A and half of the dialogues are there to tune with; the
 * others are held out: whoever tunes with their misses has no number left to believe. `--misses`
 * prints the questions whose evidence is not in the first ten. BENCH_DATABASE_URL names a PostgreSQL to make a database on.
 */
import { createUser, openServices } from '../test/support/services.ts';
import { makeDatabase } from './support/database.ts';
import { dialogueSets } from './support/search-dialogues.ts';
import { answersOf, evidenceIn, type Scores, scoresOf } from './support/search-scores.ts';
import type { SearchSet } from './support/search-set.ts';
import { LIMIT, searchSets } from './support/search-texts.ts';

const COLUMNS: { [Name in keyof Scores]: string } = {
  hit5: 'questions@5',
  hit10: 'questions@10',
  recall5: 'rows@5',
  recall10: 'rows@10',
  several10: 'several@10',
  mrr: 'MRR',
  found: 'found',
  notFound: 'not found',
};

const showMisses = process.argv.includes('--misses');
const directory = process.argv.slice(2).find((argument) => !argument.startsWith('--'));
if (!directory) {
  console.error(
    'Name the directory with podcast/*.vtt and hebrew/sentences.txt: npm run bench:search -- DIR [--misses]',
  );
  process.exit(1);
}
const database = await makeDatabase();
const services = await openServices({ DATABASE_URL: database.url });
try {
  const newUser = () => createUser(services);
  const sets = [...(await dialogueSets(newUser)), ...(await searchSets(directory, newUser))];
  for (const [name, parts] of Map.groupBy(sets, (set) => set.name)) await compare(name, parts);
  console.log('questions@k: share of questions with a row of evidence in the first k; rows@k: share of all such rows;');
  console.log('several@k: rows@k of the questions with several rows of evidence;');
  console.log(
    'found: share of answered questions that find something; not found: share of unanswered that find nothing',
  );
} finally {
  await services.close();
  await database.drop();
}

async function compare(name: string, sets: readonly SearchSet[]): Promise<void> {
  const ours = await answersOf(sets, ({ search }) => search);
  const theirs = await answersOf(sets, ({ baseline }) => baseline);
  console.log(`${name}: ${ours.answers.length} questions, ${ours.strangers.length} without an answer`);
  console.log(line('', Object.values(COLUMNS)));
  console.log(line('search', percents(scoresOf(ours.answers, ours.strangers))));
  console.log(line('plain OR', percents(scoresOf(theirs.answers, theirs.strangers))));
  if (showMisses) {
    const missed = ours.answers.filter((answer) => evidenceIn(answer, LIMIT) === 0);
    for (const { question, found } of missed) console.log(`  missed${found ? '' : ', found: false'}: ${question}`);
    for (const { question } of ours.strangers.filter(({ found }) => found)) console.log(`  answered: ${question}`);
  }
  console.log();
}

function percents(scores: Scores): string[] {
  return (Object.keys(COLUMNS) as (keyof Scores)[]).map((name) =>
    name === 'mrr' ? scores.mrr.toFixed(3) : `${(100 * scores[name]).toFixed(1)} %`,
  );
}

function line(head: string, cells: readonly string[]): string {
  return `  ${head.padEnd(8)}${cells.map((cell) => cell.padStart(14)).join('')}`;
}
