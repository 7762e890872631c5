import type { HeaderLines } from "./WireRequest.ts";

const NO_VALUES: readonly string[] = [];

/** Header lines as Node hands them over: names and values in turn. */
export class HeaderList implements HeaderLines {
  readonly #values: Map<string, string[]> = new Map();

  constructor(rawHeaders: readonly string[]) {
    for (let index = 0; index < rawHeaders.length; index += 2)
      this.add(rawHeaders[index]!.toLowerCase(), utf8(rawHeaders[index + 1]!));
  }

  /** Adds a line under a lower-case name. */
  add(name: string, value: string): void {
    const values = this.#values.get(name);
    if (values === undefined) this.#values.set(name, [value]);
    else values.push(value);
  }

  get(name: string): string | undefined {
    const values = this.#values.get(name);
    if (values === undefined) return undefined;
    return values.length === 1 ? values[0] : values.join(",");
  }

  has(name: string): boolean {
    return this.#values.has(name);
  }

  names(): readonly string[] {
    return [...this.#values.keys()];
  }

  all(name: string): readonly string[] {
    return this.#values.get(name) ?? NO_VALUES;
  }
}

const NON_ASCII = /[\u0080-\u00ff]/;
const decoder = new TextDecoder("utf-8", { fatal: true });

/** Node reads header bytes as Latin-1; clients send UTF-8, and sign it. What is no UTF-8 stays Latin-1. */
function utf8(value: string): string {
  if (!NON_ASCII.test(value)) return value;
  try {
    return decoder.decode(Buffer.from(value, "latin1"));
  } catch {
    return value;
  }
}
