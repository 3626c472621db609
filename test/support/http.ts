import { request } from 'node:http';
import { text } from 'node:stream/consumers';

export type HttpAnswer = {
  status: number;
  headers: Record<string, string | string[] | undefined>;
  text: string;
  json: any;
};

type Call = { method?: string; headers?: Record<string, string>; body?: string | Uint8Array };

/** Sends one HTTP request as it stands: unlike fetch it adds no headers, and sends those that browsers keep for themselves. */
export function httpRequest(url: string, { method = 'GET', headers = {}, body }: Call = {}): Promise<HttpAnswer> {
  const length: Record<string, number> = body === undefined ? {} : { 'content-length': Buffer.byteLength(body) };
  return new Promise((resolve, reject) => {
    const sent = request(url, { method, headers: { ...length, ...headers }, agent: false });
    sent.on('response', async (response) => {
      const answer = await text(response).catch(reject);
      if (answer === undefined) return;
      resolve({ status: response.statusCode ?? 0, headers: response.headers, text: answer, json: parseJson(answer) });
    });
    sent.on('error', reject);
    sent.end(body);
  });
}

/** Sends a GraphQL request by POST of JSON. */
export function postGraphql(url: string, body: unknown, headers: Record<string, string> = {}): Promise<HttpAnswer> {
  return httpRequest(`${url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  });
}

export const bearer = (key: string) => ({ authorization: `Bearer ${key}` });

function parseJson(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}
