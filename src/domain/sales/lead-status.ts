import { Conflict } from '#domain/core/errors.ts';
import type { LeadStatus } from '#generated/prisma/enums.ts';

/** The allowed transitions from each status. DO_NOT_CALL is final: only an ADMIN can lift it. */
export const LEAD_TRANSITIONS: Record<LeadStatus, readonly LeadStatus[]> = {
  NEW: ['CONTACTED', 'QUALIFIED', 'MEETING_BOOKED', 'WON', 'LOST', 'DO_NOT_CALL'],
  CONTACTED: ['QUALIFIED', 'MEETING_BOOKED', 'WON', 'LOST', 'DO_NOT_CALL'],
  QUALIFIED: ['CONTACTED', 'MEETING_BOOKED', 'WON', 'LOST', 'DO_NOT_CALL'],
  MEETING_BOOKED: ['CONTACTED', 'QUALIFIED', 'WON', 'LOST', 'DO_NOT_CALL'],
  WON: ['CONTACTED', 'LOST', 'DO_NOT_CALL'],
  LOST: ['CONTACTED', 'QUALIFIED', 'MEETING_BOOKED', 'WON', 'DO_NOT_CALL'],
  DO_NOT_CALL: [],
};

/** Returns why a lead may not change from one status to another; null if it may, or already has it. */
function transitionProblem(from: LeadStatus, to: LeadStatus): string | null {
  if (from === to || LEAD_TRANSITIONS[from].includes(to)) return null;
  if (from === 'DO_NOT_CALL')
    return 'This number is DO_NOT_CALL, which only an ADMIN lifts, with `liftDoNotCall` and a reason.';
  return `A lead that is ${from} can become ${LEAD_TRANSITIONS[from].join(', ')}, but not ${to}.`;
}

/** Throws Conflict if a lead may not change from one status to another. */
export function assertTransition(from: LeadStatus, to: LeadStatus): void {
  const problem = transitionProblem(from, to);
  if (problem !== null) throw new Conflict(problem, { status: from, allowed: LEAD_TRANSITIONS[from] });
}
