import { isIP } from 'node:net';
import { z } from 'zod';

/** A whole number within these bounds. */
export const wholeNumber = (min: number, max: number) => {
  const error = `must be a whole number from ${min} to ${max}`;
  return z.coerce.number({ error }).int({ error }).min(min, { error }).max(max, { error });
};

/** A number within these bounds. */
export const number = (min: number, max: number) => {
  const error = `must be a number from ${min} to ${max}`;
  return z.coerce.number({ error }).min(min, { error }).max(max, { error });
};

/** One of these words. */
export const oneOf = <const Word extends string>(words: readonly Word[]) =>
  z.enum(words, { error: `must be one of ${words.join(', ')}` });

/** Comma-separated items, without surrounding white space. */
export const list = z.string().transform((text) =>
  text
    .split(',')
    .map((item) => item.trim())
    .filter(Boolean),
);

const isAddressRange = (text: string) => {
  const [address = '', bits, ...rest] = text.split('/');
  const family = isIP(address);
  return (
    family !== 0 &&
    rest.length === 0 &&
    (bits === undefined || (/^\d+$/.test(bits) && Number(bits) <= (family === 4 ? 32 : 128)))
  );
};

/** Comma-separated IP addresses and ranges. */
export const addressRanges = list.refine((all) => all.every(isAddressRange), {
  error: 'must be IP addresses and ranges, as 10.0.0.0/8, between commas',
});

/** `true`, `1`, `false` or `0`. */
export const flag = oneOf(['true', 'false', '1', '0']).transform((text) => text === 'true' || text === '1');

/** A URL with one of these protocols, each with its colon. */
export const url = (...protocols: string[]) =>
  z.string().refine((text) => URL.canParse(text) && protocols.includes(new URL(text).protocol), {
    error: `must be a URL that begins with ${protocols.map((protocol) => `${protocol}//`).join(' or ')}`,
  });

/** The URL under which clients reach a server: addresses are made by appending paths to it. */
export const baseUrl = url('http:', 'https:').refine((text) => !/[?#]/.test(text), {
  error: 'must have no ? and no #, as paths are appended to it',
});

const isOrigin = (text: string) => {
  if (!URL.canParse(text)) return false;
  const { host, pathname, search, hash, username } = new URL(text);
  return host !== '' && !host.includes('*') && ['', '/'].includes(pathname) && search + hash + username === '';
};

/** Comma-separated origins, as browsers send them: in lower case, and without the default port and a slash at the end. */
export const origins = list
  .refine((all) => all.every(isOrigin), {
    error: 'must be origins, as https://app.example.com, without a path, between commas',
  })
  .transform((all) => all.map((text) => new URL(text)).map(({ protocol, host }) => `${protocol}//${host}`));

type Requirement = [(vars: object) => boolean, { path: string[]; error: string; when: () => boolean }];

/** Requires `required` to be set if `variable` is. Checked even if other settings are invalid, so that all problems are listed at once. */
export function requiredWith(variable: string, required: string): Requirement {
  const isMet = (vars: object) => !(variable in vars) || required in vars;
  return [isMet, { path: [required], error: `is missing: ${variable} and ${required} go together`, when: () => true }];
}
