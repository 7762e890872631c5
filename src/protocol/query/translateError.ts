import type { QueryErrorCode } from "../../errors/QueryError.ts";
import { isQueryErrorCode, QueryError } from "../../errors/QueryError.ts";
import type { ServiceError } from "../../errors/ServiceError.ts";

/** What IAM and STS call what S3 has a code for, with their own texts. */
const CODES: ReadonlyMap<string, QueryErrorCode> = new Map<string, QueryErrorCode>([
  ["InternalError", "InternalFailure"],
  ["ServiceUnavailable", "ServiceUnavailable"],
  ["SlowDown", "Throttling"],
  ["503 SlowDown", "Throttling"],
  ["InvalidAccessKeyId", "InvalidClientTokenId"],
  ["ExpiredToken", "ExpiredToken"],
  ["InvalidToken", "InvalidClientTokenId"],
]);

/**
 * An error in the words of IAM and STS. Stations that all requests pass throw S3's: those that these services have as well are called as they
 * call them, and keep their text otherwise.
 */
export function translateError(error: ServiceError): ServiceError {
  if (error instanceof QueryError) return error;
  const { code, message, status, explanation, cause } = error;
  const known = CODES.get(code);
  if (known !== undefined) return new QueryError(known, { explanation, cause });
  return isQueryErrorCode(code) ? new QueryError(code, { message, status, explanation, cause }) : error;
}
