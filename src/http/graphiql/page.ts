import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { EXAMPLE_TABS } from './examples/tabs.ts';
import { css, script, workers } from './library.ts';

/** The page, and its Content-Security-Policy. */
export type Page = { html: string; contentSecurityPolicy: string };

const LOGO = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32" width="32" height="32"><path fill="#5b4bdb" d="M6 4h20a4 4 0 0 1 4 4v12a4 4 0 0 1-4 4H15l-7 6v-6H6a4 4 0 0 1-4-4V8a4 4 0 0 1 4-4z"/><path stroke="#fff" stroke-width="2.5" stroke-linecap="round" d="M9 12v4m5-7v10m5-8v6m5-4v2"/></svg>`;

/**
 * Renders GraphiQL as one self-contained page from Yoga's build, which loads nothing from other servers. The page is the same for all
 * users; the API key stays in the browser (browser.js).
 */
export function renderPage(): Page {
  const scripts = [read('./browser.js'), libraryScript(), openingScript()];
  const html = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Parley</title>
<link rel="icon" href="data:image/svg+xml,${encodeURIComponent(LOGO)}">
<style>${css}${read('./narrow.css')}</style>
</head>
<body class="no-focus-outline">
<noscript>GraphiQL is a program in JavaScript; please allow it on this page.</noscript>
<div id="root"></div>
${scripts.map((script) => `<script>${script}</script>`).join('\n')}
</body>
</html>
`;
  return { html, contentSecurityPolicy: buildContentSecurityPolicy(scripts) };
}

const read = (file: string) => readFileSync(new URL(file, import.meta.url), 'utf8');

/** The source of the workers is embedded in the page as text. */
function libraryScript(): string {
  return `{
const workers = ${toScriptLiteral(workers)};
const urlOf = (source) => URL.createObjectURL(new Blob([source], { type: 'text/javascript' }));
const urls = Object.fromEntries(Object.entries(workers).map(([label, source]) => [label, urlOf(source)]));
self.MonacoEnvironment = { globalAPI: false, getWorkerUrl: (_module, label) => urls[label] };
}
${script}`;
}

const openingScript = () => `openGraphiql(${toScriptLiteral(EXAMPLE_TABS)}, ${toScriptLiteral(LOGO)});`;

/** Returns a value as source text. Without `<`, no text can end the script. */
const toScriptLiteral = (value: unknown) => JSON.stringify(value).replaceAll('<', '\\u003c');

/** Only these scripts run, and they connect only to this server. Monaco inserts its own styles, whose hashes are not known in advance. */
function buildContentSecurityPolicy(scripts: readonly string[]): string {
  const hashes = scripts.map((script) => `'sha256-${createHash('sha256').update(script).digest('base64')}'`);
  return [
    "default-src 'none'",
    `script-src ${hashes.join(' ')}`,
    'worker-src blob:',
    "style-src 'unsafe-inline'",
    'font-src data:',
    'img-src data:',
    "connect-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join('; ');
}
