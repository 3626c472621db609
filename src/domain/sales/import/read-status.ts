import { BadUserInput } from '#domain/core/errors.ts';
import { LEAD_TRANSITIONS } from '#domain/sales/lead-status.ts';
import type { LeadStatus } from '#generated/prisma/enums.ts';

/** Statuses in Hebrew. */
const STATUSES: Record<string, LeadStatus> = {
  חדש: 'NEW',
  'נוצר קשר': 'CONTACTED',
  מתאים: 'QUALIFIED',
  'נקבעה פגישה': 'MEETING_BOOKED',
  נסגר: 'WON',
  'לא רלוונטי': 'LOST',
  'לא להתקשר': 'DO_NOT_CALL',
  'אל תתקשרו': 'DO_NOT_CALL',
};

/** What a column that asks for no calls says, in letters and digits alone: a day is the one since when. */
const REFUSAL =
  /^(?:1|x|v|y|yes|true|on|checked|dnc|donotcall|donotallow|optout|optedout|כן|אמת|נכון|לאלהתקשר|אלתתקשרו|הסר|הוסר|\d{8})$/;
/** What such a column says where calls are welcome; signs alone say so, too. */
const NO_REFUSAL = /^(?:|0|n|no|false|off|unchecked|allow|allowed|לא|שקר)$/;

/**
 * Returns the status of a row by its column for that and by the one that asks for no calls, which has precedence whatever the other says;
 * null where neither says anything. Throws BadUserInput.
 */
export function readStatus(status: string | undefined, doNotCall: string | undefined): LeadStatus | null {
  if (doNotCall !== undefined && isRefusal(doNotCall)) return 'DO_NOT_CALL';
  if (status === undefined) return null;
  const name = STATUSES[status] ?? status.toUpperCase().replace(/[\s-]+/g, '_');
  if (name in LEAD_TRANSITIONS) return name as LeadStatus;
  throw new BadUserInput('status', `This is one of ${Object.keys(LEAD_TRANSITIONS).join(', ')}.`);
}

function isRefusal(text: string): boolean {
  const answer = text.toLowerCase().replace(/[^\p{L}\p{Nd}✓✔]/gu, '');
  if (REFUSAL.test(answer) || /^[✓✔]$/.test(answer)) return true;
  if (NO_REFUSAL.test(answer)) return false;
  throw new BadUserInput('status', 'Nobody knows whether this asks for no calls; say yes or no in this column.');
}
