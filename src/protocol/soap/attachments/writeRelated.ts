import { between, piecesOf } from "./streamed.ts";
import type { AttachedMessage, OutgoingMessage } from "./OutgoingMessage.ts";

const ENVELOPE_TYPE = { "1.1": "text/xml", "1.2": "application/soap+xml" } as const;

/** A message as multipart/related (RFC 2387), its parts as Axis 1.4 writes them. */
export function writeRelated({ envelope, attachment, soapVersion, id }: OutgoingMessage): AttachedMessage {
  const boundary = `holdfast-${id}`;
  const envelopeType = ENVELOPE_TYPE[soapVersion];
  const envelopeId = `<envelope.${id}@holdfast>`;
  const before = Buffer.concat([
    Buffer.from(`--${boundary}${partHead(`${envelopeType}; charset=UTF-8`, envelopeId)}`),
    envelope,
    Buffer.from(`\r\n--${boundary}${partHead(attachment.mediaType, `<attachment.${id}@holdfast>`)}`),
  ]);
  const behind = Buffer.from(`\r\n--${boundary}--\r\n`);
  return {
    contentType: `multipart/related; type="${envelopeType}"; start="${envelopeId}"; boundary="${boundary}"`,
    body: {
      sizeBytes: before.length + attachment.body.sizeBytes + behind.length,
      source: between(before, piecesOf(attachment.body), behind),
    },
  };
}

/** What stands between a boundary and a part's bytes. */
function partHead(mediaType: string, contentId: string): string {
  return `\r\nContent-Type: ${mediaType}\r\nContent-Transfer-Encoding: binary\r\nContent-Id: ${contentId}\r\n\r\n`;
}
