import { S3Error } from "../../errors/S3Error.ts";
import { DIGEST_ERRORS } from "../../protocol/streaming/VerifiedPayload.ts";
import type { ChecksumAlgorithm } from "../../protocol/checksumAlgorithms.ts";
import type { DeclaredChecksum, Payload, Piece } from "../../protocol/Payload.ts";
import type { Exchange } from "../requests/Exchange.ts";
import { Course } from "./Course.ts";
import { connectionEnded } from "./strikeAt.ts";
import type { Strikes } from "./Strikes.ts";

/** The body of a request with what is planned for it while it is received; bytes are counted without framing. */
export function struckPayload(payload: Payload, exchange: Exchange, strikes: Strikes): Payload {
  return strikes.at("receiving").length === 0 ? payload : new StruckPayload(payload, exchange, strikes);
}

/**
 * A body whose bytes wait, or never come. They wait where they came from: what is not asked for fills the system's buffers, and then the
 * client's. The time is not the client's, so that no limit of theirs runs on meanwhile.
 */
class StruckPayload implements Payload {
  readonly #payload: Payload;
  readonly #exchange: Exchange;
  readonly #strikes: Strikes;

  constructor(payload: Payload, exchange: Exchange, strikes: Strikes) {
    this.#payload = payload;
    this.#exchange = exchange;
    this.#strikes = strikes;
  }

  get sizeBytes(): number {
    return this.#payload.sizeBytes;
  }

  get declared(): DeclaredChecksum | undefined {
    return this.#payload.declared;
  }

  want(algorithm: ChecksumAlgorithm): void {
    this.#payload.want(algorithm);
  }

  digest(algorithm: ChecksumAlgorithm): Buffer {
    return this.#payload.digest(algorithm);
  }

  async gather(limitBytes: number, inspect?: (unverified: Buffer) => void): Promise<Buffer> {
    if (this.sizeBytes > limitBytes) throw new RangeError(`a body of ${this.sizeBytes} bytes is not gathered`);
    const gathered = Buffer.allocUnsafe(this.sizeBytes);
    let filled = 0;
    try {
      for await (const piece of this) filled += piece.copy(gathered, filled);
    } catch (error) {
      if (error instanceof S3Error && DIGEST_ERRORS.has(error.code)) inspect?.(gathered);
      throw error;
    }
    return gathered;
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Piece, void, undefined> {
    const course = new Course(this.#exchange, this.#strikes, "receiving", this.sizeBytes);
    const end = async (): Promise<void> => {
      const how = await course.arrive();
      if (how !== undefined) throw connectionEnded(this.#exchange, how);
    };
    await end();
    for await (const piece of this.#payload) {
      for (let start = 0; start < piece.length;) {
        const stop = start + Math.min(course.stepBytes, piece.length - start);
        yield piece.subarray(start, stop);
        course.pass(stop - start);
        start = stop;
        await end();
      }
    }
  }
}
