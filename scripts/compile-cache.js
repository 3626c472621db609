// Keeps what Node makes of each file, TypeScript without its types and compiled code, for the next start of this process,
// its threads and those it forks. Beside the packages: where nobody else can write, and gone with them.
import module from 'node:module';
import { fileURLToPath } from 'node:url';

const directory = fileURLToPath(new URL('../node_modules/.cache/compiled', import.meta.url));

module.enableCompileCache?.(directory);
process.env.NODE_COMPILE_CACHE ??= directory;
