import { escapeXml } from "../../errors/escapeXml.ts";
import type { EncodedOutput } from "../Dialect.ts";
import { urlOf } from "../rest/urlOf.ts";
import { isHeaderValue } from "../rest/headerTexts.ts";
import { XML_DECLARATION } from "../xml/writeXml.ts";
import type { FormRequest } from "./FormRequest.ts";

/** What a form is answered: the answer of a PUT, with the place of the object, and as the form's fields want it. */
export function formAnswer({ headers }: EncodedOutput, etag: string, form: FormRequest): EncodedOutput {
  const { secure, address, headers: sentHeaders } = form.request;
  const bucket = address.bucket!;
  const redirect = redirectOf(form.field("success_action_redirect") ?? form.field("redirect"));
  if (redirect !== undefined) {
    const location = withParameters(redirect, new URLSearchParams({ bucket, key: form.key, etag }).toString());
    return { status: 303, headers: [...headers, ["Location", location]], body: undefined };
  }
  const host = sentHeaders.get("host") ?? "localhost";
  const location = urlOf({ secure, host, addressStyle: address.style === "path" ? "path" : "virtual" }, bucket, form.key);
  const withLocation: EncodedOutput["headers"] = [...headers, ["Location", location]];
  switch (form.field("success_action_status")) {
    case "200":
      return { status: 200, headers: withLocation, body: undefined };
    case "201":
      return {
        status: 201,
        headers: [...withLocation, ["Content-Type", "application/xml"]],
        body: Buffer.from(postResponse(location, bucket, form.key, etag)),
      };
    default:
      return { status: 204, headers: withLocation, body: undefined };
  }
}

/** Without S3's namespace, and with bare quotes around the ETag, as S3 writes it. */
function postResponse(location: string, bucket: string, key: string, etag: string): string {
  const inside = Object.entries({ Location: location, Bucket: bucket, Key: key })
    .map(([name, text]) => `<${name}>${escapeXml(text)}</${name}>`)
    .join("");
  return `${XML_DECLARATION}<PostResponse>${inside}<ETag>${etag}</ETag></PostResponse>`;
}

const HTTP = /^https?:\/\//i;

/** An address that a browser can be sent to; S3 takes no notice of any other. */
function redirectOf(text: string | undefined): string | undefined {
  return text !== undefined && HTTP.test(text) && isHeaderValue(text) && URL.canParse(text) ? text : undefined;
}

/** An address with further parameters behind those that it has. Nothing else of it is touched, as on S3. */
function withParameters(address: string, parameters: string): string {
  const before = address.split("#")[0]!;
  return `${before}${before.includes("?") ? "&" : "?"}${parameters}${address.slice(before.length)}`;
}
