import { type Finding, fail, note, ok } from './finding.ts';

/** The time limit for a third party's server. */
const ANSWER_TIMEOUT_MS = 5_000;

/** Sends a GET request to a server; null if it does not answer. */
export async function ask(url: string, headers: Record<string, string> = {}): Promise<Response | null> {
  return fetch(url, { headers, redirect: 'manual', signal: AbortSignal.timeout(ANSWER_TIMEOUT_MS) }).catch(() => null);
}

/** Checks whether an OpenAI-compatible endpoint accepts its key; `setting` is the name of the endpoint's setting. */
export async function checkEndpoint(
  setting: string,
  endpoint: { baseUrl: string; apiKey?: string | null | undefined } | null,
): Promise<Finding[]> {
  if (!endpoint) return [note(`None is set (${setting}): Parley does without.`)];
  const headers = endpoint.apiKey ? { authorization: `Bearer ${endpoint.apiKey}` } : {};
  const response = await ask(`${endpoint.baseUrl.replace(/\/$/, '')}/models`, headers);
  if (!response) return [fail(`It does not answer. Check ${setting}, and that it runs.`)];
  if (response.status === 401 || response.status === 403)
    return [fail(`It refuses the key (${response.status}). Check the API key beside ${setting}.`)];
  return [ok(`It answers (${response.status}).`)];
}
