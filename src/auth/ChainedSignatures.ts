import type { ChunkSignatures } from "../protocol/streaming/PayloadSecurity.ts";
import { signatureDoesNotMatch } from "./mismatch.ts";
import type { SigningKey } from "./signingKeys.ts";
import { equalInConstantTime } from "./signingKeys.ts";

const EMPTY_SHA256 = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

/** What the chunks of a body are signed with. */
export interface ChunkSigning {
  readonly accessKeyId: string;
  readonly signingKey: SigningKey;
  /** The signature of the request's head. */
  readonly seedSignature: string;
  /** The request's time, YYYYMMDD'T'HHMMSS'Z'. */
  readonly time: string;
  readonly scope: string;
}

/**
 * Verifies the signatures of chunks and trailer, each chained to the one before.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-streaming.html
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-streaming-trailers.html
 */
export class ChainedSignatures implements ChunkSignatures {
  readonly #signing: ChunkSigning;
  #previous: string;
  #chunks = 0;

  constructor(signing: ChunkSigning) {
    this.#signing = signing;
    this.#previous = signing.seedSignature;
  }

  verifyChunk(sha256: string, signature: string): void {
    this.#chunks += 1;
    const explanation = `Chunk ${this.#chunks} is not what its sender signed, or does not follow the chunk before it.`;
    this.#verify("AWS4-HMAC-SHA256-PAYLOAD", `${EMPTY_SHA256}\n${sha256}`, signature, explanation);
  }

  verifyTrailer(sha256: string, signature: string): void {
    this.#verify("AWS4-HMAC-SHA256-TRAILER", sha256, signature, "The trailer is not what its sender signed.");
  }

  #verify(algorithm: string, hashes: string, signature: string, explanation: string): void {
    const { accessKeyId, signingKey, time, scope } = this.#signing;
    const stringToSign = `${algorithm}\n${time}\n${scope}\n${this.#previous}\n${hashes}`;
    const expected = signingKey.sign(stringToSign);
    if (!equalInConstantTime(expected, signature)) {
      throw signatureDoesNotMatch({ accessKeyId, stringToSign, signatureProvided: signature, explanation });
    }
    this.#previous = expected;
  }
}
