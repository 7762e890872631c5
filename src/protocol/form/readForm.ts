import { quoted } from "../../errors/quoted.ts";
import { S3Error } from "../../errors/S3Error.ts";
import type { BodyReader } from "../streaming/BodyReader.ts";
import { parseContentType } from "../streaming/multipart/contentType.ts";
import type { MultipartReader, PartHeaders } from "../streaming/multipart/MultipartReader.ts";
import { transferEncoding } from "../streaming/multipart/MultipartReader.ts";
import { malformedForm } from "./formErrors.ts";

/** All that comes before the content of the file: fields, boundaries and header lines. It is read before it is known who asks. */
const MAX_PRE_DATA_SIZE_BYTES: number = 20 * 1024;

/** Stands for the name of the file in any field. */
const FILE_NAME_VARIABLE = "${filename}";

/** The field that is the file, wherever it came from. */
const FILE = "file";

/** A form, read up to its file. */
export interface Form {
  /** By names in lower case, with the file's name in its places; of a repeated name all values, with commas between them. */
  readonly fields: ReadonlyMap<string, string>;
  readonly hasFile: boolean;
}

/**
 * Reads the fields of a form up to the content of its file. Throws MalformedPOSTRequest, MaxPostPreDataLengthExceeded, IncompleteBody and
 * RequestTimeout.
 */
export async function readForm(parts: MultipartReader, reader: BodyReader): Promise<Form> {
  const fields = new Map<string, string>();
  for (;;) {
    const headers = await parts.begin();
    checkSize(reader.takenSizeBytes);
    if (headers === undefined) return { fields, hasFile: false };
    const { name, fileName } = partOf(headers);
    if (name === FILE) return { fields: expanded(fields, fileName), hasFile: true };
    const text = await readField(parts, reader);
    if (name === undefined) continue;
    checkEncoding(headers, name);
    const before = fields.get(name);
    const value = utf8(text, `The field ${quoted(name)}`);
    fields.set(name, before === undefined ? value : `${before},${value}`);
  }
}

/** Whether a part behind the first file is another one. */
export function isFile(headers: PartHeaders): boolean {
  return partOf(headers).name === FILE;
}

interface FormPart {
  /** In lower case; `undefined` for a part that is no field. */
  readonly name: string | undefined;
  /** Without the folders it is in; `undefined` where none was said. */
  readonly fileName: string | undefined;
}

/** Browsers put a backslash before quotes, some of them, and not before the backslashes of paths. */
const QUOTE = /\\"/g;
const FOLDERS = /^.*[/\\]/s;

function partOf(headers: PartHeaders): FormPart {
  const { type, parameters } = parseContentType(headers.get("content-disposition") ?? "", (text) => text.replace(QUOTE, '"'));
  const [name, path] = ["name", "filename"].map((parameter) => {
    const value = parameters.get(parameter);
    return value === undefined ? undefined : utf8(Buffer.from(value, "latin1"), "A Content-Disposition");
  });
  return { name: type === "form-data" ? name?.toLowerCase() : undefined, fileName: path?.replace(FOLDERS, "") };
}

async function readField(parts: MultipartReader, reader: BodyReader): Promise<Buffer> {
  const pieces: Buffer[] = [];
  for (let piece = await parts.next(); piece !== undefined; piece = await parts.next()) {
    checkSize(reader.takenSizeBytes);
    pieces.push(piece);
  }
  return Buffer.concat(pieces);
}

function checkEncoding(headers: PartHeaders, name: string): void {
  const encoding = transferEncoding(headers);
  if (encoding === undefined) return;
  throw malformedForm(
    `The field ${quoted(name)} has the Content-Transfer-Encoding ${quoted(encoding)}; a form has none (RFC 7578).`,
  );
}

const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

function utf8(bytes: Buffer, what: string): string {
  try {
    return decoder.decode(bytes);
  } catch {
    throw malformedForm(`${what} is not UTF-8, as forms are: put <meta charset="utf-8"> into the page.`);
  }
}

/** The fields with the file's name in its places. A file that has no name leaves them as they are, as S3 does. */
function expanded(fields: ReadonlyMap<string, string>, fileName: string | undefined): ReadonlyMap<string, string> {
  if (fileName === undefined) return fields;
  const made = new Map<string, string>();
  let length = 0;
  for (const [name, value] of fields) {
    const pieces = value.split(FILE_NAME_VARIABLE);
    length += value.length + (pieces.length - 1) * fileName.length;
    checkSize(length);
    made.set(name, pieces.length === 1 ? value : pieces.join(fileName));
  }
  return made;
}

function checkSize(sizeBytes: number): void {
  if (sizeBytes <= MAX_PRE_DATA_SIZE_BYTES) return;
  throw new S3Error("MaxPostPreDataLengthExceeded", {
    details: [["MaxPostPreDataLengthBytes", String(MAX_PRE_DATA_SIZE_BYTES)]],
    explanation:
      `What comes before the content of the part "file" is more than ${MAX_PRE_DATA_SIZE_BYTES} bytes, with boundaries, header lines and the ` +
      'file\'s name in its places. A file under another name counts as a field: call it "file".',
  });
}
