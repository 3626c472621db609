import type { ImportedLeads } from '#domain/sales/import/import-leads.ts';
import { MAX_IMPORT_ROWS, MAX_JOB_ROWS } from '#domain/sales/import/read-lead-file.ts';
import type { RowError } from '#domain/sales/import/read-row.ts';
import { DEFAULT_LANGUAGE } from '#domain/sales/leads.ts';
import * as resolvers from '#resolvers/leads.ts';
import { builder } from './builder.ts';
import { digits, type InputFields, idempotencyKey } from './inputs.ts';

const ImportRowError = builder.objectRef<RowError>('ImportRowError').implement({
  description: 'Something that is wrong with a row of a file.',
  fields: (t) => ({
    row: t.exposeInt('row', { description: 'The line of the file that the row begins in; the header is in line 1.' }),
    field: t.exposeString('field', {
      nullable: true,
      description: 'The column at fault, by the name of the field of a lead; null where it is the whole row.',
    }),
    message: t.exposeString('message', { description: 'What is wrong, in a sentence that says what to do.' }),
  }),
});

builder.relayMutationField(
  'importLeads',
  {
    description: `A file of leads. One that is larger than a request may be, or in another encoding, is sent to \`POST /leads\`; one of more rows, up to ${digits(MAX_JOB_ROWS)}, to \`POST /leads/imports\`, for the job IMPORT_LEADS.`,
    inputFields: (t: InputFields) => ({
      csv: t.string({
        required: true,
        description: `CSV whose first line, or one of the nine below it, names the columns, in English or Hebrew, with \`name\` and \`phone\` among them; separated by commas, semicolons, tabs or bars. At most ${digits(MAX_IMPORT_ROWS)} rows.`,
      }),
      defaultLanguage: t.string({
        defaultValue: DEFAULT_LANGUAGE,
        description:
          'The language of leads whose rows name none, by BCP 47; phone numbers without a country are of a country that it is spoken in.',
      }),
      defaultTimeZone: t.string({
        description: 'The IANA zone of new leads whose rows name none; that of their numbers where it is left out.',
      }),
      idempotencyKey: idempotencyKey(t),
    }),
  },
  {
    description:
      'Creates leads by the rows of a CSV file, and changes those that have the phone numbers already: what a row leaves empty stays. Every bad row is reported, the good ones are kept, also one whose language is not known, without it. No import lifts DO_NOT_CALL: such rows are reported, and the leads kept so. Errors: IDEMPOTENCY_CONFLICT.',
    resolve: resolvers.importLeads,
  },
  {
    description: 'What became of a file of leads.',
    outputFields: (t) => ({
      created: t.int({
        description: 'How many leads were created.',
        resolve: (result: ImportedLeads) => result.created,
      }),
      updated: t.int({
        description: 'How many rows had the number of a lead that was there, which is now as they say.',
        resolve: (result: ImportedLeads) => result.updated,
      }),
      errors: t.field({
        type: [ImportRowError],
        description: 'What is wrong with rows, in the order of the file.',
        resolve: (result: ImportedLeads) => result.errors,
      }),
      ignoredColumns: t.stringList({
        description: 'Headings of columns that mean nothing for leads, and were passed over.',
        resolve: (result: ImportedLeads) => result.ignoredColumns,
      }),
    }),
  },
);
