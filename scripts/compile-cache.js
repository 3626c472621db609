// Keeps what Node makes of each file, TypeScript without its types and compiled code, for the next start of this process,
// its threads and those it forks. Where systemd says (CacheDirectory), else beside the packages: where
// nobody else can write, and gone with them.
import module from 'node:module';
import { fileURLToPath } from 'node:url';

const caches = process.env.CACHE_DIRECTORY ?? fileURLToPath(new URL('../node_modules/.cache', import.meta.url));
const directory = `${caches}/compiled`;

module.enableCompileCache?.(directory);
process.env.NODE_COMPILE_CACHE ??= directory;
