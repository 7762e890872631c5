import { quoted } from "../../errors/quoted.ts";
import type { HeaderLines } from "../../protocol/WireRequest.ts";

/** Headers as a client may have signed them, and what to tell it then. */
export type OtherHeaders = readonly [headers: HeaderLines, said: string];

/** What clients and proxies put in when nobody says what a body is. */
const USUAL_TYPES = [
  "application/octet-stream",
  "binary/octet-stream",
  "application/x-www-form-urlencoded",
  "application/xml",
  "text/plain",
] as const;

/** Values that HTTP libraries and proxies write over one another. */
const USUAL_ENCODINGS = ["identity", "gzip", "gzip, deflate", "gzip, deflate, br", ""] as const;

/** Headers whose values differ from those that arrived, as far as `isSigned` says that they are signed. */
export function* otherHeaders(headers: HeaderLines, isSigned: (name: string) => boolean): Generator<OtherHeaders> {
  const like = (name: string, value: string, cause: string): OtherHeaders => {
    const [was, is] = [value, headers.get(name) ?? ""].map((text) => (text === "" ? "empty" : quoted(text)));
    return [withValue(headers, name, value), `${titled(name)} was signed as ${was}, and arrived as ${is}: ${cause}`];
  };
  if (isSigned("content-type")) {
    const type = headers.get("content-type") ?? "";
    const bare = type.split(";", 1)[0]!.trimEnd();
    const completed = [`${bare}; charset=utf-8`, `${bare}; charset=UTF-8`, `${bare};charset=utf-8`, `${bare};charset=UTF-8`];
    for (const other of ["", bare, ...completed, ...USUAL_TYPES])
      if (other !== type)
        yield like(
          "content-type",
          other,
          "an HTTP library or a proxy set or completed it. Set it before signing; with a presigned URL, send the type it was made for.",
        );
  }
  if (isSigned("accept-encoding"))
    for (const other of USUAL_ENCODINGS)
      yield like(
        "accept-encoding",
        other,
        "proxies and HTTP libraries write their own. Do not sign it, or switch off what changes it.",
      );
  for (const name of ["content-md5", "content-length", "content-encoding", "cache-control", "user-agent"])
    if (isSigned(name) && (headers.get(name) ?? "") !== "")
      yield like(name, "", "it was added after signing. Set it before, or leave it out of the signed headers.");
}

/** The headers with one value in place of another. */
export function withValue(headers: HeaderLines, name: string, value: string): HeaderLines {
  return {
    get: (asked) => (asked === name ? value : headers.get(asked)),
    has: (asked) => asked === name || headers.has(asked),
    names: () => headers.names(),
    all: (asked) => (asked === name ? [value] : headers.all(asked)),
  };
}

/** Content-MD5 for content-md5. */
function titled(name: string): string {
  return name === "content-md5" ? "Content-MD5" : name.replace(/\b[a-z]/g, (letter) => letter.toUpperCase());
}
