import { OTHER_HEADINGS } from './headings.ts';
import type { LeadColumn } from './lead-column.ts';

/** The headings of each column, in English and Hebrew, without spaces, punctuation and niqqud, in lower case. */
const HEADINGS: Record<LeadColumn, string> = {
  name: 'name fullname yourname whatsyourname whatisyourname contact contactname customer customername lead leadname personname שם שםמלא שםושםמשפחה שםפרטיושםמשפחה השםשלך מההשםשלך שםלקוח שםהלקוח לקוח אישקשר שםאישקשר',
  firstName: 'firstname givenname first שםפרטי פרטי',
  lastName: 'lastname surname familyname last שםמשפחה משפחה',
  phone:
    'phone phonenumber telephone telephonenumber tel mobile mobilephone mobilenumber mobilephonenumber cell cellphone cellular number primaryphone mainphone homephone workphone businessphone otherphone phone1 phone2 phone3 phone1value phone2value phone3value personphone personphonemobile personphonework personphonehome personphoneother workdirectphone directphone directphonenumber userphone phonenumber1 phonenumber2 corporatephone corporatephonenumber companyphone companyphonenumber yourphone yourphonenumber whatsyourphonenumber whatisyourphonenumber contactnumber contactphone whatsappnumber whatsapp טלפון מספרטלפון מסטלפון טל טלפון1 טלפון2 טלפוןנוסף נייד טלפוןנייד מספרנייד מסנייד מספרהטלפון מספרהטלפוןשלך מספרטלפוןנייד מהמספרהטלפוןשלך פלאפון סלולרי טלפוןסלולרי טלפוןבבית טלפוןבית טלפוןבעבודה טלפוןעבודה',
  email:
    'email mail emailaddress email1 email1value emailaddress1 workemail primaryemail personemail personemailwork useremail emailid youremail youremailaddress whatsyouremail whatisyouremail דואל דואראלקטרוני מייל אימייל אימייל1 כתובתאימייל כתובתמייל כתובתדואל',
  company:
    'company companyname organization organisation organizationname organisationname organization1name personorganization business businessname account accountname companyaccount חברה שםחברה שםהחברה ארגון עסק שםעסק שםהעסק',
  language: 'language lang locale שפה',
  timeZone: 'timezone tz zone אזורזמן',
  status: 'status leadstatus stage סטטוס מצב סטטוסליד',
  doNotCall:
    'donotcall donotcontact donotphone donotallowphonecalls dnc dncstatus optout optedout phoneoptout calloptout לאלהתקשר אללהתקשר אלתתקשרו לאליצורקשר לאלפנות ביקשהסרה ביקשולאלהתקשר',
  source: 'source leadsource origin campaign מקור מקורהגעה מקורליד',
  notes: 'notes note comment comments remarks description הערות הערה תיאור',
  tags: 'tags tag labels label תגיות תגית תגים תווית תוויות',
  consentAt: 'consentat consent consentdate optin optinat optindate הסכמה תאריךהסכמה מועדהסכמה',
  consentReference: 'consentreference consentproof consentsource optinreference אסמכתאהסכמה אסמכתאלהסכמה מקורהסכמה',
  registryCheckedAt: 'registrycheckedat registrycheck registrydate dnccheck dnccheckedat בדיקתמאגר תאריךבדיקתמאגר',
  registryReference: 'registryreference registryproof dncreference אסמכתא אסמכתאמאגר',
};

/** Ignores case, accents, vowel marks, spaces and punctuation. */
const normalizeHeading = (cell: string): string =>
  cell
    .normalize('NFKD')
    .toLowerCase()
    .replace(/[^\p{L}\p{Nd}]/gu, '');

/** The meaning of each heading; of one that several languages have, that of the first. */
const COLUMN_OF = new Map<string, LeadColumn>();
for (const headings of [HEADINGS, ...OTHER_HEADINGS]) {
  for (const [column, names] of Object.entries(headings)) {
    for (const name of names.split(headings === HEADINGS ? ' ' : ',').map(normalizeHeading))
      if (!COLUMN_OF.has(name)) COLUMN_OF.set(name, column as LeadColumn);
  }
}

/** Headings that mean a whole name alone, and beside a first name the last one, or the other way round: German "Name" and "Vorname". */
const NAMES = new Set(['name', 'nom', 'nombre', 'имя', 'الاسم', 'اسم', 'שם'].map(normalizeHeading));

/** The positions of the columns in a header, in order if several have the same meaning, and the headings without a meaning. */
export type Header = { places: Map<LeadColumn, number[]>; ignored: string[] };

/** English "Name" is a whole name, also beside "First name". */
const [ENGLISH_NAME, GERMAN_FIRST_NAME] = ['name', 'vorname'];

/** Headings that mean a telephone number only if no other heading does: otherwise they may number anything. */
const BARE_NUMBERS = new Set(['number', 'numéro', 'номер'].map(normalizeHeading));

/** Reads a header row. */
export function readHeader(cells: readonly string[]): Header {
  const header: Header = { places: new Map(), ignored: [] };
  const names = cells.map(normalizeHeading);
  const hasPhone = names.some((name) => !BARE_NUMBERS.has(name) && COLUMN_OF.get(name) === 'phone');
  for (const [place, cell] of cells.entries()) {
    const name = names[place] as string;
    const column = hasPhone && BARE_NUMBERS.has(name) ? undefined : meaningOf(name, names);
    const places = column && header.places.get(column);
    if (places) places.push(place);
    else if (column) header.places.set(column, [place]);
    else if (cell.trim() !== '') header.ignored.push(cell.slice(0, MAX_HEADING_LENGTH));
  }
  return header;
}

function meaningOf(name: string, names: readonly string[]): LeadColumn | undefined {
  if (!NAMES.has(name)) return COLUMN_OF.get(name);
  const hasPart = (part: LeadColumn) => names.some((other) => COLUMN_OF.get(other) === part);
  const [hasFirst, hasLast] = [hasPart('firstName'), hasPart('lastName')];
  const isWhole = name === ENGLISH_NAME && !names.includes(GERMAN_FIRST_NAME);
  if (isWhole || hasFirst === hasLast) return COLUMN_OF.get(name);
  return hasFirst ? 'lastName' : 'firstName';
}

/** The maximum length of a heading in messages, in characters. */
const MAX_HEADING_LENGTH = 100;

/** Whether a header has the required columns: a number and a name. */
export const isComplete = ({ places }: Header): boolean =>
  places.has('phone') && (places.has('name') || places.has('firstName') || places.has('lastName'));
