import { parse } from 'csv-parse/sync';
import { describe, expect, it } from 'vitest';
import type { Client } from '../support/client.ts';
import { CreateLead, ImportLeads, Leads } from '../support/operations.ts';
import { sql } from '../support/sql.ts';
import { useParley } from '../support/use-parley.ts';

const app = useParley();

const download = ({ key }: Pick<Client, 'key'>, path: string) =>
  fetch(`${app.parley.url}${path}`, { headers: key ? { authorization: `Bearer ${key}` } : {} });

type Edge = { node: { phone: string } };

describe('a file of leads', () => {
  it('runs no formula, is whole, and can be imported again', async () => {
    const [ann, bob] = [await app.user(), await app.user()];
    const names = ['=1+1', ' @SUM(A1)', 'דנה "כהן", לוי', 'שורה\nשנייה', '-5'];
    for (const [index, name] of names.entries())
      await ann.ask(CreateLead, {
        input: { name, phone: `+9725222220${10 + index}`, tags: ['vip', 'חם'], consentReference: 'form 7' },
      });
    const response = await download(ann, '/leads.csv');
    expect(response.status).toBe(200);
    expect(response.headers.get('content-disposition')).toBe('attachment; filename=leads.csv');
    const text = Buffer.from(await response.arrayBuffer()).toString();
    expect(text.startsWith('\ufeffname,phone,')).toBe(true);
    const rows: Record<string, string>[] = parse(text, { columns: true, bom: true });
    expect(rows.map(({ name }) => name)).toEqual(["'=1+1", "'@SUM(A1)", names[2], names[3], "'-5"]);
    for (const cell of rows.flatMap((row) => Object.values(row))) expect(cell).not.toMatch(/^\s*[=+\-@]/);
    const { importLeads } = await bob.ask(ImportLeads, { input: { csv: text } });
    expect(importLeads).toMatchObject({ created: 5, errors: [] });
    expect((await bob.ask(Leads, { filter: { tagsAny: ['חם'] } })).leads.totalCount).toBe(5);
    const again: Record<string, string>[] = parse(await (await download(bob, '/leads.csv')).text(), {
      columns: true,
      bom: true,
    });
    expect(again.map(({ consentReference }) => consentReference)).toEqual(names.map(() => 'form 7'));
  });

  it('gives the same texts when it is imported again, whatever apostrophes and formulas they begin with', async () => {
    const [ann, bob] = [await app.user(), await app.user()];
    const texts = ["'=1+1", "''=1+1", '=1+1', "'-5", "' @x", "'tis", '="a"', '\'="a"', "'", "'\u05d0"];
    for (const [index, text] of texts.entries())
      await ann.ask(CreateLead, {
        input: { name: text, phone: `+9725222230${10 + index}`, company: text, notes: text, tags: [text, '=2'] },
      });
    const csv = await (await download(ann, '/leads.csv')).text();
    expect((await bob.ask(ImportLeads, { input: { csv } })).importLeads).toMatchObject({ created: 10, errors: [] });
    const query = '{ leads(first: 20) { edges { node { name phone company notes tags } } } }';
    const edgesOf = async (client: Client) =>
      (await client.ask(query)).leads.edges.toSorted((a: Edge, b: Edge) => a.node.phone.localeCompare(b.node.phone));
    expect(await edgesOf(bob)).toEqual(await edgesOf(ann));
  });

  it('keeps tags with separators, quotes and stars, when it is imported again', async () => {
    const [ann, bob] = [await app.user(), await app.user()];
    const tags = ["לוי, כהן ושות'", 'a; b', 'x|y', 'c:::d', '"quoted"', 'say "hi", dana', '* star', '-5', 'plain'];
    await ann.ask(CreateLead, { input: { name: 'Dana', phone: '+972522222030', tags } });
    const csv = await (await download(ann, '/leads.csv')).text();
    const { importLeads } = await bob.ask(ImportLeads, { input: { csv } });
    expect(importLeads).toMatchObject({ created: 1, errors: [] });
    const { leads } = await bob.ask(Leads, { first: 1 });
    expect(leads.edges[0]?.node.tags).toEqual(tags);
    expect((await bob.ask(ImportLeads, { input: { csv } })).importLeads).toMatchObject({ unchanged: 1, errors: [] });
  });

  it('has those leads only that are asked for, and are the viewer’s', async () => {
    const [ann, bob] = [await app.user(), await app.user()];
    await sql(
      app.database,
      `INSERT INTO leads (id, owner_id, name, phone, language, tags, status)
       SELECT gen_random_uuid(), $1, 'Dana ' || n, '+9725' || (70000000 + n), 'he', '{}',
         (CASE WHEN n <= 700 THEN 'WON' ELSE 'NEW' END)::lead_status FROM generate_series(1, 1200) n`,
      [Buffer.from(ann.id, 'base64url').toString().slice('User:'.length)],
    );
    const lines = async (owner: Client, path: string) =>
      (await (await download(owner, path)).text()).trim().split('\r\n').length - 1;
    expect(await lines(ann, '/leads.csv')).toBe(1200);
    expect(await lines(ann, '/leads.csv?status=WON')).toBe(700);
    expect(await lines(ann, '/leads.csv?status=NEW&status=WON')).toBe(1200);
    expect(await lines(ann, '/leads.csv?status=CONTACTED&status=NEW')).toBe(500);
    expect(await lines(ann, '/leads.csv?search=Dana%20119')).toBe(11);
    expect(await lines(bob, '/leads.csv')).toBe(0);
    expect(await lines(ann, '/calls.csv')).toBe(0);
  });

  it('is for whoever has a key, and asks for what there is', async () => {
    const ann = await app.user();
    const writer = await app.user({ scopes: ['WRITE'] });
    expect((await download({ key: '' }, '/leads.csv')).status).toBe(401);
    expect((await download(writer, '/leads.csv')).status).toBe(403);
    for (const path of [
      '/leads.csv?status=MAYBE',
      '/leads.csv?status=constructor',
      '/calls.csv?from=yesterday',
      '/calls.csv?from=2026-03-01T09:30:00',
      '/calls.csv?to=2026-02-30',
      '/calls.csv?from=0000-01-01',
      '/calls.csv?campaignId=x',
    ])
      expect((await download(ann, path)).status).toBe(400);
    const posted = await fetch(`${app.parley.url}/calls.csv`, {
      method: 'POST',
      headers: { authorization: `Bearer ${ann.key}` },
    });
    expect(posted.status).toBe(405);
  });
});
