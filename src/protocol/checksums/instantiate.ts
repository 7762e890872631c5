/** A module of WebAssembly at work. */
export interface Kernel {
  readonly memory: ArrayBuffer;
  /** What it exports, by name. */
  readonly functions: Readonly<Record<string, (...parameters: number[]) => void>>;
}

/** As much of the engine's interface as is used: Node's types do not have it. */
declare const WebAssembly: {
  readonly Module: new (binary: Uint8Array) => object;
  readonly Instance: new (module: object) => { readonly exports: { readonly memory: { readonly buffer: ArrayBuffer } } };
};

/** Sets a module up whose binary is given in base64. Its functions are compiled when they are first called, and again when called often. */
export function instantiate(base64: string): Kernel {
  const { exports } = new WebAssembly.Instance(new WebAssembly.Module(Buffer.from(base64, "base64")));
  return { memory: exports.memory.buffer, functions: exports as unknown as Kernel["functions"] };
}
