import type { SentMessage } from "./axisMessages.ts";

/** A record of DIME as a test wants it; right unless said otherwise, but for the flags. */
export interface DimeRecord {
  readonly version?: number;
  /** MB 4, ME 2, CF 1. */
  readonly flags: number;
  /** An absolute URI unless said otherwise. */
  readonly typeFormat?: number;
  readonly reserved?: number;
  readonly options?: string;
  readonly id?: string;
  readonly type?: string;
  readonly data?: Buffer | string;
  /** In place of the data's. */
  readonly dataSizeBytes?: number;
}

/** The envelope of the tests' messages. */
export const ENVELOPE = "<Envelope/>";
export const SOAP = "http://schemas.xmlsoap.org/soap/envelope/";

/** The record of an envelope that others follow. */
export const ENVELOPE_RECORD: DimeRecord = { flags: 4, id: "uuid:1", type: SOAP, data: ENVELOPE };

/** A message of these records. */
export function dime(...records: readonly DimeRecord[]): SentMessage {
  return { contentType: "application/dime", body: Buffer.concat(records.map(recordBytes)) };
}

/** The bytes of a record, written by what the draft says and not by what the product does. */
function recordBytes(record: DimeRecord): Buffer {
  const { version = 1, flags, typeFormat = 2, reserved = 0, options = "", id = "", type = "", data = "" } = record;
  const head = Buffer.alloc(12);
  head.writeUInt8(version * 8 + flags, 0);
  head.writeUInt8(typeFormat * 16 + reserved, 1);
  head.writeUInt16BE(options.length, 2);
  head.writeUInt16BE(id.length, 4);
  head.writeUInt16BE(type.length, 6);
  head.writeUInt32BE(record.dataSizeBytes ?? data.length, 8);
  return Buffer.concat([head, ...[options, id, type, data].flatMap((field) => [Buffer.from(field), zeros(field.length)])]);
}

function zeros(sizeBytes: number): Buffer {
  return Buffer.alloc([0, 3, 2, 1][sizeBytes % 4]!);
}
