/**
 * Yields the lines of a text without their ends (LF, CRLF or CR). They come one at a time, as a file of 20 MB of empty
 * lines must not become an array of 20 million strings.
 */
export function* iterateLines(content: string): Generator<string> {
  const lineEnd = /\r\n|\n|\r/g;
  let start = 0;
  for (let match = lineEnd.exec(content); match; match = lineEnd.exec(content)) {
    yield content.slice(start, match.index);
    start = lineEnd.lastIndex;
  }
  yield content.slice(start);
}

/** Returns how many lines a text has that LF ends, 1 or more. */
export function countLines(content: string): number {
  let lines = 1;
  for (let at = content.indexOf('\n'); at !== -1; at = content.indexOf('\n', at + 1)) lines += 1;
  return lines;
}
