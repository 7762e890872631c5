import type { Piece } from "../../Payload.ts";
import { ENVELOPE_NAMESPACES } from "../SoapVersion.ts";
import { DIME_HEAD_SIZE_BYTES, DIME_VERSION, dimePadding, FLAG, TYPE_FORMAT } from "./dimeFormat.ts";
import { between, piecesOf } from "./streamed.ts";
import type { AttachedMessage, OutgoingMessage } from "./OutgoingMessage.ts";

/** The largest multiple of four that 32 bits hold: all chunks but the last have this size, and no padding. */
const MAX_RECORD_DATA_SIZE_BYTES: number = 2 ** 32 - 4;

/** Axis 1.4 takes the size of a longer type for a negative one, and the type for data. */
const MAX_TYPE_SIZE_BYTES = 127;

/** What stands before a record's data. */
interface RecordStart {
  readonly flags: number;
  readonly typeFormat: number;
  readonly id?: string;
  readonly type?: string;
  readonly dataSizeBytes: number;
}

/** A message in DIME: a record that is the envelope, and one that is the attachment, or as many as it takes. */
export function writeDime({ envelope, attachment, soapVersion, id }: OutgoingMessage): AttachedMessage {
  const { mediaType, body } = attachment;
  const { sizeBytes } = body;
  const before = Buffer.concat([
    recordStart({
      flags: FLAG.messageBegin,
      typeFormat: TYPE_FORMAT.absoluteUri,
      id: `cid:envelope.${id}@holdfast`,
      // The type of an envelope is the namespace that it is in.
      type: ENVELOPE_NAMESPACES[soapVersion],
      dataSizeBytes: envelope.length,
    }),
    envelope,
    padding(envelope.length),
    recordStart({
      ...chunkAt(0, sizeBytes),
      typeFormat: TYPE_FORMAT.mediaType,
      id: `cid:attachment.${id}@holdfast`,
      type: mediaType.length > MAX_TYPE_SIZE_BYTES ? "application/octet-stream" : mediaType,
    }),
  ]);
  const behind = padding(sizeBytes);
  const chunkHeadsSizeBytes = Math.max(Math.ceil(sizeBytes / MAX_RECORD_DATA_SIZE_BYTES) - 1, 0) * DIME_HEAD_SIZE_BYTES;
  return {
    contentType: "application/dime",
    body: {
      sizeBytes: before.length + sizeBytes + chunkHeadsSizeBytes + behind.length,
      source: between(before, inChunks(piecesOf(body), sizeBytes), behind),
    },
  };
}

/** Pieces with a record's head wherever a chunk but the first begins. */
async function* inChunks(
  pieces: AsyncIterable<Piece> | Iterable<Piece>,
  sizeBytes: number,
): AsyncGenerator<Piece, void, undefined> {
  let offset = 0;
  let chunkEnd = MAX_RECORD_DATA_SIZE_BYTES;
  for await (const piece of pieces) {
    for (let start = 0; start < piece.length;) {
      if (offset === chunkEnd) {
        yield recordStart({ ...chunkAt(offset, sizeBytes), typeFormat: TYPE_FORMAT.unchanged });
        chunkEnd += MAX_RECORD_DATA_SIZE_BYTES;
      }
      const end = Math.min(piece.length, start + chunkEnd - offset);
      yield piece.subarray(start, end);
      offset += end - start;
      start = end;
    }
  }
}

/** The flags and the size of the chunk that begins at a place in an attachment. */
function chunkAt(offset: number, sizeBytes: number): Pick<RecordStart, "flags" | "dataSizeBytes"> {
  const restSizeBytes = sizeBytes - offset;
  return restSizeBytes > MAX_RECORD_DATA_SIZE_BYTES
    ? { flags: FLAG.chunk, dataSizeBytes: MAX_RECORD_DATA_SIZE_BYTES }
    : { flags: FLAG.messageEnd, dataSizeBytes: restSizeBytes };
}

function recordStart({ flags, typeFormat, id = "", type = "", dataSizeBytes }: RecordStart): Buffer {
  const head = Buffer.alloc(DIME_HEAD_SIZE_BYTES);
  head[0] = (DIME_VERSION << 3) | flags;
  head[1] = typeFormat << 4;
  head.writeUInt16BE(id.length, 4);
  head.writeUInt16BE(type.length, 6);
  head.writeUInt32BE(dataSizeBytes, 8);
  return Buffer.concat([head, Buffer.from(id), padding(id.length), Buffer.from(type), padding(type.length)]);
}

function padding(sizeBytes: number): Buffer {
  return Buffer.alloc(dimePadding(sizeBytes));
}
