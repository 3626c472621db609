import { createServer } from 'node:http';
import pg from 'pg';
import { readSearches } from './recorded-searches.ts';
import { conversationOf, SCENARIOS } from './scenarios.ts';

// What the fastest of servers would do: node:http, one prepared statement, whose JSON text is the answer; before it, where
// memories are searched, the statements of the search.
// Run as `node bench/support/bare-server.ts SCENARIO` with DATABASE_URL; says its port on standard output.

const scenario = SCENARIOS[Number(process.argv[2])];
if (!scenario) throw new Error('Give the number of a scenario.');
const { statement, parameters, searches: runsSearch } = scenario;
const pool = new pg.Pool({ connectionString: process.env.DATABASE_URL, max: 10 });
const searches = await readSearches(async (text, values) => (await pool.query(text, [...values])).rows);
const json = { 'content-type': 'application/json; charset=utf-8' };

const server = createServer((request, response) => {
  const chunks: Buffer[] = [];
  request.on('data', (chunk: Buffer) => chunks.push(chunk));
  request.on('end', async () => {
    if (statement === null) return response.writeHead(200, json).end('{"data":{"__typename":"Query"}}');
    const { variables } = JSON.parse(Buffer.concat(chunks).toString());
    const username = String(request.headers['x-act-as']);
    const search = searches.get(username);
    for (const { text, values } of (runsSearch && search?.statements) || []) await pool.query(text, values);
    const target = { username, conversationId: conversationOf(variables), ...(search ? { search } : {}) };
    const { rows } = await pool.query({ name: 'answer', text: statement, values: parameters(target) });
    return response.writeHead(200, json).end(rows[0].body);
  });
});
server.listen(0, '127.0.0.1', () => process.stdout.write(`${(server.address() as { port: number }).port}\n`));
