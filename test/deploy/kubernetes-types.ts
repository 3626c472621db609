import { join } from 'node:path';
import ts from 'typescript';

/** A manifest as it stands in its file. */
export type Manifest = { apiVersion: string; kind: string } & Record<string, unknown>;

/** Kinds of others, whose types Kubernetes does not have: `test/deploy/manifest-schemas.ts` has them. */
export const isOfKubernetes = ({ apiVersion }: Manifest) => !apiVersion.startsWith('monitoring.coreos.com/');

const FILE = join(import.meta.dirname, 'manifests.ts');
const OPTIONS: ts.CompilerOptions = {
  strict: true,
  noEmit: true,
  skipLibCheck: true,
  types: [],
  module: ts.ModuleKind.NodeNext,
  moduleResolution: ts.ModuleResolutionKind.NodeNext,
};

/**
 * What in manifests the API of Kubernetes would refuse, by the types that are made from its OpenAPI: a field that it does not know there,
 * one that is missing, a value of another type. In the compiler's words.
 */
export function findTypeErrors(manifests: readonly Manifest[]): string[] {
  const text = manifests.filter(isOfKubernetes).map(declare).join('\n');
  const host = ts.createCompilerHost(OPTIONS);
  const { getSourceFile, fileExists } = host;
  host.getSourceFile = (name, version) =>
    name === FILE ? ts.createSourceFile(name, text, version) : getSourceFile(name, version);
  host.fileExists = (name) => name === FILE || fileExists(name);
  const program = ts.createProgram([FILE], OPTIONS, host);
  return ts.getPreEmitDiagnostics(program).map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, '\n'));
}

const declare = (manifest: Manifest, index: number) =>
  `import type { I${manifest.kind} as Kind${index} } from 'kubernetes-models/${manifest.apiVersion}';
   export const manifest${index}: Kind${index} = ${JSON.stringify(manifest)};`;
