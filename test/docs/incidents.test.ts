import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { FFMPEG_MISSING } from '#adapters/ffmpeg/missing.ts';
import { COMPONENTS } from '#domain/core/health-components.ts';

const ROOT = join(import.meta.dirname, '../..');
const HEALTH = join(ROOT, 'src/domain/health');
const source = readdirSync(HEALTH)
  .filter((file) => file.includes('check'))
  .map((file) => readFileSync(join(HEALTH, file), 'utf8'))
  .join('\n');
const page = readFileSync(join(ROOT, 'docs/incidents.md'), 'utf8').replace(/\s+/g, ' ');

/** The sentences in the code of the checks, each as its longest part without values. */
function findWarnings(): string[] {
  const literals = [...source.matchAll(/`((?:\\.|[^`\\])*)`|'((?:\\.|[^'\\\n])*)'/g)];
  const texts = literals.map(([, template, text]) => (template ?? text ?? '').replaceAll('\\`', '`'));
  return texts
    .filter((text) => /^[A-Z$].* .*\.$/s.test(text) && !text.includes('SELECT'))
    .map((text) => text.split(/\$\{[^}]*\}/).reduce((a, b) => (b.length > a.length ? b : a)));
}

it('every warning of health has its place on the page of incidents', () => {
  const warnings = [...findWarnings(), FFMPEG_MISSING.split(',')[0] as string];
  expect(warnings.length).toBeGreaterThan(14);
  expect(warnings.filter((warning) => !page.includes(warning.trim()))).toEqual([]);
});

it('every component of health has its section', () => {
  expect(COMPONENTS.filter((name) => !page.includes(`## ${name} `))).toEqual([]);
});
