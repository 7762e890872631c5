import { Duplex } from "node:stream";

/** A client's connection in the test's hands: no network decides what has been read, or taken. */
export class Wire extends Duplex {
  received = "";
  /** The client takes what it is sent; while it does not, neither does the system. */
  #isTaking = true;
  #taken: (() => void) | undefined;

  /** The client takes nothing from now on. */
  stall(): void {
    this.#isTaking = false;
  }

  /** The client takes all again. */
  takeAll(): void {
    this.#isTaking = true;
    this.#taken?.();
    this.#taken = undefined;
  }

  override _read(): void {
    // It is pushed.
  }

  override _write(bytes: Buffer, _encoding: BufferEncoding, done: () => void): void {
    const arrive = (): void => {
      this.received += bytes.toString("latin1");
      done();
    };
    if (this.#isTaking) arrive();
    else this.#taken = arrive;
  }
}

/** Lets everything happen that needs no time. */
export async function settled(): Promise<void> {
  for (let turn = 0; turn < 50; turn += 1) await new Promise((resolve) => setImmediate(resolve));
}
