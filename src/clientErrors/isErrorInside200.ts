import { bodyText } from "./bodyText.ts";

/** The start of a tag, or of what may stand before the root: `<?…?>` and `<!--…-->`. */
const OPENING = /[\s\uFEFF]*<(\?|!--)?/y;
const ROOT = /(?:[\w-]{1,32}:)?(Error|ErrorResponse)[\s/>]/y;

/**
 * Whether the body of a 200 is an error. CopyObject, UploadPartCopy and CompleteMultipartUpload send their status before they know how they end,
 * and then white space, so that the connection stays open: only the body tells. An empty one is an error too, for these operations never
 * succeed without one. Never throws; takes time in proportion to the body.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/API_CompleteMultipartUpload.html
 */
export function isErrorInside200(body: string | Uint8Array | ArrayBuffer): boolean {
  const text = bodyText(body) ?? "";
  let at = 0;
  for (;;) {
    OPENING.lastIndex = at;
    const opening = OPENING.exec(text);
    if (opening === null) return text.slice(at).trim() === "";
    if (opening[1] === undefined) {
      ROOT.lastIndex = OPENING.lastIndex;
      return ROOT.test(text);
    }
    const close = opening[1] === "?" ? "?>" : "-->";
    const end = text.indexOf(close, OPENING.lastIndex);
    if (end === -1) return false;
    at = end + close.length;
  }
}
