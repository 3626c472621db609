/**
 * Mojibake: Hebrew UTF-8 read as windows-1255 or windows-1252. ש is D7 A9, which became ׳© or ×©. Matches two such letters, or one between
 * two lead characters.
 */
const MISREAD =
  /(?:[׳×Ãâ][\u0080-\u00bf\u0152\u0153\u02dc\u2013-\u203a\u20aa\u20ac\u2122×]){2}|([׳×])[\u0080-\u00bf\u0152\u0153\u02dc\u2013-\u203a\u20aa\u20ac\u2122]\1/;
/** What is left of letters that an encoding cannot represent. */
const ONLY_QUESTION_MARKS = /^\?{2}[?\s]*$/;

/** Returns why a text is garbled; null if it is not. */
export function garbledProblem(text: string): string | null {
  if (text.includes('\ufffd'))
    return 'Some letters are lost (U+FFFD): the file was read in another encoding than it has; save it as UTF-8.';
  if (ONLY_QUESTION_MARKS.test(text))
    return 'The letters are lost, only question marks are left; export the file again as UTF-8.';
  if (MISREAD.test(text)) return 'This is UTF-8 that was read in another encoding; save the file as UTF-8.';
  return null;
}
