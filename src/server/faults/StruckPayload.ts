import type { ChecksumAlgorithm } from "../../protocol/checksumAlgorithms.ts";
import type { DeclaredChecksum, Payload, Piece } from "../../protocol/Payload.ts";
import { gatherPieces } from "../../protocol/streaming/gatherPieces.ts";
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

  gather(limitBytes: number, inspect?: (unverified: Buffer) => void): Promise<Buffer> {
    return gatherPieces(this, limitBytes, inspect);
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
