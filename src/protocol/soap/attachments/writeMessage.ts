import { parseContentType } from "../../streaming/multipart/contentType.ts";
import type { SoapVersion } from "../SoapVersion.ts";
import type { AttachedMessage, AttachmentFormat, OutgoingAttachment } from "./OutgoingMessage.ts";
import { writeDime } from "./writeDime.ts";
import { writeRelated } from "./writeRelated.ts";

/** What a media type may have in a header line, and in a field for which readers know no other characters. */
const VISIBLE = /^[\x20-\x7e]+$/;

/**
 * An envelope and an attachment as one body of known size. The attachment is streamed, and asked for its first piece before anything is
 * written; who leaves the body early, leaves it. `id` marks what belongs to this message: letters and digits that no other message has, and no
 * object can contain but by chance, such as a request's id.
 */
export function attached(
  format: AttachmentFormat,
  envelope: Buffer,
  attachment: OutgoingAttachment,
  soapVersion: SoapVersion,
  id: string,
): AttachedMessage {
  const mediaType = VISIBLE.test(attachment.mediaType) ? attachment.mediaType : "application/octet-stream";
  const message = { envelope, attachment: { ...attachment, mediaType }, soapVersion, id };
  return format === "dime" ? writeDime(message) : writeRelated(message);
}

const FORMATS: ReadonlyMap<string, AttachmentFormat> = new Map([
  ["application/dime", "dime"],
  ["multipart/related", "mime"],
  ["multipart/*", "mime"],
]);

/**
 * The format that a client reads. One that sends a format reads it. Of those that its Accept header names, the one of the highest quality
 * counts, and of equals the first. So Axis, which reads both and names DIME first, gets DIME: AWS's documentation speaks of that alone, and its
 * records say their size, so that nothing within an object can be taken for its end. Who names neither gets MIME, which is still read.
 */
export function attachmentFormat(accept: string | undefined, contentType: string | undefined): AttachmentFormat {
  const sent = FORMATS.get(parseContentType(contentType ?? "").type);
  if (sent !== undefined) return sent;
  let best: AttachmentFormat = "mime";
  let bestQuality = 0;
  for (const range of (accept ?? "").split(",")) {
    const { type, parameters } = parseContentType(range);
    const format = FORMATS.get(type);
    const quality = Number(parameters.get("q") ?? 1);
    if (format === undefined || !(quality > bestQuality)) continue;
    best = format;
    bestQuality = quality;
  }
  return best;
}
