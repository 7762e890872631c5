/** A module of WebAssembly at work. */
export interface Kernel {
  readonly memory: ArrayBuffer;
  /** What it exports, by name. */
  readonly functions: Readonly<Record<string, (...parameters: number[]) => void>>;
}

interface Memory {
  readonly buffer: ArrayBuffer;
  grow(pages: number): void;
}

/** As much of the engine's interface as is used: Node's types do not have it. */
declare const WebAssembly: {
  readonly Module: new (binary: Uint8Array) => object;
  readonly Instance: new (module: object) => { readonly exports: { readonly memory: Memory } };
};

const PAGE_SIZE_BYTES = 65_536;

const modules = new Map<string, object>();

/**
 * Sets a module up whose binary is given in base64, with at least so much memory. Its functions are compiled once for all that are set up:
 * when they are first called, and again when called often.
 */
export function instantiate(base64: string, memorySizeBytes = 0): Kernel {
  let module = modules.get(base64);
  if (module === undefined) {
    module = new WebAssembly.Module(Buffer.from(base64, "base64"));
    modules.set(base64, module);
  }
  const { exports } = new WebAssembly.Instance(module);
  const { memory } = exports;
  const missingPages = Math.ceil((memorySizeBytes - memory.buffer.byteLength) / PAGE_SIZE_BYTES);
  if (missingPages > 0) memory.grow(missingPages);
  return { memory: memory.buffer, functions: exports as unknown as Kernel["functions"] };
}
