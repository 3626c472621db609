/**
 * Returns the SQL condition that a text contains another, whatever the case and the accents of either, as the migrations'
 * `fold_text` spells both: ILIKE knows no case beyond ASCII where the database's locale is C. No null contains anything.
 */
export function containsText(text: string, part: string): string {
  return `strpos(fold_text(${text}), fold_text(${part})) > 0`;
}
