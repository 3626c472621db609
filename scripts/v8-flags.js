// V8's flags while modules are loaded, set before compile-cache.js: V8 takes compiled code only if the flags are those with which it was
// compiled. So they depend on nothing but the database, and what src/main.ts changes comes after loading.
import { readFileSync } from 'node:fs';
import { parseEnv } from 'node:util';
import { setFlagsFromString } from 'node:v8';

// Garbage grows to 1.4 times what is in use, not to four times. The space for new objects is bounded by the flag with which package.json
// starts Node: V8 reads that one only then, and would let it grow to 128 MB.
setFlagsFromString('--heap-growing-percent=40');
if (isEmbedded()) {
  // The space for new objects, which would stay large, does not grow: the embedded database is there for small machines.
  setFlagsFromString('--semi-space-growth-factor=1');
  // For a single function of PGlite (#2273, 105 kB) V8's optimizing compiler of WebAssembly takes 600 MB, of which the system never gets
  // 85 back.
  setFlagsFromString('--no-wasm-tier-up');
  setFlagsFromString('--no-wasm-dynamic-tiering');
} else {
  // Prisma's query compiler is optimized where it is used much, not at each start: that would take a sixth of a start's CPU.
  setFlagsFromString('--wasm-tiering-budget=1000000000');
}

function isEmbedded() {
  return !{ ...readEnvFile(), ...process.env }.DATABASE_URL;
}

/** What cannot be read is reported by src/config. */
function readEnvFile() {
  try {
    return parseEnv(readFileSync('.env', 'utf8'));
  } catch {
    return {};
  }
}
