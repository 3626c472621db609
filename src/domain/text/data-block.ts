/** The delimiter lines of a data block; the data cannot contain them. */
export const DATA_BEGINS = '<recalled-data>';
export const DATA_ENDS = '</recalled-data>';

/**
 * Returns data between its delimiters, one JSON object per line. `<` and `>` are escaped, so that no text can end the block and pass for
 * what follows it.
 */
export function dataBlock(items: readonly object[]): string {
  return [DATA_BEGINS, ...items.map(dataLine), DATA_ENDS].join('\n');
}

export function dataLine(item: object): string {
  return JSON.stringify(item).replaceAll('<', '\\u003c').replaceAll('>', '\\u003e');
}
