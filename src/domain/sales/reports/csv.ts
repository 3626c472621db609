/** What a cell of CSV can hold. */
export type CsvValue = string | number | Date | readonly string[] | null;

/** What makes a spreadsheet take a cell for a formula, also behind spaces. */
const FORMULA = /^\s*[=+\-@\t\r]/;
const NEEDS_QUOTES = /["\n\r,;]|^\s|\s$/;

/**
 * Returns a row of CSV. What a spreadsheet would take for a formula, also a number with its `+`, begins with an apostrophe, which marks a
 * text there: it is not run, and an import takes it away again.
 */
export function csvRow(values: readonly CsvValue[]): string {
  return `${values.map(csvCell).join(',')}\r\n`;
}

function csvCell(value: CsvValue): string {
  if (value === null) return '';
  if (typeof value === 'number') return String(value);
  const text = value instanceof Date ? value.toISOString() : typeof value === 'string' ? value : value.join('; ');
  const safe = FORMULA.test(text) ? `'${text}` : text;
  return NEEDS_QUOTES.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
