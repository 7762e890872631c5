import { S3Error } from "../../errors/S3Error.ts";

/** S3's answer where a version has no retention, or was never under a legal hold. */
export function withoutLock(what: string): S3Error {
  return new S3Error("NoSuchObjectLockConfiguration", {
    explanation: `The version has no ${what}: it was written without, and none was put on it since.`,
  });
}
