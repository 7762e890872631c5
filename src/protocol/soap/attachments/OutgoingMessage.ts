import type { OutputBody } from "../../Payload.ts";
import type { SoapVersion } from "../SoapVersion.ts";

/** How an envelope and an attachment are made one body. */
export type AttachmentFormat = "dime" | "mime";

/** A message to be written. */
export interface OutgoingMessage {
  readonly envelope: Buffer;
  readonly attachment: OutgoingAttachment;
  readonly soapVersion: SoapVersion;
  /** Letters and digits that no other message has: they mark what belongs to this one. */
  readonly id: string;
}

/** What goes beside an envelope. */
export interface OutgoingAttachment {
  /** Whatever its owner says it is. */
  readonly mediaType: string;
  readonly body: OutputBody;
}

/** A body of several parts, and what its Content-Type says. */
export interface AttachedMessage {
  readonly contentType: string;
  readonly body: OutputBody;
}
