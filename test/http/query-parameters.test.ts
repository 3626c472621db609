import { describe, expect, it } from 'vitest';
import { httpRequest } from '../support/http.ts';
import { useParley } from '../support/use-parley.ts';

const app = useParley();

type Refused = { errors: { message: string; extensions: { code: string; field: string; parameters?: string[] } }[] };

async function send(key: string, method: string, path: string) {
  const type = path.startsWith('/leads') ? 'text/csv' : path.startsWith('/episodes') ? 'text/vtt' : 'application/json';
  const headers = { authorization: `Bearer ${key}`, ...(method === 'GET' ? {} : { 'content-type': type }) };
  const { status, json } = await httpRequest(`${app.parley.url}${path}`, {
    method,
    headers,
    ...(method === 'GET' ? {} : { body: 'x' }),
  });
  return { status, error: (json as Refused).errors[0] };
}

describe('query parameters', () => {
  it.each([
    ['GET', '/leads.csv?statuses=WON', 'statuses', ['status', 'tag', 'search']],
    ['GET', '/leads.csv?status=WON&tags=sim', 'tags', ['status', 'tag', 'search']],
    ['GET', '/leads.csv?Status=WON', 'Status', ['status', 'tag', 'search']],
    ['GET', '/leads.csv?constructor=WON', 'constructor', ['status', 'tag', 'search']],
    ['GET', '/leads.csv?%D7%A1%D7%98%D7%98%D7%95%D7%A1=WON', 'סטטוס', ['status', 'tag', 'search']],
    ['GET', '/calls.csv?since=2026-01-01', 'since', ['campaignId', 'from', 'to']],
    ['GET', '/storage/stats?user=x', 'user', []],
    ['GET', '/queue/stats?kind=x', 'kind', []],
    ['POST', '/leads?language=he', 'language', ['defaultLanguage', 'defaultTimeZone']],
    ['POST', '/leads/imports?defaultLang=he', 'defaultLang', ['defaultLanguage', 'defaultTimeZone']],
    ['POST', '/episodes?name=Talk', 'name', ['format', 'title', 'language']],
    ['POST', '/conversations?format=chatgpt', 'format', []],
  ])('refuses %s %s, and lists the known ones', async (method, path, field, parameters) => {
    const ann = await app.user();
    const { status, error } = await send(ann.key, method, path);
    expect(status).toBe(400);
    expect(error).toMatchObject({ extensions: { code: 'BAD_USER_INPUT', field, parameters } });
    expect(error?.message).toContain(`\`${field}\``);
    for (const known of parameters) expect(error?.message).toContain(`\`${known}\``);
  });

  it.each([
    ['GET', '/leads.csv?search=a&search=b', 'search'],
    ['GET', '/calls.csv?from=2026-01-01&from=2026-02-01', 'from'],
    ['POST', '/leads?defaultLanguage=he&defaultLanguage=en', 'defaultLanguage'],
    ['POST', '/episodes?title=a&title=b', 'title'],
  ])('refuses %s %s, which is given twice', async (method, path, field) => {
    const ann = await app.user();
    const { status, error } = await send(ann.key, method, path);
    expect(status).toBe(400);
    expect(error).toMatchObject({ extensions: { code: 'BAD_USER_INPUT', field } });
  });

  it('names an unknown one of any length in a short error', async () => {
    const ann = await app.user();
    const { status, error } = await send(ann.key, 'GET', `/leads.csv?${'x'.repeat(10_000)}=1`);
    expect(status).toBe(400);
    expect(error?.message.length).toBeLessThan(300);
  });
});
