import type { ImportedLeads } from '#domain/sales/import/import-leads.ts';
import { MAX_IMPORT_ROWS, MAX_JOB_ROWS } from '#domain/sales/import/read-lead-file.ts';
import type { RowError } from '#domain/sales/import/read-row.ts';
import { DEFAULT_LANGUAGE } from '#domain/sales/leads.ts';
import * as resolvers from '#resolvers/leads.ts';
import { builder } from './builder.ts';
import { digits, type InputFields, idempotencyKey } from './inputs.ts';

const ImportRowError = builder.objectRef<RowError>('ImportRowError').implement({
  description: 'An error in a row of a file.',
  fields: (t) => ({
    row: t.exposeInt('row', { description: 'The number of the line in which the row begins, from 1.' }),
    field: t.exposeString('field', {
      nullable: true,
      description: 'The field of the lead whose column is invalid; null if the error concerns the whole row.',
    }),
    message: t.exposeString('message', { description: 'An explanation of the error for people, with what to do.' }),
  }),
});

builder.relayMutationField(
  'importLeads',
  {
    description: `A CSV file of leads. Upload a file that is larger than a request may be, or not in UTF-8, to \`POST /leads\`; one with up to ${digits(MAX_JOB_ROWS)} rows to \`POST /leads/imports\`, which starts the job IMPORT_LEADS.`,
    inputFields: (t: InputFields) => ({
      csv: t.string({
        required: true,
        description: `CSV text with at most ${digits(MAX_IMPORT_ROWS)} rows, separated by commas, semicolons, tabs or vertical bars. One of the first ten lines is the header, with column names in English or Hebrew; \`name\` and \`phone\` are required.`,
      }),
      defaultLanguage: t.string({
        defaultValue: DEFAULT_LANGUAGE,
        description:
          'The language of leads whose rows have none, as a BCP 47 tag. Phone numbers without a country code are read as numbers of a country where it is spoken.',
      }),
      defaultTimeZone: t.string({
        description:
          'The IANA time zone of new leads whose rows have none. Default: the time zone of their phone numbers.',
      }),
      idempotencyKey: idempotencyKey(t),
    }),
  },
  {
    description:
      'Creates leads from the rows of a CSV file. A row whose phone number belongs to an existing lead is merged into it: its new tags are added, empty fields are filled, notes that the lead lacks are appended, and a later consent or registry check replaces an earlier one; nothing else that the lead has is changed, except for the status NEW. Importing the same file again changes nothing. Invalid rows are reported and skipped; a row with an unknown language, a malformed e-mail address, or a status of a board that means nothing here (`Done`) is reported and imported without it. An import never lifts the status DO_NOT_CALL, and reports such rows. Errors: IDEMPOTENCY_CONFLICT.',
    resolve: resolvers.importLeads,
  },
  {
    description: 'The result of an import of leads.',
    outputFields: (t) => ({
      created: t.int({
        description: 'The number of leads that were created.',
        resolve: (result: ImportedLeads) => result.created,
      }),
      updated: t.int({
        description:
          'The number of rows whose phone number belongs to an existing lead: `merged` and `unchanged` together.',
        resolve: (result: ImportedLeads) => result.updated,
      }),
      merged: t.int({
        description: 'The number of rows that added something to an existing lead.',
        resolve: ({ merged = 0 }: ImportedLeads) => merged,
      }),
      unchanged: t.int({
        description: 'The number of rows whose lead exists, and has all that the row says.',
        resolve: ({ unchanged = 0 }: ImportedLeads) => unchanged,
      }),
      refused: t.int({
        description: 'The number of rows that were not imported; `errors` says why.',
        resolve: ({ refused = 0 }: ImportedLeads) => refused,
      }),
      errors: t.field({
        type: [ImportRowError],
        description: 'The errors in rows, in the order of the file.',
        resolve: (result: ImportedLeads) => result.errors,
      }),
      ignoredColumns: t.stringList({
        description: 'The names of unknown columns, which were ignored.',
        resolve: (result: ImportedLeads) => result.ignoredColumns,
      }),
    }),
  },
);
