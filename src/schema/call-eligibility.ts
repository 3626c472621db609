import type { CallEligibility as Eligibility } from '#domain/sales/eligibility/call-eligibility.ts';
import { RESTRICTIONS, type CallRestriction as Restriction } from '#domain/sales/eligibility/restriction.ts';
import { builder } from './builder.ts';

const CallRestriction = builder.objectRef<Restriction>('CallRestriction').implement({
  description: 'A reason why a lead may not be called.',
  fields: (t) => ({
    code: t.exposeString('code', {
      description: `What it is; more may be added. ${Object.entries(RESTRICTIONS)
        .map(([code, meaning]) => `${code}: ${meaning}.`)
        .join(' ')}`,
    }),
    message: t.exposeString('message', { description: 'The reason in a sentence that says what can be done.' }),
    until: t.expose('until', {
      type: 'DateTime',
      nullable: true,
      description: 'When this reason alone ends; null where time does not mend it.',
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
        'The first moment at which the lead may be called, as things are: the moment that was asked for where it may be called then; null where time alone does not mend it.',
    }),
    reasons: t.expose('reasons', {
      type: [CallRestriction],
      description: 'Every reason why the lead may not be called, all at once; empty where it may be.',
    }),
  }),
});
