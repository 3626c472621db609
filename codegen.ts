import type { CodegenConfig } from '@graphql-codegen/cli';

/** Types the operations of tests and benchmarks by the schema file: `npm run codegen`. */
const config: CodegenConfig = {
  schema: 'schema.graphql',
  documents: ['test/**/*.ts', 'bench/**/*.ts', '!bench/peers/**', '!test/generated/**'],
  ignoreNoDocuments: true,
  // Only what stands in graphql(`…`): tests of bad documents write theirs as plain text.
  pluckConfig: { gqlMagicComment: 'typed', globalGqlIdentifierName: ['graphql'] },
  generates: {
    'test/generated/': {
      preset: 'client',
      presetConfig: { fragmentMasking: false },
      config: {
        documentMode: 'string',
        useTypeImports: true,
        enumsAsTypes: true,
        importExtension: '.ts',
        scalars: { DateTime: 'string', JSON: 'unknown', SafeInt: 'number' },
      },
    },
  },
};

export default config;
