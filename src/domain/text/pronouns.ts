/** English and Hebrew words by which speakers speak of themselves, as `search_normal` spells them (so final letters are ordinary ones). */
export const FIRST_PERSON_PRONOUNS = 'i me my mine we us our ours אני שלי לי אותי אצלי אנחנו שלנו לנו אותנו'.split(' ');

/** Words by which they speak to somebody else. */
export const SECOND_PERSON_PRONOUNS = 'you your yours אתה את אתמ אתנ שלכ לכ לכמ אותכ אצלכ'.split(' ');
