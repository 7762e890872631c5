import { S3Error } from "../../errors/S3Error.ts";

/** The error of a message that S3's description of its interface does not allow, or that is not wrapped as its Content-Type says. */
export function invalidSoapRequest(explanation: string, cause?: unknown): S3Error {
  return new S3Error("InvalidSOAPRequest", { explanation, cause });
}
