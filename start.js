// `node start.js [server|worker]`: src/main.ts, where Node can run it.
import './scripts/check-node.js';
import './scripts/v8-flags.js';
import './scripts/compile-cache.js';
import './scripts/resolution-cache.js';

await import('./src/main.ts');
