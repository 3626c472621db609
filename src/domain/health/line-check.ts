import type { AccountState, Telephony } from '#adapters/telephony/telephony.ts';

/** After how long a provider is asked again: of a good account by its calls, first of all. */
const AGAIN_MS: Record<AccountState, number> = {
  good: 3_600_000,
  unknown: 60_000,
  refused: 60_000,
  'not-its-number': 60_000,
};

const PROBLEMS: Partial<Record<AccountState, string>> = {
  refused: 'The provider of the line refuses the account: check TWILIO_ACCOUNT_SID and TWILIO_AUTH_TOKEN.',
  'not-its-number':
    'The account at the provider of the line may not call from TWILIO_FROM: that has to be a number of it, or verified.',
};

/**
 * Returns what is wrong with the account of the line as its provider has said last; null where nothing is, or nobody knows. It is asked
 * when that is first looked at, and again from time to time, while nobody waits for it.
 */
export function followLineAccount({ checkAccount }: Pick<Telephony, 'checkAccount'>): () => string | null {
  let state: AccountState = 'unknown';
  let askAt = Number.NEGATIVE_INFINITY;
  const ask = async () => {
    state = await checkAccount();
    askAt = performance.now() + AGAIN_MS[state];
  };
  return () => {
    if (performance.now() >= askAt) {
      askAt = Number.POSITIVE_INFINITY;
      void ask();
    }
    return PROBLEMS[state] ?? null;
  };
}
