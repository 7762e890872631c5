import type { WireRequest } from "../WireRequest.ts";

/** A service that is asked in queries. */
export type QueryServiceName = "iam" | "sts";

const FORM = "application/x-www-form-urlencoded";

/**
 * The service that a request in a query's form is for; `undefined` for any other request. It is a POST of a form to "/", or a GET of it with
 * an `Action`, and signed for the service. What is not signed can only be meant for STS, the one that knows requests without a signature.
 */
export function queryServiceOf(request: WireRequest): QueryServiceName | undefined {
  const { method, rawPath, address } = request;
  if (rawPath !== "/" || address.bucket !== undefined) return undefined;
  if (method === "POST" ? !isForm(request) : method !== "GET" || !request.query.has("Action")) return undefined;
  const scope = request.headers.get("authorization") ?? request.query.get("X-Amz-Credential");
  if (scope === undefined) return isSigned(request) ? undefined : "sts";
  if (scope.includes("/iam/aws4_request")) return "iam";
  return scope.includes("/sts/aws4_request") ? "sts" : undefined;
}

function isForm({ headers }: WireRequest): boolean {
  const type = headers.get("content-type") ?? "";
  return type.split(";")[0]!.trim().toLowerCase() === FORM;
}

/** Signed with version 2, which is S3's alone here. */
function isSigned({ query }: WireRequest): boolean {
  return query.has("Signature") || query.has("AWSAccessKeyId");
}
