import { z } from 'zod';
import { list, requiredWith, url, wholeNumber } from './variables.ts';

/** An OpenAI-compatible endpoint and its model. `timeoutMs` is the maximum time without any byte. */
export type Endpoint = { baseUrl: string; name: string; apiKey: string | null; timeoutMs: number };

/**
 * The endpoint of a chat model, with alternative models. For at most `firstTokenTimeoutMs`, it may send keep-alive data before its first
 * token.
 */
export type ChatEndpoint = Endpoint & { alternatives: readonly string[]; firstTokenTimeoutMs: number };

/** `fetch` rejects a URL that contains a user or password. */
export const endpointUrl = url('http:', 'https:').refine(
  (text) => !URL.parse(text)?.username && !URL.parse(text)?.password,
  {
    error: 'may hold no user or password; a key has a variable of its own',
  },
);

/** The models that write replies and embed texts; null for one that is not configured. */
export const modelSettings = z
  .object({
    MODEL_BASE_URL: endpointUrl.optional(),
    MODEL_API_KEY: z.string().optional(),
    MODEL_NAME: z.string().optional(),
    MODEL_ALTERNATIVES: list.optional(),
    MODEL_TIMEOUT_MS: wholeNumber(100, 300_000).default(20_000),
    MODEL_FIRST_TOKEN_TIMEOUT_MS: wholeNumber(100, 300_000).default(120_000),
    EMBEDDING_BASE_URL: endpointUrl.optional(),
    EMBEDDING_API_KEY: z.string().optional(),
    EMBEDDING_MODEL: z.string().optional(),
  })
  .refine(...requiredWith('MODEL_BASE_URL', 'MODEL_NAME'))
  .refine(...requiredWith('MODEL_NAME', 'MODEL_BASE_URL'))
  .refine(...requiredWith('MODEL_ALTERNATIVES', 'MODEL_NAME'))
  .refine(...requiredWith('EMBEDDING_BASE_URL', 'EMBEDDING_MODEL'))
  .refine(...requiredWith('EMBEDDING_MODEL', 'EMBEDDING_BASE_URL'))
  .transform((vars) => {
    const model = endpoint(vars.MODEL_BASE_URL, vars.MODEL_NAME, vars.MODEL_API_KEY, vars.MODEL_TIMEOUT_MS);
    return {
      model: model && {
        ...model,
        alternatives: vars.MODEL_ALTERNATIVES ?? [],
        firstTokenTimeoutMs: vars.MODEL_FIRST_TOKEN_TIMEOUT_MS,
      },
      embedding: endpoint(vars.EMBEDDING_BASE_URL, vars.EMBEDDING_MODEL, vars.EMBEDDING_API_KEY, vars.MODEL_TIMEOUT_MS),
    };
  });

function endpoint(
  baseUrl: string | undefined,
  name: string | undefined,
  apiKey: string | undefined,
  timeoutMs: number,
): Endpoint | null {
  return baseUrl && name ? { baseUrl, name, apiKey: apiKey ?? null, timeoutMs } : null;
}
