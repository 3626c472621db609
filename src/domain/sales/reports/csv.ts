export type CsvValue = string | number | Date | readonly string[] | null;

/** What makes a spreadsheet interpret a cell as a formula, also after spaces and after apostrophes, of which an import removes one. */
const FORMULA = /^'*\s*[=+\-@\t\r\n]/;
const NEEDS_QUOTES = /["\n\r,;]|^\s|\s$/;

/** What makes an import read an item of a list as several, or as another one. */
const ITEM_NEEDS_QUOTES = /[,;|]|:::|^"|^\* /;

const listItem = (item: string): string => (ITEM_NEEDS_QUOTES.test(item) ? `"${item.replaceAll('"', '""')}"` : item);

/**
 * Returns a row of CSV. A cell that a spreadsheet would interpret as a formula, which includes numbers with a `+`, begins with an
 * apostrophe, which marks text: it is not evaluated, and an import removes it again.
 */
export function csvRow(values: readonly CsvValue[]): string {
  return `${values.map(csvCell).join(',')}\r\n`;
}

function csvCell(value: CsvValue): string {
  if (value === null) return '';
  if (typeof value === 'number') return String(value);
  const text =
    value instanceof Date ? value.toISOString() : typeof value === 'string' ? value : value.map(listItem).join('; ');
  const safe = FORMULA.test(text) ? `'${text}` : text;
  return NEEDS_QUOTES.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
