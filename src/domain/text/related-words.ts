/** Synonyms, one group per line: English words in their base forms, Hebrew ones as normalized by `search_normal`. */
const SYNONYMS = `
like love enjoy adore fond
hate dislike detest despise loathe
job work career profession occupation employer employ
boss manager supervisor
colleague coworker workmate
salary wage pay income
home house flat apartment
move relocate
kid child
mom mum mother
dad father
parent mother
parent father
sibling brother
sibling sister
grandparent grandmother grandma
grandparent grandfather grandpa
grandma grandmother
grandpa grandfather
husband spouse partner
wife spouse partner
fiancé fiancée fiance fiancee engaged
marry wedding married
baby newborn born
pregnant expecting pregnancy
friend buddy pal
film movie cinema
trip travel journey vacation holiday
hike trail trek hiking
car vehicle drive
bike bicycle cycle
shop store
doctor physician
hospital clinic
sick ill illness
hurt injure injury sprain twist wound
medicine medication pill
gift present
purchase buy
begin start
finish complete end
repair fix mend
teach teacher lesson
study course university college student
school class pupil student
exam test
degree graduate diploma
prize award trophy
win won winner
contest competition tournament
novel book
author writer write
publish publisher published
picture photo photograph painting
paint painting
song music
band concert music
concert gig show
perform performance stage
dance dancer
sing singer choir
cook recipe kitchen
meal dinner lunch breakfast
bake baker cake bread
restaurant cafe diner
garden gardening plant
grow plant
flower bloom bouquet
exercise workout gym training
run running race marathon jog
swim swimming pool
party celebrate celebration
birthday anniversary
scared afraid fear
happy glad joy
sad upset
angry mad furious
volunteer charity
lend loan borrow
steal thief theft robbery
lose lost missing
fall fell slip
adopt adoption shelter
company business firm startup
quit resign leave
hire recruit
promote promotion
money cost price
expensive cost price
heavy weigh weight kilo
tall height
big size
old age birthday
town city village
country abroad
street road address
beach sea shore ocean
mountain hill peak
lake river
rain storm wet
אוהב אוהבת אוהבימ נהנה נהנית נהנימ
שונא שונאת שונאימ מתעב מתעבת
עבודה משרה מקצוע קריירה תפקיד מעסיק
בוס מנהל מנהלת
משכורת שכר
בית דירה גר גרה מתגורר
עבר עברה מעבר דירה
ילד ילדה ילדימ
אמא אימא
אבא אב
הורימ אמא
הורימ אבא
אחימ אח
אחימ אחות
סבא סבתא
בעל בנ זוג
אישה בת זוג
חתונה התחתנ התחתנה נישא נישאה
תינוק תינוקת נולד נולדה
חבר חברה ידיד
סרט קולנוע
טיול נסיעה מסע חופשה טס טסה
מכונית רכב אוטו
אופניימ רכיבה
רופא רופאה מרפאה
חולה מחלה חלה חלתה
נפצע נפצעה פציעה נקע שבר כאב כואב
מתנה הפתעה
קנה קנתה רכש רכשה
התחיל התחילה
סיימ סיימה גמר גמרה
תיקנ תיקנה תיקונ
מורה מלמד מלמדת לימד לימדה שיעור כיתה
למד למדה סטודנט סטודנטית אוניברסיטה תואר קורס
מבחנ בחינה
פרס זכה זכתה מקומ תחרות
ספר רומנ קרא קראה
כתב כתבה סופר סופרת
תמונה צילומ ציור
צייר ציירה ציור
שיר מוזיקה להקה הופעה
שר שרה מקהלה
בישל בישלה מתכונ
אפה אפתה אפייה עוגה לחמ
ארוחה ערב צהריימ
גינה צמח פרח שתל
התאמנ אימונ כושר
רצ רצה ריצה מרתונ
שחה שחתה שחייה בריכה
פחד מפחד מפחדת חושש
שמח שמחה
עצוב עצובה
כועס כועסת כעס
התנדב התנדבה מתנדב מתנדבת
גנב גנבה נגנב נגנבה גניבה
איבד איבדה אבד אבדה
נפל נפלה
אימצ אימצה אימוצ
התפטר התפטרה עזב עזבה
עלה עולה מחיר כספ
שקל שוקל משקל קילו
עיר כפר
ימ חופ
הר פסגה
גשמ סערה
snow winter
doctor nurse
lawyer attorney
religion church faith
language speak lesson
`;

/** Hyponyms: words for kinds of things, each with things of that kind. */
const KINDS = `
pet: dog cat hamster rabbit puppy kitten parrot turtle fish
animal: dog cat horse cow sheep goat bird fish rabbit seal bear fox wolf deer
dog: puppy labrador greyhound terrier poodle retriever spaniel collie
instrument: guitar piano violin drum trumpet flute cello saxophone ukulele
sport: football soccer tennis basketball volleyball swim run climb ski surf yoga hockey rugby cycle
hobby: paint garden carve knit sew photography hike run bake read climb dance chess pottery
activity: hike camp swim paint dance yoga pottery run climb
colour: red blue green yellow purple orange black white pink brown grey turquoise
color: red blue green yellow purple orange black white pink brown gray turquoise
drink: coffee tea beer wine juice lemonade cocktail water
food: bread cake soup pizza pasta cheese rice salad fish meat
dessert: cake pie ice chocolate pudding
fruit: apple banana orange pear strawberry cherry plum
vegetable: tomato carrot potato onion bean pumpkin
relative: mother father sister brother aunt uncle cousin grandmother grandfather
family: mother father sister brother son daughter
job: teacher nurse doctor engineer lawyer baker designer office
vehicle: car bike truck van motorcycle boat bus
clothes: shirt dress jacket coat shoe hat scarf sweater
furniture: table chair sofa bed desk shelf
season: spring summer autumn winter
allergy: allergic
subject: mathematics physics history biology chemistry english
weather: rain snow sun wind storm
disease: cancer flu diabetes infection
חיה: כלב כלבה חתול חתולה אוגר ארנב תוכי צב צפרדע סוס דג
כלב: גור לברדור פודל
כלי: גיטרה פסנתר כינור תופימ חצוצרה חליל
נגינה: גיטרה פסנתר כינור תופימ חצוצרה חליל
מנגנ: גיטרה פסנתר כינור תופימ חצוצרה חליל
ספורט: כדורגל כדורסל טניס ריצה שחייה יוגה טיפוס גלישה
תחביב: ציור גינה ריצה צלילה צילומ סריגה שחמט אפייה טיולימ ריקוד
צבע: אדומ כחול ירוק צהוב סגול כתומ שחור לבנ ורוד חומ אפור
משקה: קפה תה בירה יינ מיצ לימונדה
מאכל: לחמ עוגה מרק פיצה פסטה אורז סלט
hate: can_t_stand cant_stand cannot_stand can_not_stand
dislike: can_t_stand cant_stand cannot_stand can_not_stand
detest: can_t_stand cant_stand cannot_stand can_not_stand
אוהב: מת_על מתה_על
אוהבת: מתה_על מת_על
שונא: לא_סובל לא_סובלת לא_סובלימ לא_סובלות
שונאת: לא_סובלת לא_סובל לא_סובלימ לא_סובלות
משפחה: אמא אבא אח אחות בנ בת סבא סבתא
מקצוע: מורה אחות רופא מהנדס אופה ביולוגיה היסטוריה מתמטיקה
אלרגיה: אלרגי אלרגית
`;

const lines = (text: string) => text.trim().split('\n');
const relatedByWord = new Map<string, Set<string>>();

function relate(word: string, others: readonly string[]): void {
  const known = relatedByWord.get(word) ?? new Set();
  for (const other of others) if (other !== word) known.add(other);
  relatedByWord.set(word, known);
}

for (const line of lines(SYNONYMS)) {
  const group = line.split(' ');
  for (const word of group) relate(word, group);
}
for (const line of lines(KINDS)) {
  const [kind = '', members = ''] = line.split(': ');
  relate(
    kind,
    members.split(' ').map((member) => member.replaceAll('_', ' ')),
  );
}

/** A Hebrew prefix of one letter, before a word of at least three letters. */
const PREFIX = /^[הובלמשכ](?=[א-ת]{3})/;
const ENGLISH_ENDING = /(?:ies|es|s|ing|ed|d)$/;
const HEBREW_PLURAL = /(?:ימ|ות)$/;

/** Returns the synonyms and hyponyms of a word, which is normalized by `search_normal`. */
export function listRelatedWords(word: string): string[] {
  const found = /^[א-ת]/.test(word) ? hebrewBases(word) : englishBases(word);
  return [...new Set(found.flatMap((base) => [...(relatedByWord.get(base) ?? [])]))].filter((other) => other !== word);
}

function englishBases(word: string): string[] {
  const base = word.replace(ENGLISH_ENDING, '');
  return [word, base, `${base}e`, `${base}y`];
}

function hebrewBases(word: string): string[] {
  return [word, word.replace(PREFIX, '')].flatMap((base) => {
    const singular = base.replace(HEBREW_PLURAL, '');
    return [base, singular, `${singular}ה`];
  });
}
