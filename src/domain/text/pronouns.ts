/** First-person pronouns in English and Hebrew, as normalized by `search_normal` (final letters are written as ordinary ones). */
export const FIRST_PERSON_PRONOUNS = 'i me my mine we us our ours אני שלי לי אותי אצלי אנחנו שלנו לנו אותנו'.split(' ');

/** Second-person pronouns. */
export const SECOND_PERSON_PRONOUNS = 'you your yours אתה את אתמ אתנ שלכ לכ לכמ אותכ אצלכ'.split(' ');
