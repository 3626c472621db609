import { describe, expect, it } from 'vitest';
import type { ImportLeadsInput } from '../generated/graphql.ts';
import type { Client } from '../support/client.ts';
import { newPhone } from '../support/fixtures.ts';
import { CreateLead, ImportLeads, Leads, SetWorkingHours } from '../support/operations.ts';
import { useParley } from '../support/use-parley.ts';

const on = { postgres: useParley({ on: 'postgres' }), embedded: useParley({ on: 'embedded' }) };

async function importCsv(owner: Client, csv: string, more: Partial<ImportLeadsInput> = {}) {
  const { importLeads } = await owner.ask(ImportLeads, { input: { csv, defaultLanguage: 'he', ...more } });
  return importLeads as NonNullable<typeof importLeads>;
}

const leadsOf = async (owner: Client) =>
  (await owner.ask(Leads, { first: 100 })).leads.edges
    .map(({ node }) => node)
    .sort((a, b) => (a.phone < b.phone ? -1 : 1));

describe.each(['postgres', 'embedded'] as const)('a file of leads on the %s database', (database) => {
  const app = { user: () => on[database].user() };

  it('is read with Hebrew headers, semicolons, a byte order mark, quotes and lines in cells', async () => {
    const ann = await app.user();
    const csv =
      '\ufeff"שם מלא";"מס\' טלפון";טלפון נייד;חברה;הערות;תגיות\r\n' +
      'דנה לוי;x;052-234-5678;לביא בע"מ;"שורה\r\nעוד ""שורה""";VIP,חם\r\n' +
      '\r\n' +
      '"כהן; גיל";;="+972541234567";;;\r\n';
    const result = await importCsv(ann, csv);
    expect(result).toMatchObject({ created: 2, updated: 0, refused: 0, errors: [], ignoredColumns: [] });
    expect(await leadsOf(ann)).toMatchObject([
      {
        name: 'דנה לוי',
        phone: '+972522345678',
        company: 'לביא בע"מ',
        notes: 'שורה\nעוד "שורה"',
        tags: ['vip', 'חם'],
        language: 'he',
        timeZone: 'Asia/Jerusalem',
      },
      { name: 'כהן; גיל', phone: '+972541234567', company: null },
    ]);
  });

  it('keeps the good rows, and reports every bad one by its line and column', async () => {
    const ann = await app.user();
    const csv = [
      'Name\tPhone\tE-mail\tStatus\tConsent date\tTime zone',
      'Good\t+972522345678\tgood@example.com\tcontacted\t2026-03-31\tasia/jerusalem',
      'Rounded\t9.7254E+11',
      'Short\t052234567',
      '\t+972522345671',
      'Bad mail\t+972522345672\tnot an address',
      'Bad status\t+972522345673\t\tno more calls',
      'Bad date\t+972522345674\t\t\t03/04/2026',
      'Bad zone\t+972522345675\t\t\t\tIST',
      'Again\t052 234 5678',
      "Apostrophe\t'+972522345676",
      'Lost zero\t522345677',
    ].join('\n');
    const { errors, ...counts } = await importCsv(ann, csv);
    expect(counts).toMatchObject({ created: 4, updated: 0, refused: 7 });
    expect(errors.map(({ row, field }) => [row, field])).toEqual([
      [3, 'phone'],
      [4, 'phone'],
      [5, 'name'],
      [6, 'email'],
      [7, 'status'],
      [8, 'consentAt'],
      [9, 'timeZone'],
      [10, 'phone'],
    ]);
    expect(errors[0]?.message).toMatch(/digits are lost/);
    expect((await leadsOf(ann)).map(({ name }) => name)).toEqual(['Bad mail', 'Apostrophe', 'Lost zero', 'Good']);
  });

  it.each([
    [
      'of an address book',
      'First Name,Last Name,Organization Name,E-mail 1 - Value,Phone 1 - Label,Phone 1 - Value,Phone 2 - Value',
      'Dana,Levi,Lavi,dana@example.com,Home,,052-234-5678',
    ],
    [
      'of advertisements',
      'id\tcreated_time\tfull_name\tphone_number\temail\tcompany_name',
      'l:1\t2026-11-01\tDana Levi\tp:+972522345678\tdana@example.com\tLavi',
    ],
    [
      'of a mail program',
      'First Name,Last Name,Company,E-mail Address,Business Phone,Home Phone,Mobile Phone',
      'Dana,Levi,Lavi,dana@example.com,none,,052-2345678 (mobile)',
    ],
    [
      'of a sales program',
      'Person - Name,Person - Email - Work,Person - Phone - Work,Person - Phone - Mobile,Organization - Name',
      'Dana Levi,dana@example.com,,0522345678,Lavi',
    ],
    [
      'of a report of leads, with the times of consents',
      '"Lead ID","First Name","Last Name","Company / Account","Email","Phone","Lead Status","Consent Date"',
      '"00Q1","Dana","Levi","Lavi","dana@example.com","(052) 234-5678","Sales Qualified Lead","2026-03-31T10:00:00.000+0000"',
    ],
    [
      'of a report of contacts',
      'Full Name,Account Name,Email,Phone,Status',
      'Dana Levi,Lavi,dana@example.com,+972522345678,Working on it',
    ],
    [
      'of a form of advertisements, with what became of the lead there',
      'id\tplatform\temail\tfull_name\tphone_number\tcompany_name\tlead_status',
      'l:1\tfb\tdana@example.com\tDana Levi\tp:+972522345678\tLavi\tCREATED',
    ],
    [
      'of advertisements of another network',
      'Lead ID,Full Name,User Email,User Phone,Company name',
      '1,Dana Levi,dana@example.com,+972522345678,Lavi',
    ],
    [
      'of a database of businesses, where only the company has a number',
      'First Name,Last Name,Company Name,Email,Work Direct Phone,Mobile Phone,Corporate Phone,Do Not Call',
      "Dana,Levi,Lavi,dana@example.com,,,'+972 52-234-5678,false",
    ],
    [
      'of a form',
      "#,What's your name?,What is your phone number?,Your email,Company",
      '1,Dana Levi,052-2345678,dana@example.com,Lavi',
    ],
    ['in Hebrew', "שם,מס' טלפון,טלפון בבית,נייד,חברה,אימייל", 'Dana Levi,,,נייד: 052-2345678;,Lavi,dana@example.com'],
  ])('is taken as other programs write it: %s', async (_of, header, row) => {
    const ann = await app.user();
    expect(await importCsv(ann, `${header}\n${row}\n`)).toMatchObject({ created: 1, errors: [] });
    const lead = { name: 'Dana Levi', phone: '+972522345678', email: 'dana@example.com', company: 'Lavi' };
    expect(await leadsOf(ann)).toMatchObject([lead]);
  });

  it('takes today by the clock of the user, or of anywhere if that is unknown, and no day after', async () => {
    const ann = await app.user();
    const day = (zone: string, days = 0) =>
      new Intl.DateTimeFormat('sv', { timeZone: zone }).format(Date.now() + days * 86_400_000);
    const read = async (date: string) => {
      const csv = `name,phone,consent\nDana,${newPhone()},${date}\n`;
      return (await importCsv(ann, csv)).errors.map(({ field, message }) => `${field}: ${message}`);
    };
    const inFuture = 'consentAt: This is in the future; give when it happened.';
    const earliest = 'Pacific/Kiritimati';
    expect(await read(day(earliest))).toEqual([]);
    expect(await read(day(earliest, 1))).toEqual([inFuture]);
    for (const timeZone of ['Asia/Jerusalem', 'Pacific/Pago_Pago', earliest]) {
      const hours = { start: '09:00', end: '17:00', days: [1], timeZone };
      await ann.ask(SetWorkingHours, { hours });
      expect(await read(day(timeZone))).toEqual([]);
      expect(await read(day('UTC', 1))).toEqual(day(timeZone) > day('UTC') ? [] : [inFuture]);
    }
    const { leads } = await ann.ask('{ leads(first: 10) { edges { node { consentAt } } } }');
    for (const { node } of leads.edges) expect(Date.parse(node.consentAt)).toBeLessThanOrEqual(Date.now());
  });

  it('has the first number of a row that is one, and reports the first where none is', async () => {
    const ann = await app.user();
    const { created, errors } = await importCsv(
      ann,
      'name,phone,mobile\nDana,03-1,052-2345678\nGil,052-2345671,054-2345671\nRon,12,34\n',
    );
    expect({ created, errors }).toMatchObject({ created: 2, errors: [{ row: 4, field: 'phone' }] });
    expect((await leadsOf(ann)).map(({ phone }) => phone)).toEqual(['+972522345671', '+972522345678']);
  });

  it('has the first of several columns that mean the same which is not empty', async () => {
    const ann = await app.user();
    const csv = [
      'Name,Phone,Work Email,Email,Organization Name,Company,First name,Contact Name',
      'Dana Levi,0522345671,,dana@example.com,,Lavi,Dana,',
      ',0522345672,work@example.com,home@example.com,Arad,Lavi,Gil,Gil Bar',
    ].join('\n');
    expect(await importCsv(ann, csv)).toMatchObject({
      created: 2,
      updated: 0,
      refused: 0,
      errors: [],
      ignoredColumns: [],
    });
    expect(await leadsOf(ann)).toMatchObject([
      { name: 'Dana Levi', email: 'dana@example.com', company: 'Lavi' },
      { name: 'Gil Bar', email: 'work@example.com', company: 'Arad' },
    ]);
  });

  it('loses no row to another number of it that is garbled, and reports the one that would be called', async () => {
    const ann = await app.user();
    const csv = 'name,phone,mobile\nDana,0522345678,??\nGil,??,0522345671\nRon,??,\n';
    const { created, errors } = await importCsv(ann, csv);
    expect({ created, errors }).toMatchObject({ created: 2, errors: [{ row: 4, field: 'phone' }] });
    expect(errors[0]?.message).toMatch(/question marks/);
  });

  it('calls a number that is headed as no more than that only where no other column has one', async () => {
    const ann = await app.user();
    const { created, errors, ignoredColumns } = await importCsv(ann, 'name,phone,number\nDana,,522345678\n');
    expect({ created, errors, ignoredColumns }).toMatchObject({
      created: 0,
      errors: [{ row: 2, field: 'phone', message: 'This is missing.' }],
      ignoredColumns: ['number'],
    });
    expect(await importCsv(ann, 'name,number\nDana,522345678\n')).toMatchObject({ created: 1, ignoredColumns: [] });
  });

  it('keeps rows whose language is not known, and reports them', async () => {
    const ann = await app.user();
    const csv = [
      'name,phone,language',
      'Greta,+4915112345678,German',
      'Gil,+972522345678,גרמנית',
      'Kor,+972522345671,klingon',
      'דנה,+972522345672,שפת סתרים',
      'Bad,052,klingon',
    ].join('\n');
    const { errors, ...counts } = await importCsv(ann, csv);
    expect(counts).toMatchObject({ created: 4, updated: 0 });
    expect(errors.map(({ row, field }) => [row, field])).toEqual([
      [4, 'language'],
      [5, 'language'],
      [6, 'phone'],
    ]);
    const languages = (await leadsOf(ann)).map(({ name, language }) => [name, language]);
    expect(Object.fromEntries(languages)).toEqual({ Greta: 'de', Gil: 'de', Kor: 'he', דנה: 'he' });
    await importCsv(ann, 'name,phone,language\nGreta,+4915112345678,klingon\n');
    expect((await leadsOf(ann)).find(({ name }) => name === 'Greta')?.language).toBe('de');
  });

  it.each([
    ['Do Not Call', ['1', 'TRUE', 'yes', '2026-03-31'], ['0', 'false', 'No', '']],
    ['Do not allow Phone Calls', ['Do Not Allow'], ['Allow']],
    ['לא להתקשר', ['כן', 'לא להתקשר'], ['לא', '']],
  ])('has who is not to be called by a column of its own, as other programs write it: %s', async (heading, yes, no) => {
    const ann = await app.user();
    const cells = [...yes, ...no];
    const lines = cells.map((cell, index) => `Lead ${index},05223456${10 + index},new,${cell}`);
    const csv = `name,phone,status,${heading}\n${lines.join('\n')}\n`;
    expect(await importCsv(ann, csv)).toMatchObject({
      created: cells.length,
      updated: 0,
      refused: 0,
      errors: [],
      ignoredColumns: [],
    });
    expect((await leadsOf(ann)).map(({ status }) => status)).toEqual([
      ...yes.map(() => 'DO_NOT_CALL'),
      ...no.map(() => 'NEW'),
    ]);
  });

  it('reads the statuses of HubSpot, Salesforce and Zoho, and of Hebrew', async () => {
    const ann = await app.user();
    const statuses = [
      ['OPEN_DEAL', 'QUALIFIED'],
      ['Attempted to contact', 'CONTACTED'],
      ['Open - Not Contacted', 'NEW'],
      ['Closed - Not Converted', 'LOST'],
      ['Closed - Converted', 'WON'],
      ['Junk Lead', 'LOST'],
      ['Do not contact', 'DO_NOT_CALL'],
      ['meeting booked', 'MEETING_BOOKED'],
      ['לא מעוניין', 'LOST'],
      ['להסרה!', 'DO_NOT_CALL'],
    ];
    const rows = statuses.map(([status], index) => `L${index},052234570${index},${status}`);
    const csv = `name,phone,Lead Status\n${rows.join('\n')}\n`;
    expect((await importCsv(ann, csv)).errors).toEqual([]);
    const found = Object.fromEntries((await leadsOf(ann)).map(({ name, status }) => [name, status]));
    expect(statuses.map((_pair, index) => found[`L${index}`])).toEqual(statuses.map(([, status]) => status));
  });

  it('passes over the statuses of boards that mean nothing here, but none that is not known, as it may ask for no calls', async () => {
    const ann = await app.user();
    const passed = ['Done', 'Stuck', 'Waiting for review', 'Lukewarm', '-', 'בוצע', 'תקוע', 'ממתין לאישור', 'VIP'];
    const known = ['Working on it', 'Not Started', 'To-do', 'No answer', 'עובדים על זה', 'לא התחיל'];
    const doubtful = [
      "Don't phone",
      'STOP!',
      'Unsubscribed',
      'Nie dzwonić',
      'no llame',
      'ביקשה הסרה',
      'שלא נתקשר',
      'Больше не звонить',
      'Baja',
      'Ghosted',
      '3',
      '🚫',
      '⛔ ❌',
      '!!!',
    ];
    const rows = [...passed, ...known, ...doubtful].map(
      (status, index) => `L${index},0522345${600 + index},d@example.com,"${status}"`,
    );
    const { errors, ...counts } = await importCsv(ann, `name,phone,email,Status\n${rows.join('\n')}\n`);
    expect(counts).toMatchObject({ created: passed.length + known.length, refused: doubtful.length });
    expect(errors).toEqual(
      [...passed, ...known, ...doubtful].flatMap((status, index) =>
        known.includes(status)
          ? []
          : [
              {
                row: index + 2,
                field: 'status',
                message: expect.stringContaining(index < passed.length ? 'passed over' : 'may ask for no calls'),
              },
            ],
      ),
    );
    const found = Object.fromEntries((await leadsOf(ann)).map(({ name, status }) => [name, status]));
    expect(passed.map((_status, index) => found[`L${index}`])).toEqual(passed.map(() => 'NEW'));
    expect(known.map((_status, index) => found[`L${passed.length + index}`])).toEqual([
      'CONTACTED',
      'NEW',
      'NEW',
      'CONTACTED',
      'CONTACTED',
      'NEW',
    ]);
  });

  it('obeys a refusal in any of several columns of statuses, or of those for refusals', async () => {
    const ann = await app.user();
    const rows = [
      'Dana,0522345671,Done,Do not call,,',
      'Gil,0522345672,New,DNC,no,-',
      'Tal,0522345673,Contacted,,,☑',
      'Rut,0522345674,Stuck,Contacted,☐,-',
      'Noa,0522345675,New,,perhaps,yes',
      'Avi,0522345676,New,Ghosted,no,no',
      'Lia,0522345677,New,,🚫,no',
    ];
    const { errors, ...counts } = await importCsv(
      ann,
      `Name,Phone,Stage,Status,Do not call,Opted out\n${rows.join('\n')}\n`,
    );
    expect(counts).toMatchObject({ created: 5, refused: 2 });
    expect(errors.map(({ row, field }) => [row, field])).toEqual([
      [2, 'status'],
      [5, 'status'],
      [7, 'status'],
      [8, 'status'],
    ]);
    const found = Object.fromEntries((await leadsOf(ann)).map(({ name, status }) => [name, status]));
    expect(found).toEqual({
      Dana: 'DO_NOT_CALL',
      Gil: 'DO_NOT_CALL',
      Tal: 'DO_NOT_CALL',
      Rut: 'CONTACTED',
      Noa: 'DO_NOT_CALL',
    });
  });

  it('refuses calls for a row whose status is not known, and reports what may be a refusal or not', async () => {
    const ann = await app.user();
    const csv = 'name,phone,lead status,dnc\nDana,0522345671,Lukewarm,yes\nGil,0522345672,,perhaps\n';
    const { created, errors } = await importCsv(ann, csv);
    expect({ created, errors }).toMatchObject({ created: 1, errors: [{ row: 3, field: 'status' }] });
    expect(await leadsOf(ann)).toMatchObject([{ name: 'Dana', status: 'DO_NOT_CALL' }]);
  });

  it('takes a refusal of a row in which something else is wrong, also of a lead that is there', async () => {
    const ann = await app.user();
    await importCsv(ann, 'name,phone,email\nDana,0522345671,dana@example.com\n');
    const csv =
      'name,phone,email,consent,dnc\nDana,0522345671,dana at home,2026-02-30,yes\nGil,0522345672,,2026-02-30,no\n';
    const { created, updated, errors } = await importCsv(ann, csv);
    expect({ created, updated, errors }).toMatchObject({
      created: 0,
      updated: 1,
      errors: [
        { row: 2, message: expect.stringContaining('no calls') },
        { row: 3, field: 'consentAt' },
      ],
    });
    expect(await leadsOf(ann)).toMatchObject([{ name: 'Dana', email: 'dana@example.com', status: 'DO_NOT_CALL' }]);
  });

  it('reports a refused number unless its row says the same, however often a file is imported', async () => {
    const ann = await app.user();
    const csv = 'שם,טלפון,לא להתקשר\nדנה,0522345671,כן\nגיל,0522345672,לא\n';
    expect(await importCsv(ann, csv)).toMatchObject({ created: 2, errors: [] });
    expect(await importCsv(ann, csv)).toMatchObject({ created: 0, updated: 2, errors: [] });
    const exported = await fetch(`${on[database].parley.url}/leads.csv`, {
      headers: { authorization: `Bearer ${ann.key}` },
    });
    expect(await importCsv(ann, await exported.text())).toMatchObject({ created: 0, updated: 2, errors: [] });
    for (const said of ['', 'לא'])
      expect(await importCsv(ann, `שם,טלפון,לא להתקשר\nדנה,0522345671,${said}\n`)).toMatchObject({
        errors: [{ row: 2, field: 'phone', message: expect.stringContaining('DO_NOT_CALL') }],
      });
    expect((await ann.ask(Leads, { filter: { statuses: ['DO_NOT_CALL'] } })).leads.edges).toMatchObject([
      { node: { name: 'דנה' } },
    ]);
  });

  it('calls nobody who is not to be called by one of several rows', async () => {
    const ann = await app.user();
    const others = Array.from({ length: 300 }, (_, index) => `Lead ${index},0521${String(index).padStart(6, '0')},`);
    const lines = ['Dana,0522345671,', 'Dana,0522345671,yes', 'Gil,0522345672,', ...others, 'Gil,0522345672,yes'];
    const { created, errors } = await importCsv(ann, `name,phone,dnc\n${lines.join('\n')}\n`);
    expect({ created, rows: errors.map(({ row }: { row: number }) => row) }).toEqual({ created: 302, rows: [3, 305] });
    const refused = (await ann.ask(Leads, { filter: { statuses: ['DO_NOT_CALL'] } })).leads.edges;
    expect(refused.map(({ node }) => node.name).sort()).toEqual(['Dana', 'Gil']);
  });

  it('takes no day that there is not', async () => {
    const ann = await app.user();
    const csv = [
      'name,phone,consent,registry check',
      'Dana,0522345671,2026-02-30,',
      'Gil,0522345672,,2025-02-29T10:00:00+02:00',
      'Ron,0522345673,2024-02-29,2024-02-29 00:30:00+03:00',
      'Ben,0522345674,0000-01-01,',
      'Liv,0522345675,,0001-01-01T00:00:00+14:00',
    ].join('\n');
    const { created, errors } = await importCsv(ann, csv);
    expect({ created, errors }).toMatchObject({
      created: 1,
      errors: [
        { row: 2, field: 'consentAt' },
        { row: 3, field: 'registryCheckedAt' },
        { row: 5, field: 'consentAt' },
        { row: 6, field: 'registryCheckedAt' },
      ],
    });
  });

  it('has its separators told also by a header with quotes in words', async () => {
    const ann = await app.user();
    const csv = 'דוא"ל;שם;טלפון;ת"ז\ndana@example.com;דנה;0522345671;1\n';
    expect(await importCsv(ann, csv)).toMatchObject({
      created: 1,
      updated: 0,
      refused: 0,
      errors: [],
      ignoredColumns: ['ת"ז'],
    });
    const quoted = '"a;b;c;d;e",name,phone\n1,Gil,0522345672\n';
    expect(await importCsv(ann, quoted)).toMatchObject({ created: 1, ignoredColumns: ['a;b;c;d;e'] });
  });

  it.each([
    '+972 52-234-5671 ::: +972 3-612-3458',
    '052-2345671 / 03-6123456',
    '"052-2345671, 03-6123456"',
    '"052-2345671\n03-6123456"',
    '03-612345 / 052-2345671',
  ])('has the first of several numbers in a cell that is one: %s', async (cell) => {
    const ann = await app.user();
    expect(await importCsv(ann, `name,phone\nDana,${cell}\n`)).toMatchObject({ created: 1, errors: [] });
    expect(await leadsOf(ann)).toMatchObject([{ phone: '+972522345671' }]);
  });

  it('loses one row to a quote that is not closed', async () => {
    const ann = await app.user();
    const csv =
      'name,phone\n"Open,+972522345671\nDana,+972522345672\n"Gil ""G"" Bar",+972522345673\nAlso "quoted,+972522345674\n"Late\n';
    const { created, errors } = await importCsv(ann, csv);
    expect(created).toBe(3);
    expect(errors.map(({ row, field }) => [row, field])).toEqual([
      [2, null],
      [6, null],
    ]);
    expect((await leadsOf(ann)).map(({ name }) => name)).toEqual(['Dana', 'Gil "G" Bar', 'Also "quoted']);
  });

  it('has notes of any number of lines, as leads.csv has them', async () => {
    const ann = await app.user();
    const notes = Array.from({ length: 60 }, (_, index) => `שיחה ${index}: "לביא בע"מ", דנה`).join('\n');
    const cell = `"${notes.replaceAll('"', '""')}"`;
    const csv = `name,phone,notes\nDana,0522345671,${cell}\n"Open,0522345672,\nGil,0522345673,"a ""b"""\n`;
    const { created, errors } = await importCsv(ann, csv);
    expect(created).toBe(2);
    expect(errors.map(({ row, field }) => [row, field])).toEqual([[62, null]]);
    expect((await leadsOf(ann)).map((lead) => lead.notes)).toEqual([notes, 'a "b"']);
  });

  it.each(['\\', ']', '^', '-'])('may declare %s as its separator', async (separator) => {
    const ann = await app.user();
    const csv = `sep=${separator}\n${['name', 'phone'].join(separator)}\n${['"Dana ""D"" Bar"', '0522345671'].join(separator)}\n`;
    expect(await importCsv(ann, csv)).toMatchObject({ created: 1, errors: [] });
    expect(await leadsOf(ann)).toMatchObject([{ name: 'Dana "D" Bar', phone: '+972522345671' }]);
  });

  it.each([
    ['lost letters', 'ד\ufffdה'],
    ['question marks', '???? ???'],
    ['one letter of UTF-8 read as windows-1255', 'x ׳©׳ x'],
    ['UTF-8 read as windows-1255', new TextDecoder('windows-1255').decode(Buffer.from('שלום'))],
    ['UTF-8 read as windows-1252', new TextDecoder('windows-1252').decode(Buffer.from('שלום'))],
  ])('stores no garbled text: %s', async (_name, text) => {
    const ann = await app.user();
    const { created, errors } = await importCsv(ann, `name,phone\n${text},+972522345671\nצ׳רלי ג׳ונס,+972522345672\n`);
    expect({ created, errors }).toMatchObject({ created: 1, errors: [{ row: 2, field: 'name' }] });
  });

  it('is merged into leads that are there: fills what is empty, adds tags and notes once, and overwrites nothing', async () => {
    const ann = await app.user();
    await importCsv(
      ann,
      'name,phone,company,language,tags,notes,status\nדנה,0522345678,לביא,en,"vip,חם",התקשרה,\nגיל,0522345679,,,,,CONTACTED\n',
    );
    const csv =
      'name,phone,email,company,language,tags,notes,status\n' +
      'דנה לוי,+972522345678,d@example.com,Other,he,"קר,VIP","חזרה\nפעמיים",CONTACTED\n' +
      'גיל,0522345679,,Arad,,,,WON\nרון,0522345670,,,,,,\nBad,12,,,,,,\n';
    expect(await importCsv(ann, csv)).toMatchObject({ created: 1, merged: 2, unchanged: 0, updated: 2, refused: 1 });
    const merged = await leadsOf(ann);
    expect(merged).toMatchObject([
      { name: 'רון' },
      {
        name: 'דנה',
        email: 'd@example.com',
        company: 'לביא',
        language: 'en',
        tags: ['vip', 'חם', 'קר'],
        notes: 'התקשרה\nחזרה\nפעמיים',
        status: 'CONTACTED',
      },
      { name: 'גיל', company: 'Arad', status: 'CONTACTED' },
    ]);
    expect(await importCsv(ann, csv)).toMatchObject({ created: 0, merged: 0, unchanged: 3, updated: 3, refused: 1 });
    expect(await leadsOf(ann)).toEqual(merged);
  });

  it('renews consents and registry checks, and takes no earlier ones', async () => {
    const ann = await app.user();
    const row = (consent: string, reference: string) =>
      importCsv(ann, `name,phone,consent,consent reference\nDana,0522345678,${consent},${reference}\n`);
    await row('2026-03-31', '');
    expect(await row('2026-03-01', 'form 1')).toMatchObject({ unchanged: 1 });
    expect(await row('2026-03-31', 'form 2')).toMatchObject({ merged: 1 });
    expect(await row('2026-03-31', 'form 3')).toMatchObject({ unchanged: 1 });
    expect(await row('2026-04-30', 'form 4')).toMatchObject({ merged: 1 });
    const { leads } = await ann.ask('{ leads { edges { node { consentAt consentReference } } } }');
    expect(leads.edges).toEqual([{ node: { consentAt: '2026-04-30T00:00:00.000Z', consentReference: 'form 4' } }]);
  });

  it('reports tags and notes for which a lead has no room, and adds the rest of the row', async () => {
    const ann = await app.user();
    const tags = Array.from({ length: 19 }, (_, index) => `tag ${index}`);
    await importCsv(ann, `name,phone,tags,notes\nDana,0522345678,"${tags.join(',')}",${'א'.repeat(9_990)}\n`);
    const csv = `name,phone,company,tags,notes\nDana,0522345678,לביא,"one,two",${'ב'.repeat(10)}\n`;
    const first = await importCsv(ann, csv);
    expect(first).toMatchObject({ merged: 1, refused: 0, errors: [{ field: 'tags' }, { field: 'notes' }] });
    expect(await leadsOf(ann)).toMatchObject([{ company: 'לביא', tags: [...tags, 'one'], notes: 'א'.repeat(9_990) }]);
    expect(await importCsv(ann, csv)).toMatchObject({ merged: 0, unchanged: 1, errors: first.errors });
  });

  it('changes nothing where it is an export of the same leads', async () => {
    const ann = await app.user();
    for (const [index, notes] of [
      '-10%',
      '=1+1',
      ' א\r\n ב ',
      '"מ; ח',
      '@',
      "'=1+1",
      "''-5",
      "'tis",
      '\tתו',
      "'\r\nשורה",
      '="a"',
    ].entries())
      await ann.ask(CreateLead, {
        input: {
          name: `- ${notes}`,
          phone: `05223456${70 + index}`,
          language: 'he',
          notes,
          company: notes,
          tags: ['א', '-b'],
        },
      });
    const before = await leadsOf(ann);
    const exported = await fetch(`${on[database].parley.url}/leads.csv`, {
      headers: { authorization: `Bearer ${ann.key}` },
    });
    expect(await importCsv(ann, await exported.text())).toMatchObject({ created: 0, unchanged: 11, errors: [] });
    expect(await leadsOf(ann)).toEqual(before);
  });

  it('has its columns named below titles, which are told', async () => {
    const ann = await app.user();
    const csv = 'דוח לידים;;\n\n"נכון להיום, 10:00";;\nשם;טלפון;חברה\nדנה;0522345678;לביא\n';
    const { created, errors } = await importCsv(ann, csv);
    const titles = [1, 3].map((row) => ({
      row,
      field: null,
      message: expect.stringMatching(/^This line stands above/),
    }));
    expect({ created, errors }).toMatchObject({ created: 1, errors: titles });
    expect(await leadsOf(ann)).toMatchObject([{ name: 'דנה', company: 'לביא' }]);
  });

  it.each([
    [
      'French',
      'Nom;Prénom;N° de téléphone;Courriel;Société;Remarques;Ne pas appeler',
      'Levi;Dana;0522345678;d@example.com;Lavi;ok;non',
    ],
    [
      'German',
      'Name;Vorname;Telefonnr.;E-Mail-Adresse;Firma;Bemerkungen;Nicht anrufen',
      'Levi;Dana;0522345678;d@example.com;Lavi;ok;nein',
    ],
    [
      'Spanish',
      'Nombre;Apellidos;Teléfono móvil;Correo electrónico;Empresa;Observaciones;No llamar',
      'Dana;Levi;0522345678;d@example.com;Lavi;ok;no',
    ],
    [
      'Russian',
      'Имя;Фамилия;Мобильный;Эл. почта;Компания;Примечание;Не звонить',
      'Dana;Levi;0522345678;d@example.com;Lavi;ok;нет',
    ],
    [
      'Arabic',
      'الاسم;اسم العائلة;رقم الجوال;البريد الإلكتروني;اسم الشركة;ملاحظات;عدم الاتصال',
      'Dana;Levi;0522345678;d@example.com;Lavi;ok;لا',
    ],
    [
      'French, with whole names',
      'Nom complet,Téléphone,E-mail,Entreprise,Commentaires,Ville',
      'Dana Levi,0522345678,d@example.com,Lavi,ok,Lyon',
    ],
  ])('is read with %s headings', async (_language, header, row) => {
    const ann = await app.user();
    const { created, errors } = await importCsv(ann, `${header}\n${row}\n`);
    expect({ created, errors }).toEqual({ created: 1, errors: [] });
    expect(await leadsOf(ann)).toMatchObject([
      {
        name: 'Dana Levi',
        phone: '+972522345678',
        email: 'd@example.com',
        company: 'Lavi',
        notes: 'ok',
        status: 'NEW',
      },
    ]);
  });

  it.each([
    ['Statut', 'Ne pas appeler', 'DO_NOT_CALL'],
    ['Nicht anrufen', 'Ja', 'DO_NOT_CALL'],
    ['No llamar', 'Sí', 'DO_NOT_CALL'],
    ['Статус', 'В работе', 'CONTACTED'],
    ['الحالة', 'غير مهتم', 'LOST'],
  ])('takes the status of a row in its language: %s, %s', async (heading, value, status) => {
    const ann = await app.user();
    await importCsv(ann, `name,phone,${heading}\nDana,0522345678,${value}\n`);
    expect(await leadsOf(ann)).toMatchObject([{ status }]);
  });

  it('has the columns of each group of a board named again, with a title above; both are reported', async () => {
    const ann = await app.user();
    const csv =
      'Leads 2026,,\nNew,,\nName,Phone,Company\nDana,0522345671,Lavi\n\nבטיפול,,\nName,Company,Phone\nGil,Tal,0522345672\n,,\n';
    const { created, errors } = await importCsv(ann, csv);
    expect(created).toBe(2);
    expect(errors.map(({ row, field, message }) => [row, field, message])).toEqual([
      [1, null, expect.stringMatching(/stands above/)],
      [2, null, expect.stringMatching(/stands above/)],
      [6, null, expect.stringMatching(/title of a group/)],
      [7, null, expect.stringMatching(/names the columns again/)],
    ]);
    expect((await leadsOf(ann)).map(({ name, company }) => [name, company])).toEqual([
      ['Dana', 'Lavi'],
      ['Gil', 'Tal'],
    ]);
  });

  it('has tags as address books and mail programs write them', async () => {
    const ann = await app.user();
    await importCsv(ann, 'name,phone,tags\nDana,0522345671,* friends ::: work\nGil,0522345672,"""vip one"",""new"""\n');
    expect((await leadsOf(ann)).map(({ tags }) => tags)).toEqual([
      ['friends', 'work'],
      ['vip one', 'new'],
    ]);
  });

  it('has a header with a name and a phone', async () => {
    const ann = await app.user();
    for (const csv of ['', '\n\n', 'Dana,+972522345678\n', 'name,city\nDana,Haifa\n']) {
      const { errors } = await ann.send(ImportLeads, { input: { csv } });
      expect(errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT', field: 'input.csv' } }]);
    }
  });

  it('is its sender’s, and the same twice', async () => {
    const [ann, bob] = [await app.user(), await app.user()];
    const csv = 'first name,last name,phone\nDana,Levi,+972522345678\n';
    const once = await importCsv(ann, csv, { idempotencyKey: 'file' });
    expect(await importCsv(ann, csv, { idempotencyKey: 'file' })).toEqual(once);
    expect(once.created).toBe(1);
    expect((await leadsOf(ann)).map(({ name }) => name)).toEqual(['Dana Levi']);
    expect(await leadsOf(bob)).toEqual([]);
  });
});

describe.each(['postgres', 'embedded'] as const)('an upload of leads on the %s database', (database) => {
  const app = { user: () => on[database].user() };

  const upload = (owner: Client, body: string | Buffer, type = 'text/csv', query = '?defaultLanguage=he') =>
    fetch(`${on[database].parley.url}/leads${query}`, {
      method: 'POST',
      headers: { authorization: `Bearer ${owner.key}`, 'content-type': type },
      body: typeof body === 'string' ? body : new Uint8Array(body),
    });

  const HEBREW = 'שם,טלפון\nדנה,0522345678\n';
  /** Hebrew letters and ASCII alone. */
  const windows1255 = (text: string) =>
    Buffer.from(Array.from(text, (char) => (char >= 'א' ? char.charCodeAt(0) - 0x5d0 + 0xe0 : char.charCodeAt(0))));

  it.each([
    ['UTF-8', Buffer.from(HEBREW)],
    ['UTF-16 with tabs', Buffer.from(`\ufeff${HEBREW.replaceAll(',', '\t')}`, 'utf16le')],
    ['UTF-16 without a byte order mark', Buffer.from(HEBREW, 'utf16le')],
    ['UTF-16 of the other byte order without a mark', Buffer.from(HEBREW, 'utf16le').swap16()],
    ['windows-1255', windows1255(HEBREW)],
    ['windows-1255, nearly all of it ASCII', windows1255(`name,phone\nדנה,0522345678\n${'\n'.repeat(5_000)}`)],
  ])('is read as %s', async (_name, body) => {
    const ann = await app.user();
    const response = await upload(ann, body);
    expect(response.status).toBe(200);
    expect(await response.json()).toMatchObject({ created: 1, updated: 0, refused: 0, errors: [], ignoredColumns: [] });
    expect(await leadsOf(ann)).toMatchObject([{ name: 'דנה', phone: '+972522345678' }]);
  });

  it.each([
    ['French', 'Zoé Lefèvre'],
    ['German', 'Jörg Weiß'],
    ['Spanish', 'Íñigo Muñoz'],
    ['Portuguese', 'João Conceição'],
  ])('in windows-1252 keeps names in %s', async (_language, name) => {
    const ann = await app.user();
    const response = await upload(ann, Buffer.from(`name,phone\n${name},0522345678\n`, 'latin1'));
    expect(await response.json()).toMatchObject({ created: 1, errors: [] });
    expect(await leadsOf(ann)).toMatchObject([{ name }]);
  });

  it.each([
    ['a workbook', Buffer.from('PK\x03\x04\x14\0\x06\0'), /workbook of Excel.* as CSV/],
    [
      'an older workbook',
      Buffer.from([0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1]),
      /workbook of an older Excel.* as CSV/,
    ],
    ['a page that is called a workbook', Buffer.from('<html><table></table></html>'), /HTML.* as CSV/],
    ['JSON', Buffer.from('[{"name":"Dana"}]'), /JSON: .* as CSV/],
    ['vCard', Buffer.from('BEGIN:VCARD\nFN:Dana\nEND:VCARD\n'), /vCard.* as CSV/],
  ])('that is %s is refused by its name', async (_name, body, message) => {
    const ann = await app.user();
    const response = await upload(ann, body, 'application/vnd.ms-excel');
    expect(await response.json()).toMatchObject({
      errors: [{ message: expect.stringMatching(message), extensions: { code: 'BAD_USER_INPUT' } }],
    });
  });

  it('in UTF-8 of which a byte was lost loses the row that had it, and is no windows-1255', async () => {
    const ann = await app.user();
    const whole = Buffer.from('שם,טלפון,חברה\nנועה,0522345679,רחוב\nדנה,0522345678,מאפיית הגליל\n');
    const response = await upload(ann, whole.subarray(0, -2)); // the last letter is cut, with the line's end
    expect(await response.json()).toMatchObject({
      created: 1,
      errors: [{ row: 3, message: expect.stringMatching(/^Some letters are lost/) }],
    });
    expect(await leadsOf(ann)).toMatchObject([{ name: 'נועה', company: 'רחוב' }]);
  });

  it('takes 10,000 rows, and no more', async () => {
    const ann = await app.user();
    const rows = Array.from({ length: 10_000 }, (_, index) => `ליד ${index},05223${String(10_000 + index)}`);
    const response = await upload(ann, `שם,טלפון\n${rows.join('\n')}\n`);
    expect(await response.json()).toMatchObject({ created: 10_000, errors: [] });
    expect((await ann.ask(Leads, { filter: { search: 'ליד 9999' } })).leads.totalCount).toBe(1);
    const more = await upload(ann, `שם,טלפון\n${rows.join('\n')}\nעוד,0522399999\n`);
    expect(await more.json()).toMatchObject({ errors: [{ extensions: { code: 'BAD_USER_INPUT' } }] });
  }, 60_000);

  it('needs a key, and a type that is CSV', async () => {
    const ann = await app.user();
    expect((await upload({ key: '' } as Client, HEBREW)).status).toBe(401);
    expect((await upload(ann, HEBREW, 'application/json')).status).toBe(415);
  });
});
