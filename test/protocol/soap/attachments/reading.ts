import { Readable } from "node:stream";
import type { SoapMessage } from "../../../../src/protocol/soap/attachments/readMessage.ts";
import { readMessage } from "../../../../src/protocol/soap/attachments/readMessage.ts";
import { BodyReader } from "../../../../src/protocol/streaming/BodyReader.ts";
import type { Framing } from "../../../../src/protocol/streaming/Framing.ts";
import { wireRequestFor } from "../../../auth/wireRequestFor.ts";
import type { SentMessage } from "./axisMessages.ts";

/** Messages of tests, read as the server reads them: who asks for more is done with what there was, whose memory is then gone. */

/** What a message turned out to be. */
export interface ReadMessage {
  readonly envelope: string;
  readonly mediaType: string | undefined;
  /** Of the attachment; `undefined` where there is none. */
  readonly content: Buffer | undefined;
}

/** No envelope of the tests is larger. */
const LIMIT_BYTES = 1_000_000;

/** Begins to read a message whose body comes in these pieces. */
export function begin(
  contentType: string | undefined,
  body: Readable | readonly Buffer[],
  limitBytes: number = LIMIT_BYTES,
): Promise<SoapMessage> {
  // Memory of its own, which can be given back.
  const sent = body instanceof Readable ? body : body.map((piece) => Buffer.from(new Uint8Array(piece).buffer));
  return readMessage(contentType, new BodyReader(wireRequestFor({ body: sent }).body, 20_000), limitBytes);
}

/** Everything a framing yields. */
export async function drained(framing: Framing): Promise<Buffer> {
  const pieces: Buffer[] = [];
  for (let piece = await framing.next(); piece !== undefined; piece = await framing.next()) {
    pieces.push(Buffer.from(piece));
    framing.giveBack();
  }
  framing.close();
  return Buffer.concat(pieces);
}

/** Reads a whole message, whose attachment is announced with so many bytes. */
export async function read(
  { contentType, body }: SentMessage,
  sizeBytes: number,
  places: readonly number[] = [],
): Promise<ReadMessage> {
  const { envelope, attachment } = await begin(contentType, cutAt(body, places));
  const content = attachment && (await drained(attachment.framing(sizeBytes)));
  return { envelope: envelope.toString(), mediaType: attachment?.mediaType, content };
}

/** The same bytes, arriving in pieces that end at these places. */
export function cutAt(body: Buffer, places: readonly number[]): Buffer[] {
  const ends = [...new Set(places.map((place) => place % (body.length + 1))), body.length].sort((a, b) => a - b);
  return ends.map((end, index) => body.subarray(ends[index - 1] ?? 0, end)).filter((piece) => piece.length > 0);
}

/** Byte by byte; a large body in pieces of 61. */
export function everywhere(body: Buffer): number[] {
  const step = body.length > 5_000 ? 61 : 1;
  return [...body.keys()].filter((place) => place % step === 0);
}

/** A body whose connection is lost behind these bytes. */
export function lost(bytes: Buffer): Readable {
  const body = new Readable({ read() {} });
  body.on("error", () => undefined);
  if (bytes.length > 0) body.push(bytes);
  setImmediate(() => body.destroy(new Error("aborted")));
  return body;
}
