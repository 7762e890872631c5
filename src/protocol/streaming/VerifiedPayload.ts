import type { PayloadSecurity } from "../../auth/payloadSecurity.ts";
import { S3Error } from "../../errors/S3Error.ts";
import type { ChecksumAlgorithm } from "../checksumAlgorithms.ts";
import type { Digest } from "../checksums/digests.ts";
import { beginDigest } from "../checksums/digests.ts";
import type { DeclaredChecksum, Payload } from "../Payload.ts";
import type { WireRequest } from "../WireRequest.ts";
import { AwsChunkedDecoder } from "./AwsChunkedDecoder.ts";
import type { AnnouncedChecksum } from "./declarations.ts";
import { isChecksum } from "./declarations.ts";
import type { PayloadOptions } from "./openPayload.ts";
import { wireBytes } from "./wireBytes.ts";

/** Everything that is known of a body before it is read. */
export interface BodyDeclarations extends PayloadSecurity {
  readonly sizeBytes: number;
  readonly md5: Buffer | undefined;
  readonly checksum: AnnouncedChecksum | undefined;
  readonly chunked: boolean;
  readonly hasTrailer: boolean;
}

/** A request body that is decoded and verified as it is read. Each byte is hashed once for each algorithm asked for. */
export class VerifiedPayload implements Payload {
  readonly sizeBytes: number;
  #checksum: DeclaredChecksum | undefined;
  readonly #request: WireRequest;
  readonly #declared: BodyDeclarations;
  readonly #options: PayloadOptions;
  readonly #wanted: Set<ChecksumAlgorithm> = new Set();
  readonly #values: Map<ChecksumAlgorithm, Buffer> = new Map();
  #started = false;

  constructor(request: WireRequest, declared: BodyDeclarations, options: PayloadOptions) {
    this.#request = request;
    this.#declared = declared;
    this.#options = options;
    this.#checksum = declared.checksum;
    this.sizeBytes = declared.sizeBytes;
    if (declared.md5 !== undefined) this.#wanted.add("MD5");
    if (declared.sha256 !== undefined) this.#wanted.add("SHA256");
    if (declared.checksum !== undefined) this.#wanted.add(declared.checksum.algorithm);
  }

  get declared(): DeclaredChecksum | undefined {
    return this.#checksum;
  }

  want(algorithm: ChecksumAlgorithm): void {
    if (this.#started) throw new Error("a digest can be asked for only before the body is read");
    this.#wanted.add(algorithm);
  }

  digest(algorithm: ChecksumAlgorithm): Buffer {
    const value = this.#values.get(algorithm);
    if (value === undefined) throw new Error(`${algorithm} was not asked for, or the body is not read yet`);
    return value;
  }

  async gather(limitBytes: number): Promise<Buffer> {
    if (this.sizeBytes > limitBytes) throw new RangeError(`a body of ${this.sizeBytes} bytes is not gathered`);
    const pieces: Buffer[] = [];
    for await (const piece of this) pieces.push(piece);
    return pieces.length === 1 ? pieces[0]! : Buffer.concat(pieces);
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Buffer, void, undefined> {
    if (this.#started) throw new Error("a body can be read once");
    this.#started = true;
    const digests = new Map<ChecksumAlgorithm, Digest>();
    try {
      for (const algorithm of this.#wanted) {
        const begun = beginDigest(algorithm);
        digests.set(algorithm, begun instanceof Promise ? await begun : begun);
      }
      for await (const piece of this.#decoded()) {
        for (const digest of digests.values()) digest.update(piece);
        yield piece;
      }
      for (const [algorithm, digest] of digests) this.#values.set(algorithm, digest.digest());
    } finally {
      for (const digest of digests.values()) digest.release();
    }
    this.#verify();
  }

  /** The bytes without framing, no more and no fewer than announced. */
  async *#decoded(): AsyncGenerator<Buffer, void, undefined> {
    const { chunked, chunks, hasTrailer } = this.#declared;
    if (this.sizeBytes === 0 && !chunked) return;
    this.#options.beforeFirstRead?.();
    const decoder = chunked ? new AwsChunkedDecoder({ signing: chunks, hasTrailer }) : undefined;
    let receivedSizeBytes = 0;
    for await (const bytes of wireBytes(this.#request.body, this.#options.idleTimeoutMs)) {
      for (const piece of decoder === undefined ? [bytes] : decoder.push(bytes)) {
        receivedSizeBytes += piece.length;
        if (receivedSizeBytes > this.sizeBytes) throw this.#wrongSize(receivedSizeBytes);
        yield piece;
      }
    }
    decoder?.finish();
    if (receivedSizeBytes !== this.sizeBytes) throw this.#wrongSize(receivedSizeBytes);
    if (decoder !== undefined && hasTrailer) this.#readTrailer(decoder.trailers);
  }

  #wrongSize(receivedSizeBytes: number): S3Error {
    return new S3Error("IncompleteBody", {
      details: [
        ["NumberBytesExpected", String(this.sizeBytes)],
        ["NumberBytesProvided", String(receivedSizeBytes)],
      ],
      explanation: `The request announced ${this.sizeBytes} bytes; ${receivedSizeBytes} came${receivedSizeBytes > this.sizeBytes ? " or more" : ""}.`,
    });
  }

  #readTrailer(trailers: ReadonlyMap<string, string>): void {
    const algorithm = this.#checksum?.algorithm;
    for (const name of trailers.keys()) {
      if (algorithm !== undefined && name === `x-amz-checksum-${algorithm.toLowerCase()}`) continue;
      throw new S3Error("MalformedTrailerError", { explanation: `The trailer ${name} was not announced in x-amz-trailer.` });
    }
    if (algorithm === undefined || this.#declared.checksum!.value !== undefined) return;
    const name = `x-amz-checksum-${algorithm.toLowerCase()}`;
    const value = trailers.get(name);
    if (value === undefined) {
      throw new S3Error("MalformedTrailerError", { explanation: `x-amz-trailer announced ${name}, which did not come.` });
    }
    if (!isChecksum(algorithm, value)) {
      throw new S3Error("InvalidRequest", {
        message: `Value for ${name} trailing header is invalid.`,
        explanation: `"${value.slice(0, 100)}" is not the base64 of a ${algorithm} value.`,
      });
    }
    this.#checksum = { algorithm, value };
  }

  /** Compares what was read with what was declared, in S3's order. */
  #verify(): void {
    const { sha256, md5 } = this.#declared;
    if (sha256 !== undefined) this.#verifySha256(sha256, this.digest("SHA256").toString("hex"));
    if (md5 !== undefined && !this.digest("MD5").equals(md5)) throw this.#wrongMd5(md5, this.digest("MD5"));
    const checksum = this.#checksum;
    if (checksum === undefined) return;
    const actual = this.digest(checksum.algorithm).toString("base64");
    if (actual === checksum.value) return;
    throw new S3Error("BadDigest", {
      message: `The ${checksum.algorithm} you specified did not match the calculated checksum.`,
      explanation: `The body that came has the ${checksum.algorithm} ${actual}, not ${checksum.value}; it was changed on its way. Nothing was stored.`,
    });
  }

  #verifySha256(declared: string, actual: string): void {
    if (declared === actual) return;
    throw new S3Error("XAmzContentSHA256Mismatch", {
      details: [
        ["ClientComputedContentSHA256", declared],
        ["S3ComputedContentSHA256", actual],
      ],
      explanation: "The body that came is not the one that was signed. Nothing was stored.",
    });
  }

  #wrongMd5(declared: Buffer, actual: Buffer): S3Error {
    return new S3Error("BadDigest", {
      details: [
        ["CalculatedDigest", actual.toString("base64")],
        ["ExpectedDigest", declared.toString(this.#options.operation === "PutObject" ? "hex" : "base64")],
      ],
      explanation: "The MD5 of the body that came is not the one in Content-MD5; it was changed on its way. Nothing was stored.",
    });
  }
}
