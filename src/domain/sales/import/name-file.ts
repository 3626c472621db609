/** Magic bytes of files that are no CSV. */
const BINARY: readonly [string, string][] = [
  [
    'PK\x03\x04',
    'This is a workbook of Excel (.xlsx), or another ZIP archive: save its sheet as CSV UTF-8, and send that.',
  ],
  ['\xD0\xCF\x11\xE0', 'This is a workbook of an older Excel (.xls): save its sheet as CSV UTF-8, and send that.'],
  ['%PDF-', 'This is a PDF: export the list as CSV.'],
];

/** Beginnings of texts that have no CSV header. */
const TEXTS: readonly [RegExp, string][] = [
  [/^\s*</, 'This is HTML or XML, as some programs write as .xls: open it in a spreadsheet, and save it as CSV UTF-8.'],
  [/^\s*[[{]/, 'This is JSON: export the list as CSV.'],
  [/^\s*BEGIN:VCARD/i, 'These are contacts as vCard: import them into an address book, and export that as CSV.'],
];

/** Describes a binary file in a sentence; null if it may be text. */
export function nameBinary(bytes: Uint8Array): string | null {
  const head = Buffer.from(bytes.subarray(0, 8)).toString('latin1');
  return BINARY.find(([begin]) => head.startsWith(begin))?.[1] ?? null;
}

/** Describes a text without a CSV header in a sentence; null if its format is unknown. */
export const nameText = (text: string): string | null =>
  TEXTS.find(([begin]) => begin.test(text.slice(0, 100)))?.[1] ?? null;
