import type { CallError } from './end-call.ts';

/** Describes a provider's error for the owner of the call, with the provider's own code to look up. */
export const describeLineError = ({ code, message }: { code: string; message: string }): CallError => ({
  code: 'UNAVAILABLE',
  message: `The provider of the line could not make this call (${code}): ${message}`,
  retryable: true,
});

/** Describes why the provider refuses all calls. Retryable by another call once that is fixed. */
export const describeLineRefusal = ({ code, message }: { code: string; message: string }): CallError => ({
  code: 'UNAVAILABLE',
  message: `The provider of the line makes no calls for this account (${code}): ${message}`,
  retryable: true,
});
