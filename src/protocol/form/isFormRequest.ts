import { hasNoSubresource } from "../rest/route.ts";
import { parseContentType } from "../streaming/multipart/contentType.ts";
import type { WireRequest } from "../WireRequest.ts";

/** Whether a request is a browser's form: a POST of one to a bucket, and to nothing of it. */
export function isFormRequest(request: WireRequest): boolean {
  const { method, address, headers } = request;
  return (
    method === "POST" &&
    address.bucket !== undefined &&
    address.key === undefined &&
    parseContentType(headers.get("content-type") ?? "").type === "multipart/form-data" &&
    hasNoSubresource(request)
  );
}
