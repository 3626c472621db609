import { randomBytes } from 'node:crypto';
import type { Deps } from '#domain/core/deps.ts';
import { BadUserInput } from '#domain/core/errors.ts';
import { checkText } from '#domain/core/validation.ts';
import type { WebhookEventType } from '#generated/prisma/enums.ts';

/** The maximum length of a URL, in characters, each of them ASCII. */
export const MAX_URL_LENGTH = 2_048;
/** The maximum length of a description, in UTF-16 units. */
export const MAX_DESCRIPTION_LENGTH = 500;

/** As Standard Webhooks has it: 24 to 64 bytes. */
const SECRET_BYTES = 32;

/** Returns a new secret: `whsec_` and 256 random bits in base64. */
export const newSigningSecret = (): string => `whsec_${randomBytes(SECRET_BYTES).toString('base64')}`;

/**
 * Returns a URL in its normal form, as it is requested, without its fragment. Throws BadUserInput where it leads nowhere that webhooks may.
 * A name is not looked up before something is sent.
 */
export function checkUrl({ webhooks }: Pick<Deps, 'webhooks'>, text: string): string {
  const field = 'input.url';
  const url = URL.parse(checkText(field, text, { max: MAX_URL_LENGTH }));
  if (!url) throw new BadUserInput(field, 'This is not a URL; give one such as https://example.com/webhooks.');
  const problem = webhooks.rules.findProblem(url);
  if (problem) throw new BadUserInput(field, problem);
  url.hash = '';
  return checkText(field, url.href, { max: MAX_URL_LENGTH });
}

/** Returns the events, each once. Throws BadUserInput if there is none. */
export function checkEvents(events: readonly WebhookEventType[]): WebhookEventType[] {
  if (events.length === 0) throw new BadUserInput('input.events', 'Give at least one event.');
  return [...new Set(events)].sort();
}

/** Returns a description; null removes it. Throws BadUserInput. */
export const checkDescription = (text: string | null): string | null =>
  text === null ? null : checkText('input.description', text, { max: MAX_DESCRIPTION_LENGTH });
