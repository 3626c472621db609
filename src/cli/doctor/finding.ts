/** The result of one check, with a sentence that says what to do if it is not OK. */
export type Finding = { state: 'ok' | 'note' | 'FAIL'; words: string };

export const ok = (words: string): Finding => ({ state: 'ok', words });
/** Parley works without it. */
export const note = (words: string): Finding => ({ state: 'note', words });
/** Something has to be fixed. */
export const fail = (words: string): Finding => ({ state: 'FAIL', words });
