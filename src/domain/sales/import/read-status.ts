import { BadUserInput } from '#domain/core/errors.ts';
import { LEAD_TRANSITIONS } from '#domain/sales/lead-status.ts';
import type { LeadStatus } from '#generated/prisma/enums.ts';

/** The names of statuses in HubSpot, Salesforce, Zoho, Pipedrive, Facebook and boards, and in Hebrew, without punctuation, in lower case. */
const OTHER_NAMES: Record<LeadStatus, string> = {
  NEW: 'created, intake, open, not contacted, open not contacted, untouched, uncontacted, new lead, to do, todo, not started, backlog, to call, to contact, חדש, טרם טופל, לא התחיל, ליד חדש, לא טופל',
  CONTACTED:
    'attempted, attempted to contact, connected, in progress, working, working contacted, nurturing, contact in future, follow up, bad timing, working on it, no answer, did not answer, call back, callback, עובדים על זה, נוצר קשר, בטיפול, בתהליך, לא ענה, לא עונה, מעקב, פולו אפ',
  QUALIFIED: 'pre qualified, open deal, opportunity, sql, sales qualified, sales qualified lead, מתאים',
  MEETING_BOOKED:
    'meeting scheduled, appointment scheduled, appointment booked, demo scheduled, נקבעה פגישה, תואמה פגישה',
  WON: 'closed won, converted, closed converted, customer, נסגר, נסגרה עסקה, עסקה נסגרה, לקוח',
  LOST: 'closed lost, unqualified, not qualified, disqualified, closed not converted, junk, junk lead, lost lead, not interested, לא רלוונטי, לא מתאים, לא מעוניין, לא מעוניינת, אבוד',
  DO_NOT_CALL: 'do not contact, dnc, opted out, לא להתקשר, אל תתקשרו, לא ליצור קשר, הסר, להסרה, הוסר',
};

/** The same in French, German, Spanish, Russian and Arabic. */
const NAMES_IN_OTHER_LANGUAGES: Record<LeadStatus, string> = {
  NEW: 'nouveau, à contacter, non contacté, neu, nicht kontaktiert, nuevo, sin contactar, новый, не обработан, جديد, لم يتم التواصل',
  CONTACTED:
    'contacté, en cours, à rappeler, relance, kontaktiert, in bearbeitung, wiedervorlage, contactado, en proceso, en curso, seguimiento, в работе, в процессе, связались, تم التواصل, تم الاتصال, قيد المتابعة',
  QUALIFIED:
    'qualifié, intéressé, qualifiziert, interessiert, cualificado, calificado, interesado, квалифицирован, заинтересован, مؤهل, مهتم',
  MEETING_BOOKED:
    'rendez vous pris, rdv pris, termin vereinbart, reunión programada, cita programada, встреча назначена, تم تحديد موعد',
  WON: 'gagné, signé, gewonnen, ganado, успешно реализовано, تم البيع',
  LOST: 'perdu, pas intéressé, non intéressé, verloren, kein interesse, nicht interessiert, perdido, no interesado, закрыто и не реализовано, не интересно, غير مهتم',
  DO_NOT_CALL:
    'ne pas appeler, ne pas contacter, nicht anrufen, nicht kontaktieren, no llamar, no contactar, не звонить, لا تتصل, عدم الاتصال',
};

/** Normalizes a status: `Open - Not Contacted` is `open not contacted`. */
const normalizeStatus = (text: string): string =>
  text
    .normalize('NFC')
    .toLowerCase()
    .replace(/[^\p{L}\p{Nd}]+/gu, ' ')
    .trim();

const STATUSES = new Map(
  [OTHER_NAMES, NAMES_IN_OTHER_LANGUAGES]
    .flatMap(Object.entries<string>)
    .flatMap(([status, names]) =>
      [status, ...names.split(', ')].map((name) => [normalizeStatus(name), status as LeadStatus] as const),
    ),
);

/** What boards and people write in a column of statuses that says nothing of one that a lead could have, and asks for nothing. */
const WITHOUT_MEANING = new Set(
  'done, finished, completed, stuck, on hold, hold, waiting, waiting for review, in review, review, pending, planned, scheduled, active, high, medium, low, urgent, normal, hot, warm, lukewarm, cool, hot lead, warm lead, prospect, lead, vip, test, maybe, unknown, other, none, n a, בוצע, הושלם, הסתיים, תקוע, ממתין, ממתין לאישור, בהמתנה, דחוף, גבוה, בינוני, נמוך, חם, פושר, ליד, ליד חם, אולי, אחר'.split(
    ', ',
  ),
);

/** Affirmative values of a do-not-call column, in letters and digits alone; a date is the day since which it applies. */
const REFUSAL =
  /^(?:1|x|v|y|yes|true|on|checked|dnc|donotcall|donotallow|optout|optedout|oui|vrai|ja|wahr|si|sí|verdadero|да|истина|نعم|صحيح|כן|אמת|נכון|לאלהתקשר|אלתתקשרו|הסר|הוסר|\d{8})$/;
/** Negative values of such a column; marks that say nothing are one, too. */
const NO_REFUSAL = /^(?:0|n|no|false|off|unchecked|allow|allowed|non|faux|nein|falsch|falso|нет|ложь|لا|خطأ|לא|שקר)$/;
/** Marks of a box that is checked, and of an empty one. */
const CHECKED = /^[✓✔☑✅]\ufe0f?$/;
const UNCHECKED = /^[☐]\ufe0f?$/;
/** Marks that people put where they have nothing to say; other signs, such as 🚫, say something. */
const NOTHING = /^[\s\-–—_.,?/]*$/;

/**
 * Returns the status that the cells of a row name: DO_NOT_CALL if any of them does, otherwise the first one that means something; null if
 * none does. Throws BadUserInput.
 */
export function readStatus(cells: readonly string[]): LeadStatus | null {
  const meant = cells.filter((cell) => !isWithoutMeaning(cell)).map((cell) => STATUSES.get(normalizeStatus(cell)));
  if (meant.includes('DO_NOT_CALL')) return 'DO_NOT_CALL';
  if (!meant.includes(undefined)) return meant[0] ?? null;
  throw new BadUserInput(
    'status',
    `This must be one of ${Object.keys(LEAD_TRANSITIONS).join(', ')}: as it stands, it may ask for no calls.`,
  );
}

/** Whether a status can be passed over: `Done` and `Stuck` of boards, `-`. What is not known may ask for no calls. */
export const isWithoutMeaning = (status: string): boolean =>
  NOTHING.test(status) || WITHOUT_MEANING.has(normalizeStatus(status));

/** Whether any of the do-not-call cells of a row asks for no calls. Throws BadUserInput where nobody knows. */
export function refusesCalls(cells: readonly string[]): boolean {
  const answers = cells.map(readRefusal);
  if (answers.includes(true)) return true;
  if (!answers.includes(null)) return false;
  throw new BadUserInput('status', 'Nobody knows whether this asks for no calls; say yes or no in this column.');
}

/** Returns null where nobody knows. */
function readRefusal(text: string): boolean | null {
  const answer = text
    .normalize('NFC')
    .toLowerCase()
    .replace(/[^\p{L}\p{Nd}]/gu, '');
  if (REFUSAL.test(answer) || CHECKED.test(text.trim())) return true;
  return NO_REFUSAL.test(answer) || NOTHING.test(text) || UNCHECKED.test(text.trim()) ? false : null;
}
