/** Words of a status that may ask for no calls, in English and in other languages with its letters, and in Hebrew. */
const WORDS = new Set(
  `no not non none never nobody neither without do don dont doesn doesnt didn didnt cannot cant won wont out off dnd end quit leave avoid
  black banned gdpr privacy legal lawsuit lawyer scam angry hostile rude call calls calling contact contacts phone ring bother disturb
  dead deceased died minor wrong invalid bad cold closed inactive disabled denied deny
  ne nie nein nicht nunca sin sem nao niet geen inte ej ikke nu nem hayir rien pas jamais mai nigdy ei
  לא אל בלי ללא אין אסור הסר הורד להוריד חסום די מספיק ספאם ליצור לפנות שיחות`.split(/\s+/),
);

/** How such words begin, and in Hebrew what they have in them. */
const BEGINNINGS =
  'stop remov delet eras unsub opt block blacklist forbid suppress exclud refus reject declin withdr revok object complain spam cancel kein nessun'.split(
    ' ',
  );
const HEBREW_STEMS =
  'תקשר סיר מסרב הוסר הסר מחק מחיק חסומ חסימ ביקש מבקש תנגד תלונ כועס נפטר ביטל בוטל טריד טרדה שגוי סגור עזב'.split(
    ' ',
  );

/** Letters of English and of Hebrew, in which a refusal would be recognized, digits and spaces. */
const KNOWN_LETTERS = /^[a-z\p{Script=Hebrew}\p{Nd} ]*$/u;

/** Whether a normalized status that is not known may ask for no calls; one in other letters than those of English and Hebrew may. */
export const mayRefuseCalls = (status: string): boolean =>
  !KNOWN_LETTERS.test(status) ||
  HEBREW_STEMS.some((stem) => status.includes(stem)) ||
  status.split(' ').some(isOfRefusal);

const isOfRefusal = (word: string): boolean =>
  WORDS.has(word) || BEGINNINGS.some((beginning) => word.startsWith(beginning));
