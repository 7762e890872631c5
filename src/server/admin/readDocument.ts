import { S3Error } from "../../errors/S3Error.ts";
import type { Payload } from "../../protocol/Payload.ts";
import { BodyReader } from "../../protocol/streaming/BodyReader.ts";
import { announcedChecksum, declaredMd5 } from "../../protocol/streaming/declarations.ts";
import { declaredSize } from "../../protocol/streaming/openPayload.ts";
import type { PayloadSecurity } from "../../protocol/streaming/PayloadSecurity.ts";
import { PlainBody } from "../../protocol/streaming/PlainBody.ts";
import { VerifiedPayload } from "../../protocol/streaming/VerifiedPayload.ts";
import type { BodyReading } from "../../protocol/Dialect.ts";
import type { WireRequest } from "../../protocol/WireRequest.ts";

/** No document of the admin API is larger than this: a scenario of a thousand rules of a kilobyte fits. */
const MAX_DOCUMENT_SIZE_BYTES: number = 1024 * 1024;

/**
 * The body of a request, read and verified as S3's documents are: what x-amz-content-sha256, Content-MD5 and checksums say of it holds. Throws
 * S3's errors of bodies, and MaxMessageLengthExceeded for more than `MAX_DOCUMENT_SIZE_BYTES`.
 */
export async function readDocument(
  request: WireRequest,
  security: PayloadSecurity,
  { idleTimeoutMs, beforeFirstRead }: BodyReading,
): Promise<Buffer> {
  if (security.mode !== "hashed" && security.mode !== "unsigned") {
    throw new S3Error("InvalidRequest", {
      message: "The value of x-amz-content-sha256 header is invalid.",
      explanation: "Only an upload can be sent aws-chunked; send the body's SHA-256 or UNSIGNED-PAYLOAD.",
    });
  }
  const sizeBytes = declaredSize(request, false, "text");
  if (sizeBytes > MAX_DOCUMENT_SIZE_BYTES) {
    throw new S3Error("MaxMessageLengthExceeded", {
      details: [["MaxMessageLengthBytes", String(MAX_DOCUMENT_SIZE_BYTES)]],
      explanation: `The body has ${sizeBytes} bytes; the admin API takes ${MAX_DOCUMENT_SIZE_BYTES} at most.`,
    });
  }
  const md5 = declaredMd5(request.headers);
  const checksum = sizeBytes === 0 ? undefined : announcedChecksum(request);
  const payload = new VerifiedPayload(
    () => new PlainBody(request, new BodyReader(request.body, idleTimeoutMs), sizeBytes),
    { security, sizeBytes, md5, checksum },
    { operation: undefined, beforeFirstRead },
  );
  return sizeBytes === 0 ? verifiedEmpty(payload) : payload.gather(MAX_DOCUMENT_SIZE_BYTES);
}

function verifiedEmpty(payload: VerifiedPayload & Payload): Buffer {
  payload.verifyEmpty();
  return Buffer.alloc(0);
}
