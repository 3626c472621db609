/**
 * Who may import whom (docs/architecture.md): http → schema → resolvers → {loaders, domain} → adapters, and
 * worker, cli → domain → adapters. Imports of types count like any others. test/boundaries.test.ts breaks every rule once.
 */
const ROOMS = ['schema', 'resolvers', 'loaders', 'domain', 'adapters', 'http', 'worker', 'cli', 'config'];
const PROCESS = ['app', 'main', 'maintenance', 'services', 'serving'];

/** What each room may import beside itself and src/generated. */
const MAY_IMPORT = {
  schema: ['resolvers', 'domain'],
  resolvers: ['loaders', 'domain'],
  loaders: ['domain', 'adapters'],
  domain: ['adapters', 'config'],
  adapters: ['config'],
  http: ['schema', 'resolvers', 'loaders', 'domain', 'adapters', 'config'],
  worker: ['domain', 'adapters'],
  cli: ['domain', 'adapters', 'config', 'services'],
  config: [],
};

/** A folder of the domain imports only folders before it in this list. */
const DOMAIN = [
  'core',
  'live',
  'changes',
  'text',
  'webhooks',
  'jobs',
  'accounts',
  'health',
  'memories',
  'episodes',
  'search',
  'conversations',
  'sales',
  'operations',
];

/** The same within the transcripts; what stands beside these folders uses them, and they use nothing of it. */
const TRANSCRIPTS = ['text', 'segments', 'words', 'speakers', 'sentences', 'formats', 'corrections'];

const rooms = Object.entries(MAY_IMPORT).map(([room, allowed]) => ({
  name: `${room}-imports-only-what-it-stands-on`,
  severity: 'error',
  from: { path: `^src/${room}/` },
  to: {
    path: `^src/(${[...ROOMS, ...PROCESS].filter((other) => other !== room && !allowed.includes(other)).join('|')})\\b`,
  },
}));

const domain = DOMAIN.slice(0, -1).map((folder, index) => ({
  name: `domain-${folder}-imports-only-upwards`,
  severity: 'error',
  from: { path: `^src/domain/${folder}/` },
  to: { path: `^src/domain/(${DOMAIN.slice(index + 1).join('|')})/` },
}));

const transcripts = TRANSCRIPTS.map((folder, index) => ({
  name: `transcripts-${folder}-imports-only-upwards`,
  severity: 'error',
  from: { path: `^src/domain/episodes/transcripts/${folder}/` },
  to: { path: `^src/domain/episodes/transcripts/(${[...TRANSCRIPTS.slice(index + 1), '[^/]+\\.ts$'].join('|')})` },
}));

export default {
  forbidden: [
    { name: 'no-circular', severity: 'error', from: {}, to: { circular: true } },
    ...rooms,
    ...domain,
    ...transcripts,
    {
      name: 'every-folder-of-the-domain-has-a-place',
      severity: 'error',
      from: { path: '^src/', pathNot: `^src/(domain/(${DOMAIN.join('|')})/|(?!domain/))` },
      to: {},
    },
    { name: 'nobody-imports-main', severity: 'error', from: {}, to: { path: '^src/main[.]ts$' } },
    {
      name: 'graphql-stays-at-the-edge',
      severity: 'error',
      from: { path: '^src/(domain|loaders|worker|adapters)/' },
      to: { path: 'node_modules/(graphql|@pothos|graphql-yoga|graphql-ws)/' },
    },
    {
      name: 'settings-are-handed-over',
      comment: 'Only a process reads its settings: everybody else may know their types.',
      severity: 'error',
      from: { path: '^src/(domain|adapters|http)/' },
      to: { path: '^src/config', dependencyTypesNot: ['type-only'] },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^src/generated/' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'node', 'default'] },
  },
};
