import type { WireRequest } from "../WireRequest.ts";

/** Where SOAP's messages go, on every host: the bucket stands in the message. */
const SOAP_PATH = "/soap";

/** How messages come; a browser's form to a bucket called "soap" comes otherwise. */
const MEDIA_TYPES: ReadonlySet<string> = new Set([
  "application/dime",
  "application/soap+xml",
  "application/xml",
  "multipart/related",
  "text/xml",
]);

/** Whether a request is a message of SOAP. */
export function isSoapRequest({ method, rawPath, rawQuery, headers }: WireRequest): boolean {
  return (
    method === "POST" && rawPath === SOAP_PATH && rawQuery === "" && MEDIA_TYPES.has(mediaTypeOf(headers.get("content-type")))
  );
}

function mediaTypeOf(contentType = ""): string {
  return contentType.split(";")[0]!.trim().toLowerCase();
}
