import { BadUserInput } from '#domain/core/errors.ts';
import { LEAD_TRANSITIONS } from '#domain/sales/lead-status.ts';
import type { LeadStatus } from '#generated/prisma/enums.ts';

/** The names of statuses in HubSpot, Salesforce, Zoho, Pipedrive and Facebook, and in Hebrew, without punctuation, in lower case. */
const OTHER_NAMES: Record<LeadStatus, string> = {
  NEW: 'created, intake, open, not contacted, open not contacted, untouched, uncontacted, new lead, חדש, ליד חדש, לא טופל',
  CONTACTED:
    'attempted, attempted to contact, connected, in progress, working, working contacted, nurturing, contact in future, follow up, bad timing, working on it, נוצר קשר, בטיפול, בתהליך, לא ענה, לא עונה, מעקב, פולו אפ',
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

/** Affirmative values of a do-not-call column, in letters and digits alone; a date is the day since which it applies. */
const REFUSAL =
  /^(?:1|x|v|y|yes|true|on|checked|dnc|donotcall|donotallow|optout|optedout|oui|vrai|ja|wahr|si|sí|verdadero|да|истина|نعم|صحيح|כן|אמת|נכון|לאלהתקשר|אלתתקשרו|הסר|הוסר|\d{8})$/;
/** Negative values of such a column; punctuation alone is one, too. */
const NO_REFUSAL = /^(?:|0|n|no|false|off|unchecked|allow|allowed|non|faux|nein|falsch|falso|нет|ложь|لا|خطأ|לא|שקר)$/;

/**
 * Returns the status of a row from its status column and its do-not-call column, which takes precedence; null if neither has a value.
 * Throws BadUserInput.
 */
export function readStatus(status: string | undefined, doNotCall: string | undefined): LeadStatus | null {
  if (doNotCall !== undefined && isRefusal(doNotCall)) return 'DO_NOT_CALL';
  if (status === undefined) return null;
  const known = STATUSES.get(normalizeStatus(status));
  if (known) return known;
  throw new BadUserInput('status', `This must be one of ${Object.keys(LEAD_TRANSITIONS).join(', ')}.`);
}

function isRefusal(text: string): boolean {
  const answer = text
    .normalize('NFC')
    .toLowerCase()
    .replace(/[^\p{L}\p{Nd}✓✔]/gu, '');
  if (REFUSAL.test(answer) || /^[✓✔]$/.test(answer)) return true;
  if (NO_REFUSAL.test(answer)) return false;
  throw new BadUserInput('status', 'Nobody knows whether this asks for no calls; say yes or no in this column.');
}
