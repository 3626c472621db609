/** How one language says that something has changed. Every pattern applies to one statement or clause. */
export type Revisions = {
  /**
   * Asks to forget. `what` and `plain` are statements; `about` and `subject` name what the memories are about, `thing` what they begin
   * with; `answer` is a question; `ignored` names what is to be ignored, and only one memory may be about it.
   */
  forget: RegExp;
  /** Asks to forget what was said last. */
  forgetLast: RegExp;
  /** Asks to forget everything that is known. */
  forgetAll: RegExp;
  /** The beginning of a question that is a polite request. */
  courteous: RegExp;
  /**
   * Asks not to remember what is said with it, or from there on. `bare` matches a sentence that says nothing else, `confided` one that
   * says so of what was said before it in the same message, and means nothing alone; `appended` one that follows what was `said` without
   * punctuation; `declined` one that only sounds like it, `deniedMemory` one that only says that something is not remembered.
   */
  offRecord: {
    anywhere: RegExp;
    bare: RegExp;
    confided: RegExp;
    appended: RegExp;
    declined?: RegExp;
    deniedMemory?: RegExp;
  };
  /** Returns a pattern for memories that begin with a thing. */
  beginsWith: (thing: string) => string;
  /** What follows what is to be forgotten: a reason, or what to remember `instead`. */
  aside: RegExp;
  /** Separates two statements of one request to forget. */
  conjunction: RegExp;
  /** The words by which people call a topic's answer, when they ask to forget it. */
  subjects: readonly (readonly [RegExp, topic: string])[];
  /** Says what `holds`, and what is `denied` in place of its last words. */
  correction: RegExp;
  /** The verb of a statement whose subject is left out: "sold the car". */
  elided: RegExp;
  /** The pronoun that is left out there. */
  first: string;
  /** Says that something ended: the text `before` and `after` the matched words, or a whole `topic`. */
  endings: readonly Ending[];
  updates: readonly Update[];
  /** Words that only say that it was not always so, or no longer is. */
  now: RegExp;
  /** Says that something used to hold, and no longer does. */
  outdated: RegExp;
  /** Separates a clause about what ended from one about its replacement. */
  clause: RegExp;
  /** Says that a clause tells what replaced something. */
  replacement: RegExp;
  /** Refers to a subject that was named before. */
  pronoun: RegExp;
};

export type Ending = {
  pattern: RegExp;
  /** What has ended, as it was said; if omitted, the words of the groups `before` and `after`. */
  statement?: (groups: Record<string, string | undefined>) => string;
  topic?: string;
  /** A pattern for the memories that it ends, if those are worded differently from the statement. */
  memories?: (groups: Record<string, string | undefined>) => string;
  /** A pattern for memories that it ends in addition to the statement. */
  further?: (groups: Record<string, string | undefined>) => string;
};

/** Says that a `subject` has a new `value`. */
export type Update = {
  pattern: RegExp;
  /** Whose the subject is, if no group `whose` says it. */
  whose?: string;
  /** The beginning of earlier statements that are worded differently. */
  statement?: (subject: string) => string;
  /** A pattern for further memories that it supersedes; with `isOnly`, for the only ones. */
  memories?: (subject: string) => string;
  isOnly?: true;
};
