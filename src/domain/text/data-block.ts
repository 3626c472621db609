/** The lines between which data stands; no data can contain them. */
export const DATA_BEGINS = '<recalled-data>';
export const DATA_ENDS = '</recalled-data>';

/**
 * Returns data between its lines, one JSON object a line. `<` and `>` are written as escapes, so that no text, whatever it is, can
 * end the data and pass for what stands behind it.
 */
export function dataBlock(items: readonly object[]): string {
  return [DATA_BEGINS, ...items.map(dataLine), DATA_ENDS].join('\n');
}

/** Returns one line of a data block. */
export function dataLine(item: object): string {
  return JSON.stringify(item).replaceAll('<', '\\u003c').replaceAll('>', '\\u003e');
}
