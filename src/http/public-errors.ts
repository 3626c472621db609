import type { ExecutionResult } from 'graphql';
import type { Plugin } from 'graphql-yoga';
import type { Logger } from '../adapters/log.ts';
import { toPublicError } from './errors.ts';
import type { RequestContext } from './request.ts';

/** Makes every error public, in answers and in the events of subscriptions. */
export function usePublicErrors(log: Logger): Plugin {
  const shown = (result: ExecutionResult, requestId: string | null): ExecutionResult => ({
    ...result,
    errors: result.errors?.map((error) => toPublicError(error, requestId, log)) ?? [],
  });
  const each = ({ args, result, setResult }: { args: { contextValue?: unknown }; result: unknown; setResult(result: ExecutionResult): void }) => {
    if (!hasErrors(result)) return;
    setResult(shown(result, (args.contextValue as RequestContext | undefined)?.requestId ?? null));
  };
  return {
    onExecute: () => ({ onExecuteDone: each as never }),
    onSubscribe: () => ({
      onSubscribeResult(payload) {
        each(payload as never);
        return { onNext: each as never };
      },
    }),
    // Only where Yoga's own request layer answers: what failed before execution.
    onExecutionResult({ result, setResult, context }) {
      if (hasErrors(result)) setResult(shown(result, (context as Partial<RequestContext>).requestId ?? null) as never);
    },
  };
}

function hasErrors(result: unknown): result is ExecutionResult {
  return typeof result === 'object' && result !== null && 'errors' in result && Array.isArray(result.errors) && result.errors.length > 0;
}
