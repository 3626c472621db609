import { BadUserInput } from '#domain/core/errors.ts';
import { LEAD_TRANSITIONS } from '#domain/sales/lead-status.ts';
import type { LeadStatus } from '#generated/prisma/enums.ts';

/** The names of statuses in HubSpot, Salesforce, Zoho, Pipedrive and Facebook, and in Hebrew, without punctuation, in lower case. */
const OTHER_NAMES: Record<LeadStatus, string> = {
  NEW: 'created, intake, open, not contacted, open not contacted, untouched, uncontacted, new lead, חדש, ליד חדש, לא טופל',
  CONTACTED:
    'attempted, attempted to contact, connected, in progress, working, working contacted, nurturing, contact in future, follow up, bad timing, נוצר קשר, בטיפול, בתהליך, לא ענה, לא עונה, מעקב, פולו אפ',
  QUALIFIED: 'pre qualified, open deal, opportunity, sql, מתאים',
  MEETING_BOOKED:
    'meeting scheduled, appointment scheduled, appointment booked, demo scheduled, נקבעה פגישה, תואמה פגישה',
  WON: 'closed won, converted, closed converted, customer, נסגר, נסגרה עסקה, עסקה נסגרה, לקוח',
  LOST: 'closed lost, unqualified, not qualified, disqualified, closed not converted, junk, junk lead, lost lead, not interested, לא רלוונטי, לא מתאים, לא מעוניין, לא מעוניינת, אבוד',
  DO_NOT_CALL: 'do not contact, dnc, opted out, לא להתקשר, אל תתקשרו, לא ליצור קשר, הסר, להסרה, הוסר',
};

/** Normalizes a status: `Open - Not Contacted` is `open not contacted`. */
const normalizeStatus = (text: string): string =>
  text
    .toLowerCase()
    .replace(/[^\p{L}\p{Nd}]+/gu, ' ')
    .trim();

const STATUSES = new Map(
  Object.entries(OTHER_NAMES).flatMap(([status, names]) =>
    [normalizeStatus(status), ...names.split(', ')].map((name) => [name, status as LeadStatus]),
  ),
);

/** Affirmative values of a do-not-call column, in letters and digits alone; a date is the day since which it applies. */
const REFUSAL =
  /^(?:1|x|v|y|yes|true|on|checked|dnc|donotcall|donotallow|optout|optedout|כן|אמת|נכון|לאלהתקשר|אלתתקשרו|הסר|הוסר|\d{8})$/;
/** Negative values of such a column; punctuation alone is one, too. */
const NO_REFUSAL = /^(?:|0|n|no|false|off|unchecked|allow|allowed|לא|שקר)$/;

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
  const answer = text.toLowerCase().replace(/[^\p{L}\p{Nd}✓✔]/gu, '');
  if (REFUSAL.test(answer) || /^[✓✔]$/.test(answer)) return true;
  if (NO_REFUSAL.test(answer)) return false;
  throw new BadUserInput('status', 'Nobody knows whether this asks for no calls; say yes or no in this column.');
}
