/** What a column of a file of leads can hold. */
export type LeadColumn =
  | 'name'
  | 'firstName'
  | 'lastName'
  | 'phone'
  | 'email'
  | 'company'
  | 'language'
  | 'timeZone'
  | 'status'
  | 'source'
  | 'notes'
  | 'tags'
  | 'consentAt'
  | 'consentReference'
  | 'registryCheckedAt'
  | 'registryReference';

/** How each column may be headed, in English and Hebrew, without spaces, signs, niqqud and letter case. */
const HEADINGS: Record<LeadColumn, string> = {
  name: 'name fullname contact contactname customer customername lead leadname שם שםמלא שםלקוח שםהלקוח לקוח אישקשר שםאישקשר',
  firstName: 'firstname givenname first שםפרטי פרטי',
  lastName: 'lastname surname familyname last שםמשפחה משפחה',
  phone:
    'phone phonenumber telephone tel mobile mobilephone mobilenumber cell cellphone cellular number טלפון מספרטלפון טל נייד טלפוןנייד מספרנייד פלאפון סלולרי טלפוןסלולרי',
  email: 'email mail emailaddress דואל דואראלקטרוני מייל אימייל כתובתמייל כתובתדואל',
  company: 'company companyname organization organisation business account חברה שםחברה שםהחברה ארגון עסק שםעסק שםהעסק',
  language: 'language lang locale שפה',
  timeZone: 'timezone tz zone אזורזמן',
  status: 'status leadstatus stage סטטוס מצב סטטוסליד',
  source: 'source leadsource origin campaign מקור מקורהגעה מקורליד',
  notes: 'notes note comment comments remarks description הערות הערה תיאור',
  tags: 'tags tag labels label תגיות תגית תגים תווית תוויות',
  consentAt: 'consentat consent consentdate optin optinat optindate הסכמה תאריךהסכמה מועדהסכמה',
  consentReference: 'consentreference consentproof consentsource optinreference אסמכתאהסכמה אסמכתאלהסכמה מקורהסכמה',
  registryCheckedAt: 'registrycheckedat registrycheck registrydate dnccheck dnccheckedat בדיקתמאגר תאריךבדיקתמאגר',
  registryReference: 'registryreference registryproof dncreference אסמכתא אסמכתאמאגר',
};

const COLUMN_OF = new Map(
  Object.entries(HEADINGS).flatMap(([column, names]) => names.split(' ').map((name) => [name, column as LeadColumn])),
);

/** The columns of a header by their place, and the headings that mean nothing here. */
export type Header = { places: Map<LeadColumn, number>; ignored: string[] };

/** Reads a header row; of two columns that mean the same, the first holds. */
export function readHeader(cells: readonly string[]): Header {
  const header: Header = { places: new Map(), ignored: [] };
  for (const [place, cell] of cells.entries()) {
    const column = COLUMN_OF.get(normalizeHeading(cell));
    if (column && !header.places.has(column)) header.places.set(column, place);
    else if (cell.trim() !== '') header.ignored.push(cell.slice(0, MAX_HEADING_LENGTH));
  }
  return header;
}

/** Characters of a heading that are told again. */
const MAX_HEADING_LENGTH = 100;

/** Whether a header has what a lead needs: a number, and something to call it by. */
export const isComplete = ({ places }: Header): boolean =>
  places.has('phone') && (places.has('name') || places.has('firstName') || places.has('lastName'));

const normalizeHeading = (cell: string): string =>
  cell
    .normalize('NFKD')
    .toLowerCase()
    .replace(/[^\p{L}\p{Nd}]/gu, '');
