/**
 * Gives the library what it asks of its runtime, so that its /node entry (child_process, crypto, net, and a watchdog
 * that exits the process) need not be loaded. Import it before a connection is made. Knows nothing else.
 */
import { RAL } from 'vscode-languageserver';

type Runtime = ReturnType<typeof RAL>;

/** Streams, buffers and codecs are missing on purpose: only the library's own readers and writers ask for them. */
const runtime: Pick<Runtime, 'console' | 'timer'> = {
  console,
  timer: {
    setTimeout(callback, ms, ...args) {
      const handle = setTimeout(callback, ms, ...args);
      return { dispose: () => clearTimeout(handle) };
    },
    setImmediate(callback, ...args) {
      const handle = setImmediate(callback, ...args);
      return { dispose: () => clearImmediate(handle) };
    },
    setInterval(callback, ms, ...args) {
      const handle = setInterval(callback, ms, ...args);
      return { dispose: () => clearInterval(handle) };
    },
  },
};

export function installRuntime(): void {
  RAL.install(runtime as Runtime);
}
