import type { BesideOutput } from "../Dialect.ts";
import type { GetObjectOutput, HeadObjectOutput } from "../generated/types.ts";
import type { OutputBody } from "../Payload.ts";
import { lentBytes } from "../Payload.ts";
import { element, response, status, text, time } from "./answers.ts";
import { inlineDataTooLarge, MAX_INLINE_SIZE_BYTES } from "./SoapRequest.ts";
import type { SoapRequest } from "./SoapRequest.ts";

/** The answer to a read of an object: what stands in the envelope's body, and what is attached to it. */
export interface ReadAnswer {
  readonly inside: string;
  readonly attached: OutputBody | undefined;
}

type Read = HeadObjectOutput & Partial<Pick<GetObjectOutput, "Body">>;

/** Answers GetObject and GetObjectExtended. Throws InlineDataTooLarge. */
export async function readAnswer(request: SoapRequest, output: Read, beside: BesideOutput): Promise<ReadAnswer> {
  const wants = request.meaning.wants!;
  const body = output.Body as OutputBody | Buffer | undefined;
  const content = Buffer.isBuffer(body) ? { sizeBytes: body.length, source: body } : body;
  const data = wants.data === "inline" ? `<Data>${(await gathered(content!)).toString("base64")}</Data>` : NO_DATA;
  const inside = answer(request, beside.status === 206 ? 206 : 200, {
    metadata: wants.metadata ? metadata(output, beside) : "",
    data,
    lastModified: output.LastModified!,
    etag: output.ETag!,
  });
  return { inside, attached: wants.data === "attached" ? content : undefined };
}

/** The answer where REST's is 304, for which SOAP has no fault. `etag` with its quotes. */
export function notModifiedAnswer(request: SoapRequest, etag: string, lastModified: Date): string {
  return answer(request, 304, { metadata: "", data: NO_DATA, lastModified, etag });
}

/** The schema wants the element in every answer. */
const NO_DATA = '<Data xsi:nil="true"/>';

interface Parts {
  readonly metadata: string;
  readonly data: string;
  readonly lastModified: Date;
  readonly etag: string;
}

function answer(
  { soapOperation }: SoapRequest,
  code: 200 | 206 | 304,
  { metadata: entries, data, lastModified, etag }: Parts,
): string {
  const inside = element("Status", status(code)) + entries + data + time("LastModified", lastModified) + text("ETag", etag);
  // Of both operations.
  return response(soapOperation.name, element("GetObjectResponse", inside));
}

const SYSTEM_METADATA = [
  ["Content-Type", "ContentType"],
  ["Content-Disposition", "ContentDisposition"],
  ["Content-Encoding", "ContentEncoding"],
  ["Content-Language", "ContentLanguage"],
  ["Cache-Control", "CacheControl"],
  ["Expires", "ExpiresString"],
] as const;

function metadata(output: Read, { userMetadata = [] }: BesideOutput): string {
  let entries = "";
  for (const [name, member] of SYSTEM_METADATA) {
    const value = output[member];
    if (value !== undefined) entries += entry(name, value);
  }
  for (const [name, value] of userMetadata) entries += entry(name, value);
  return entries;
}

function entry(name: string, value: string): string {
  return element("Metadata", text("Name", name) + text("Value", value));
}

async function gathered({ sizeBytes, source }: OutputBody): Promise<Buffer> {
  const isTooLarge = sizeBytes > MAX_INLINE_SIZE_BYTES;
  if (Buffer.isBuffer(source)) {
    if (isTooLarge) throw inlineDataTooLarge(`What is asked for has ${sizeBytes} bytes`);
    return source;
  }
  const bytes = Buffer.allocUnsafe(isTooLarge ? 0 : sizeBytes);
  let filled = 0;
  for await (const piece of source) {
    // Only now: what is left in the middle is closed, and what was never begun is not.
    if (isTooLarge) throw inlineDataTooLarge(`What is asked for has ${sizeBytes} bytes`);
    filled += lentBytes(piece).copy(bytes, filled);
  }
  return bytes;
}
