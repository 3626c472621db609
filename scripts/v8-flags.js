// V8's flags while modules are loaded, set before compile-cache.js: code that was compiled with other flags is useless to V8, so everything
// that Parley runs has the same ones. src/loaded-flags.ts has those that differ afterwards.
import { setFlagsFromString } from 'node:v8';

// Garbage grows to 1.4 times what is in use, not to four times. The space for new objects is bounded by the flag with which package.json
// starts Node: V8 reads that one only then, and would let it grow to 128 MB.
setFlagsFromString('--heap-growing-percent=40');
// What modules leave in the space for new objects mostly survives: a larger space would only stay large.
setFlagsFromString('--semi-space-growth-factor=1');
// For a single function of PGlite (#2273, 105 kB) V8's optimizing compiler of WebAssembly takes 600 MB, of which the system never gets 85
// back.
setFlagsFromString('--no-wasm-tier-up');
setFlagsFromString('--no-wasm-dynamic-tiering');
