import { IDEMPOTENCY_HOURS, MAX_IDEMPOTENCY_KEY_LENGTH } from '#domain/core/idempotency.ts';
import type { builder } from './builder.ts';

/** What input types are given to make their fields with. */
export type InputFields = Parameters<Parameters<typeof builder.inputType>[1]['fields']>[0];

/** The `idempotencyKey` of an input: every mutation that writes takes one, unless it answers with a secret. */
export const idempotencyKey = (t: InputFields) =>
  t.string({
    description: `A unique string chosen by the client, 1 to ${MAX_IDEMPOTENCY_KEY_LENGTH} characters, that makes the mutation safe to retry. For at least ${IDEMPOTENCY_HOURS} hours, the same key with the same input returns the first result again; with a different input, the error is IDEMPOTENCY_CONFLICT.`,
  });

/** The `metadata` of an input that makes something, `what`. */
export const metadata = (t: InputFields, what: string) =>
  t.field({
    type: 'JSON',
    description: `Arbitrary JSON data of the client about the ${what}, stored exactly as sent.`,
  });

/** The `metadata` of an input that changes something, `what`. */
export const changedMetadata = (t: InputFields, what: string) =>
  t.field({
    type: 'JSON',
    description: `Arbitrary JSON data of the client about the ${what}. Replaces the stored value as a whole; null removes it.`,
  });

const DIGITS = new Intl.NumberFormat('en');

/** A number as descriptions have it, such as `200,000`. */
export const digits = (number: number): string => DIGITS.format(number);
