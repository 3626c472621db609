/** What was found of one thing, in a sentence that says what to do where it is not well. */
export type Finding = { state: 'ok' | 'note' | 'FAIL'; words: string };

export const ok = (words: string): Finding => ({ state: 'ok', words });
/** Parley does without it. */
export const note = (words: string): Finding => ({ state: 'note', words });
/** Something has to be mended. */
export const fail = (words: string): Finding => ({ state: 'FAIL', words });
