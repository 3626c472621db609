import type { Plugin } from '@envelop/core';
import type { ExecutionResult } from 'graphql';
import type { Logger } from '../adapters/log.ts';
import { toPublicError } from './errors.ts';
import type { RequestContext } from './request.ts';

type Done = { args: { contextValue?: unknown }; result: unknown; setResult(result: ExecutionResult): void };

/** Makes every error public, in answers and in the events of subscriptions. */
export function usePublicErrors(log: Logger): Plugin {
  const show = ({ args, result, setResult }: Done) => {
    if (!hasErrors(result)) return;
    const { requestId } = args.contextValue as RequestContext;
    setResult({ ...result, errors: result.errors?.map((error) => toPublicError(error, requestId, log)) ?? [] });
  };
  return {
    onExecute: () => ({ onExecuteDone: show as never }),
    onSubscribe: () => ({
      onSubscribeResult(payload) {
        show(payload as Done);
        return { onNext: show as never };
      },
    }),
  };
}

function hasErrors(result: unknown): result is ExecutionResult {
  return (
    typeof result === 'object' &&
    result !== null &&
    'errors' in result &&
    Array.isArray(result.errors) &&
    result.errors.length > 0
  );
}
