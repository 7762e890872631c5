import type { BodyReader } from "../../streaming/BodyReader.ts";
import { CUT_AT_ITS_END, MAX_PIECE_SIZE_BYTES, terminated } from "../../streaming/Framing.ts";
import { dimePadding, DIME_HEAD_SIZE_BYTES, DIME_VERSION, FLAG, TYPE_FORMAT } from "./dimeFormat.ts";
import type { Parts } from "./Parts.ts";
import { invalidSoapRequest } from "../invalidSoapRequest.ts";
import { sentMediaType } from "./Parts.ts";

/** Options, an id or a type; their fields of 16 bits could say more. */
const MAX_FIELD_SIZE_BYTES = 8_192;

/** Records in one message without any data: each costs its sender twelve bytes, and brings nothing on. */
const MAX_EMPTY_RECORDS = 100;

/** The twelve bytes before a record. */
interface RecordHead {
  readonly isFirst: boolean;
  readonly isLast: boolean;
  /** The next record goes on with this one's data. */
  readonly isChunked: boolean;
  readonly typeFormat: number;
  readonly optionsSizeBytes: number;
  readonly idSizeBytes: number;
  readonly typeSizeBytes: number;
  readonly dataSizeBytes: number;
}

/**
 * The payloads of a DIME message, each of one record or a chain of chunks. The four reserved bits, options, ids and the bytes of paddings mean
 * nothing here, nor does the type of the first payload: that is the envelope. A record of no type and no data may end the message.
 * @see https://datatracker.ietf.org/doc/html/draft-nielsen-dime-02
 */
export class DimeRecords implements Parts {
  mediaType: string | undefined;
  readonly #reader: BodyReader;
  #number = 0;
  #emptyRecords = 0;
  /** Of the record being read. */
  #isLast = false;
  #isChunked = false;
  #dataSizeBytes = 0;
  #paddingSizeBytes = 0;

  constructor(reader: BodyReader) {
    this.#reader = reader;
  }

  async begin(): Promise<boolean> {
    if (this.#isLast) return this.#end();
    const head = await this.#readHead();
    await this.#skip(padded(head.optionsSizeBytes) + padded(head.idSizeBytes));
    const type = (await this.#bytes(padded(head.typeSizeBytes))).toString("latin1", 0, head.typeSizeBytes);
    this.#beginData(head);
    switch (head.typeFormat) {
      case TYPE_FORMAT.mediaType:
        this.mediaType = sentMediaType(type);
        return true;
      case TYPE_FORMAT.absoluteUri:
      case TYPE_FORMAT.unknown:
        this.mediaType = undefined;
        return true;
      case TYPE_FORMAT.none:
        if (type !== "" || head.dataSizeBytes > 0 || !head.isLast) {
          throw this.#wrong("has no type, and so neither data nor a record behind it");
        }
        return this.#end();
      default:
        throw this.#wrong(`has the TYPE_T ${head.typeFormat}; where data begins, it is 1 to 4`);
    }
  }

  async next(): Promise<Buffer | undefined> {
    while (this.#dataSizeBytes === 0) {
      await this.#skip(this.#paddingSizeBytes);
      this.#paddingSizeBytes = 0;
      if (!this.#isChunked) return undefined;
      await this.#beginChunk();
    }
    const piece = await this.#take(this.#dataSizeBytes);
    this.#dataSizeBytes -= piece.length;
    return piece;
  }

  async #beginChunk(): Promise<void> {
    const head = await this.#readHead();
    if (head.typeFormat !== TYPE_FORMAT.unchanged || head.idSizeBytes > 0 || head.typeSizeBytes > 0) {
      throw this.#wrong("goes on with the data of the one before; such a one has the TYPE_T 0, no id and no type");
    }
    await this.#skip(padded(head.optionsSizeBytes));
    this.#beginData(head);
  }

  #beginData({ isLast, isChunked, dataSizeBytes }: RecordHead): void {
    this.#isLast = isLast;
    this.#isChunked = isChunked;
    this.#dataSizeBytes = dataSizeBytes;
    this.#paddingSizeBytes = dimePadding(dataSizeBytes);
  }

  async #readHead(): Promise<RecordHead> {
    this.#number += 1;
    const bytes = await this.#bytes(DIME_HEAD_SIZE_BYTES);
    const first = bytes[0]!;
    const head: RecordHead = {
      isFirst: (first & FLAG.messageBegin) !== 0,
      isLast: (first & FLAG.messageEnd) !== 0,
      isChunked: (first & FLAG.chunk) !== 0,
      typeFormat: bytes[1]! >> 4,
      optionsSizeBytes: bytes.readUInt16BE(2),
      idSizeBytes: bytes.readUInt16BE(4),
      typeSizeBytes: bytes.readUInt16BE(6),
      dataSizeBytes: bytes.readUInt32BE(8),
    };
    if (first >> 3 !== DIME_VERSION) throw this.#wrong(`is of version ${first >> 3} of DIME, not ${DIME_VERSION}`);
    if (head.isFirst !== (this.#number === 1))
      throw this.#wrong(`has ${head.isFirst ? "an" : "no"} MB flag; the first has it, and no other`);
    if (head.isLast && head.isChunked) throw this.#wrong("is the last, and says by its CF flag that its data goes on");
    if (Math.max(head.optionsSizeBytes, head.idSizeBytes, head.typeSizeBytes) > MAX_FIELD_SIZE_BYTES) {
      throw this.#wrong(`has options, an id or a type of more than ${MAX_FIELD_SIZE_BYTES} bytes`);
    }
    if (head.dataSizeBytes === 0) this.#emptyRecords += 1;
    if (this.#emptyRecords > MAX_EMPTY_RECORDS) throw this.#wrong(`is the one without data after ${MAX_EMPTY_RECORDS} others`);
    return head;
  }

  /** Behind the last record comes nothing. */
  async #end(): Promise<false> {
    if ((await this.#reader.next(1)) !== undefined)
      throw invalidSoapRequest("Bytes follow the record that is the last by its ME flag.");
    if (this.#reader.wasCut) throw terminated(CUT_AT_ITS_END);
    return false;
  }

  async #skip(sizeBytes: number): Promise<void> {
    for (let left = sizeBytes; left > 0;) left -= (await this.#take(left)).length;
  }

  /** So many bytes, which are few. */
  async #bytes(sizeBytes: number): Promise<Buffer> {
    const bytes = Buffer.allocUnsafe(sizeBytes);
    for (let filled = 0; filled < sizeBytes;) filled += (await this.#take(sizeBytes - filled)).copy(bytes, filled);
    return bytes;
  }

  /** The next bytes, at most so many. */
  async #take(limitBytes: number): Promise<Buffer> {
    const piece = await this.#reader.next(Math.min(limitBytes, MAX_PIECE_SIZE_BYTES));
    if (piece === undefined) throw terminated(`The body ended within record ${this.#number} of the message, or before it.`);
    return piece;
  }

  #wrong(what: string): Error {
    return invalidSoapRequest(`Record ${this.#number} of the message ${what}.`);
  }
}

function padded(sizeBytes: number): number {
  return sizeBytes + dimePadding(sizeBytes);
}
