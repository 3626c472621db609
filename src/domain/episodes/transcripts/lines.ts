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
