import { setFlagsFromString } from 'node:v8';

// V8's flags once modules are loaded; scripts/v8-flags.js has those before.

/** Lets the space for new objects double when much of it survives, as by default. */
export const letNewSpaceGrow = (): void => setFlagsFromString('--semi-space-growth-factor=2');

/** Lets V8 optimize the WebAssembly that is compiled from now on, as by default. */
export function optimizeWasm(): void {
  for (const flag of ['--wasm-tier-up', '--wasm-dynamic-tiering']) setFlagsFromString(flag);
}
