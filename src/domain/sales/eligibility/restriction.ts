/** Why a lead may not be called; `until` is null if time alone does not help. */
export type CallRestriction = { code: RestrictionCode; message: string; until: Date | null };

export type RestrictionCode = keyof typeof RESTRICTIONS;

/** The meaning of each code; calls and campaigns add codes of their own. */
export const RESTRICTIONS = {
  DO_NOT_CALL: 'the number is on the do-not-call list',
  UNKNOWN_TIME_ZONE: "the lead's time zone is unknown",
  OUTSIDE_CALL_WINDOW: 'the local time is outside the call window in at least one of the possible time zones',
  REST_DAY: 'it is Shabbat or a Jewish holiday, or its eve',
  HOLIDAY: "it is a public holiday in the lead's country",
  CONSENT_MISSING: "the lead's country requires consent, and there is none",
  CONSENT_EXPIRED: 'the consent has expired',
  REGISTRY_CHECK_MISSING: "the number has not been checked against the country's do-not-call registry",
  REGISTRY_CHECK_EXPIRED: 'the last check against the do-not-call registry is too old',
  LANGUAGE_NOT_SPOKEN: "the agent speaks neither the lead's language nor the campaign's",
  ATTEMPTS_USED_UP: 'the lead has been called the maximum number of times',
  TOO_SOON: 'the last attempt is too recent',
  IN_CALL: 'the lead is in a call, or has a call waiting',
  COUNTRY_NOT_ALLOWED: "the operator does not allow calls to the number's country",
  NUMBER_TYPE_NOT_ALLOWED: 'the operator does not allow calls to this type of number, such as premium-rate',
  DAILY_CALLS_USED_UP: 'the number has had the maximum number of calls of 24 hours',
  DAILY_MINUTES_USED_UP: 'the calls of the owner have used up the minutes of 24 hours',
  CAMPAIGN_NOT_RUNNING: 'the campaign has not started, is paused, or has ended',
} as const;
