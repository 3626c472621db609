import { z } from 'zod';

/** A whole number within these bounds. */
export const wholeNumber = (min: number, max: number) => z.coerce.number().int().min(min).max(max);

/** Items between commas, without the spaces around them. */
export const list = z.string().transform((text) =>
  text
    .split(',')
    .map((item) => item.trim())
    .filter(Boolean),
);

/** `true`, `1`, `false` or `0`. */
export const flag = z.enum(['true', 'false', '1', '0']).transform((text) => text === 'true' || text === '1');

/** A URL with one of these protocols, each with its colon. */
export const url = (...protocols: string[]) =>
  z.string().refine((text) => URL.canParse(text) && protocols.includes(new URL(text).protocol), {
    error: `must be a URL that begins with ${protocols.map((protocol) => `${protocol}//`).join(' or ')}`,
  });
