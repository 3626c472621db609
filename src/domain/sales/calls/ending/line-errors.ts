import type { CallError } from './end-call.ts';

/** Describes an error of a provider for the owner of the call, with the provider's own code, by which it is looked up. */
export const describeLineError = ({ code, message }: { code: string; message: string }): CallError => ({
  code: 'UNAVAILABLE',
  message: `The provider of the line could not make this call (${code}): ${message}`,
  retryable: true,
});

/** Describes why the provider makes no calls at all. Whoever mends that can have this call made by another one. */
export const describeLineRefusal = ({ code, message }: { code: string; message: string }): CallError => ({
  code: 'UNAVAILABLE',
  message: `The provider of the line makes no calls for this account (${code}): ${message}`,
  retryable: true,
});
