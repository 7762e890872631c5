import { S3Error } from "../../errors/S3Error.ts";
import type { ChecksumAlgorithm } from "../checksumAlgorithms.ts";
import type { Digest } from "../checksums/digests.ts";
import { beginDigest } from "../checksums/digests.ts";
import { hexadecimalMd5, md5First } from "../deviations.ts";
import type { DeclaredChecksum, Payload, Piece } from "../Payload.ts";
import type { AnnouncedChecksum } from "./declarations.ts";
import { checksumTrailer } from "./declarations.ts";
import type { Framing } from "./Framing.ts";
import { gatherPieces } from "./gatherPieces.ts";
import type { PayloadOptions } from "./PayloadOptions.ts";
import type { PayloadSecurity } from "./PayloadSecurity.ts";

const EMPTY_SHA256 = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
const EMPTY_MD5: Buffer = Buffer.from("d41d8cd98f00b204e9800998ecf8427e", "hex");

/** Everything that is known of a body before it is read. */
export interface BodyDeclarations {
  readonly security: PayloadSecurity;
  /** Without framing. */
  readonly sizeBytes: number;
  readonly md5: Buffer | undefined;
  readonly checksum: AnnouncedChecksum | undefined;
}

/** What reading a body needs beside that. */
export interface VerifiedPayloadOptions extends Pick<PayloadOptions, "beforeFirstRead"> {
  /** `undefined` for a body that is none of S3's. */
  readonly operation: PayloadOptions["operation"] | undefined;
}

/** A request body that is decoded and verified as it is read. Each byte is hashed once for each algorithm asked for. */
export class VerifiedPayload implements Payload {
  readonly sizeBytes: number;
  readonly #open: () => Framing;
  readonly #declared: BodyDeclarations;
  readonly #options: VerifiedPayloadOptions;
  readonly #wanted: Set<ChecksumAlgorithm> = new Set();
  readonly #values: Map<ChecksumAlgorithm, Buffer> = new Map();
  #checksum: AnnouncedChecksum | undefined;
  #started = false;

  /** `open` is called once, when the body is about to be read; of most requests it never is. */
  constructor(open: () => Framing, declared: BodyDeclarations, options: VerifiedPayloadOptions) {
    this.sizeBytes = declared.sizeBytes;
    this.#open = open;
    this.#declared = declared;
    this.#options = options;
    this.#checksum = declared.checksum;
    if (declared.md5 !== undefined) this.#wanted.add("MD5");
    if (declared.security.sha256 !== undefined) this.#wanted.add("SHA256");
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

  gather(limitBytes: number, inspect?: (unverified: Buffer) => void): Promise<Buffer> {
    return gatherPieces(this, limitBytes, inspect);
  }

  /** Verifies at once what was declared of a body that cannot hold a byte. Throws XAmzContentSHA256Mismatch and BadDigest. */
  verifyEmpty(): void {
    const { security, md5 } = this.#declared;
    if (security.sha256 !== undefined && security.sha256 !== EMPTY_SHA256) throw wrongSha256(security.sha256, EMPTY_SHA256);
    if (md5 !== undefined && !md5.equals(EMPTY_MD5)) throw this.#wrongMd5(md5, EMPTY_MD5);
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Piece, void, undefined> {
    if (this.#started) throw new Error("a body can be read once");
    this.#started = true;
    const framing = this.#open();
    const digests: Digest[] = [];
    try {
      for (const algorithm of this.#wanted) {
        const digest = beginDigest(algorithm);
        digests.push(digest instanceof Promise ? await digest : digest);
      }
      this.#options.beforeFirstRead?.();
      for (let piece = await framing.next(); piece !== undefined; piece = await framing.next()) {
        for (const digest of digests) digest.update(piece);
        yield piece;
        // Who asks for more is done with it.
        framing.giveBack();
      }
      let index = 0;
      for (const algorithm of this.#wanted) this.#values.set(algorithm, digests[index++]!.digest());
    } finally {
      for (const digest of digests) digest.release();
      framing.close();
    }
    this.#verify(framing);
  }

  /** Compares what was read with what was declared, in S3's order. */
  #verify(framing: Framing): void {
    this.#checksum = checksumTrailer(this.#checksum, framing);
    const isMd5First = this.#isAmong(md5First);
    if (isMd5First) this.#verifyMd5();
    this.#verifySha256();
    if (!isMd5First) this.#verifyMd5();
    if (this.#checksum === undefined) return;
    const { algorithm, value } = this.#checksum;
    const actual = this.digest(algorithm).toString("base64");
    if (actual === value) return;
    throw new S3Error("BadDigest", {
      message: `The ${algorithm} you specified did not match the calculated checksum.`,
      explanation: `The body that came has the ${algorithm} ${actual}, not ${value}: it was changed on its way, or is not the one meant. Nothing was stored.`,
    });
  }

  #isAmong(operations: ReadonlySet<PayloadOptions["operation"]>): boolean {
    const { operation } = this.#options;
    return operation !== undefined && operations.has(operation);
  }

  #verifySha256(): void {
    const { sha256 } = this.#declared.security;
    if (sha256 === undefined) return;
    const actual = this.digest("SHA256").toString("hex");
    if (actual !== sha256) throw wrongSha256(sha256, actual);
  }

  #verifyMd5(): void {
    const { md5 } = this.#declared;
    if (md5 !== undefined && !this.digest("MD5").equals(md5)) throw this.#wrongMd5(md5, this.digest("MD5"));
  }

  #wrongMd5(declared: Buffer, actual: Buffer): S3Error {
    return new S3Error("BadDigest", {
      details: [
        ["CalculatedDigest", actual.toString("base64")],
        ["ExpectedDigest", declared.toString(this.#isAmong(hexadecimalMd5) ? "hex" : "base64")],
      ],
      explanation: "The MD5 of the body that came is not the one in Content-MD5: it was changed on its way. Nothing was stored.",
    });
  }
}

function wrongSha256(declared: string, actual: string): S3Error {
  return new S3Error("XAmzContentSHA256Mismatch", {
    details: [
      ["ClientComputedContentSHA256", declared],
      ["S3ComputedContentSHA256", actual],
    ],
    explanation: "The body that came is not the one whose SHA-256 was signed. Nothing was stored.",
  });
}
