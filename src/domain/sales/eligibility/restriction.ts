/** Why a lead may not be called; `until` is null if time alone does not help. */
export type CallRestriction = { code: RestrictionCode; message: string; until: Date | null };

export type RestrictionCode = keyof typeof RESTRICTIONS;

/** The meaning of each code; calls and campaigns add codes of their own. */
export const RESTRICTIONS = {
  DO_NOT_CALL: 'the number asked not to be called',
  UNKNOWN_TIME_ZONE: "the lead's clock is not known",
  OUTSIDE_CALL_WINDOW: 'it is outside the call window somewhere the lead can be',
  REST_DAY: 'it is Shabbat or a feast, or its eve',
  HOLIDAY: "it is a holiday of the lead's country",
  CONSENT_MISSING: "the lead's country asks for consent, and there is none",
  CONSENT_EXPIRED: 'the consent is too old',
  REGISTRY_CHECK_MISSING: "the country's do-not-call registry was not asked",
  REGISTRY_CHECK_EXPIRED: 'the registry was asked too long ago',
  LANGUAGE_NOT_SPOKEN: "the agent speaks neither the lead's language nor that of a campaign which asks",
  ATTEMPTS_USED_UP: 'the lead was tried as often as it may be',
  TOO_SOON: 'the last attempt is too recent',
  IN_CALL: 'the lead is in a call, or waits for one',
  COUNTRY_NOT_ALLOWED: "the operator does not let the number's country be called",
  NUMBER_TYPE_NOT_ALLOWED: 'the operator does not let numbers of its kind be called, as premium-rate ones',
  DAILY_CALLS_USED_UP: 'the number was called as often in 24 hours as it may be',
  DAILY_MINUTES_USED_UP: "the owner's calls of 24 hours have lasted as long as they may",
  CAMPAIGN_NOT_RUNNING: 'the campaign is paused, or not started, or over',
} as const;
