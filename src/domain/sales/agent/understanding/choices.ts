/** A choice that is named because it does not suit, in plain words: "not the first one", "the second does not work". */
const ENGLISH_CHOICE = '(?:the )?(?:first|second|former|latter|earlier|later|last|other)(?: one| option| time| slot)?';
const REFUSED: readonly RegExp[] = [
  new RegExp(
    ` ${ENGLISH_CHOICE} (?:(?:do|does|will|would) not(?: really)? (?:work|suit|do|fit)|(?:(?:is|would be) )?(?:\\w+ )?(?:bad|no good|impossible|too (?:early|late|soon|far)|not (?:\\w+ )?(?:good|great|ok|okay|fine|possible|convenient))|(?:i|we) can not)(?= )`,
    'g',
  ),
  new RegExp(` (?:not|except|anything but|do not (?:want|like)|can not (?:do|make)) ${ENGLISH_CHOICE}(?= )`, 'g'),
  / (?:ה|את ה)(?:ראשון|ראשונה|שני|שנייה|שניה|מוקדם|מאוחר|אחרון)(?: אני| זה)? (?:לא (?:\S+ )?(?:מתאים|מתאימה|טוב|טובה|נוח|מסתדר|יכול|יכולה|אפשרי)|(?:מוקדם|מאוחר) (?:מדי|לי))(?= )/g,
  / (?<!למה )לא (?:רוצה |יכול |יכולה )?(?:את )?ה(?:ראשון|ראשונה|שני|שנייה|שניה|מוקדם|מאוחר|אחרון)(?= )/g,
];

/** Returns plain words without the choices that they refuse, which leaves what they choose. */
export const withoutRefusedChoices = (words: string): string =>
  REFUSED.reduce((text, refused) => text.replace(refused, ' ,'), words);
