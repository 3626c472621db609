/** Loaded before all else into every thread of a process (`--import`): prints what the thread's heap and WebAssembly hold. */
import { writeSync } from 'node:fs';
import { threadId } from 'node:worker_threads';

/** What a thread holds, in bytes; `wasm` is address space, of which only what was written to takes memory. */
export type ThreadMemory = { thread: number; heap: number; heapTotal: number; external: number; wasm: number };

const INTERVAL_MS = 500;
const memories = new Set<WebAssembly.Memory>();
class CountedMemory extends WebAssembly.Memory {
  constructor(descriptor: WebAssembly.MemoryDescriptor) {
    super(descriptor);
    memories.add(this);
  }
}
WebAssembly.Memory = CountedMemory;

setInterval(() => {
  const { heapUsed: heap, heapTotal, external } = process.memoryUsage();
  const wasm = [...memories].reduce((sum, { buffer }) => sum + buffer.byteLength, 0);
  writeSync(1, `${JSON.stringify({ thread: threadId, heap, heapTotal, external, wasm } satisfies ThreadMemory)}\n`);
}, INTERVAL_MS).unref();
