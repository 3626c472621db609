import type { CallEligibility as Eligibility } from '#domain/sales/eligibility/call-eligibility.ts';
import { RESTRICTIONS, type CallRestriction as Restriction } from '#domain/sales/eligibility/restriction.ts';
import { builder } from './builder.ts';

const CallRestriction = builder.objectRef<Restriction>('CallRestriction').implement({
  description: 'A reason why a lead may not be called.',
  fields: (t) => ({
    code: t.exposeString('code', {
      description: `The code of the reason; more codes may be added. ${Object.entries(RESTRICTIONS)
        .map(([code, meaning]) => `${code}: ${meaning}.`)
        .join(' ')}`,
    }),
    message: t.exposeString('message', {
      description: 'An explanation of the reason for people, with what can be done.',
    }),
    until: t.expose('until', {
      type: 'DateTime',
      nullable: true,
      description: 'When this reason ceases to apply; null if waiting does not help.',
    }),
  }),
});

export const CallEligibility = builder.objectRef<Eligibility>('CallEligibility').implement({
  description: 'Whether a lead may be called.',
  fields: (t) => ({
    allowed: t.exposeBoolean('allowed', { description: 'Whether the lead may be called.' }),
    nextAllowedAt: t.expose('nextAllowedAt', {
      type: 'DateTime',
      nullable: true,
      description:
        'The earliest moment at which the lead may be called, if nothing else changes: the requested moment if the call is allowed then; null if waiting does not help.',
    }),
    reasons: t.expose('reasons', {
      type: [CallRestriction],
      description: 'All reasons why the lead may not be called; empty if it may.',
    }),
  }),
});
