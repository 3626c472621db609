/** Data moves one way: door → schema → resolver → loader or domain → adapter (docs/architecture.md). */
const layer = (name, from, to) => ({
  name,
  severity: 'error',
  from: { path: `^src/${from}/` },
  to: { path: `^src/(${to})` },
});

export default {
  forbidden: [
    {
      name: 'no-circular',
      severity: 'error',
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
    layer('schema-knows-resolvers-only', 'schema', 'loaders|http|worker|cli|app|main|config'),
    layer('resolvers-know-no-doors', 'resolvers', 'schema|http|worker|cli|adapters|app|main|config'),
    layer('loaders-know-no-graphql', 'loaders', 'schema|resolvers|http|worker|cli|app|main|config'),
    layer('domain-knows-no-doors', 'domain', 'schema|resolvers|loaders|http|worker|cli|app|main'),
    layer('adapters-know-nothing-of-parley', 'adapters', 'schema|resolvers|loaders|domain|http|worker|cli|app|main'),
    layer('worker-knows-the-domain-only', 'worker', 'schema|resolvers|loaders|http|cli|app|main|config'),
    layer('nobody-imports-main', '.+', 'main'),
    {
      name: 'domain-knows-no-graphql',
      severity: 'error',
      from: { path: '^src/(domain|loaders|worker|adapters)/' },
      to: { path: 'node_modules/(graphql|@pothos|graphql-yoga|graphql-ws)/' },
    },
    {
      name: 'only-config-reads-the-environment',
      severity: 'error',
      from: { path: '^src/(?!main|cli|app|config)' },
      to: { path: '^src/config', dependencyTypesNot: ['type-only'] },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^src/generated/' },
    tsPreCompilationDeps: 'specify',
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'node', 'default'] },
  },
};
