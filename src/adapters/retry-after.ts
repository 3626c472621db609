const NUMBER = /^\d*\.?\d+$/;

/**
 * Returns how many milliseconds after `now` a `retry-after` header asks to wait, 0 for a date that has passed; null if it names no time.
 * https://www.rfc-editor.org/rfc/rfc9110#field.retry-after is whole seconds or a date; some servers also send fractions.
 */
export function readRetryAfter(text: string | null | undefined, now: Date): number | null {
  const after = text?.trim() ?? '';
  if (NUMBER.test(after)) return Math.ceil(Number(after) * 1_000);
  const date = Date.parse(after);
  return Number.isNaN(date) ? null : Math.max(date - now.getTime(), 0);
}
