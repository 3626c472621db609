import { wordSet } from '#domain/text/word-set.ts';

const NEGATIONS = wordSet(`not no never none nobody nothing nowhere neither nor without cannot
  לא אין אל בלי ללא אינו אינה אינם אינן איני אינני אינך`);
const CONTRACTED = /^(?:do|does|did|is|are|was|were|ca|wo|could|would|should|have|has|had|must|need)n['’]?t$/;
const QUANTITIES =
  wordSet(`one two three four five six seven eight nine ten eleven twelve twenty thirty forty fifty hundred
  thousand million half once twice first second third monday tuesday wednesday thursday friday saturday sunday january
  february march april may june july august september october november december
  אחד אחת שניים שתיים שני שתי שלוש שלושה ארבע ארבעה חמש חמישה שש שישה שבע שבעה שמונה תשע תשעה עשר עשרה עשרים מאה אלף חצי
  ראשון שלישי רביעי חמישי שישי שבת ינואר פברואר מרץ אפריל מאי יוני יולי אוגוסט ספטמבר אוקטובר נובמבר דצמבר`);

/**
 * Returns the words that decide what a text says: its numbers, days and negations, in order, and signs such as those in C++. Shared
 * trigrams do not show them: in a sentence of a hundred letters, "not" or another digit changes less than a tenth of the trigrams, and
 * reverses the meaning.
 */
export function discriminativeTerms(text: string): string {
  const plain = text.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase();
  const terms = plain.match(/\p{N}+|\p{L}[\p{L}'’]*|[+#%°\p{Sc}]/gu) ?? [];
  return terms.flatMap(normalizeTerm).join(' ');
}

/** Normalizes a word: a number, day or sign is kept, every negation becomes the same term, other words are dropped. */
function normalizeTerm(word: string): string[] {
  if (!/^\p{L}/u.test(word)) return [word];
  const bare = word.replace(/^[ושהב]{1,2}(?=[א-ת]{2})/, '');
  if (NEGATIONS.has(word) || NEGATIONS.has(bare) || CONTRACTED.test(word)) return ['not'];
  return [word, bare].filter((spelling) => QUANTITIES.has(spelling)).slice(0, 1);
}
