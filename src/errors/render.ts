import { escapeXml } from "./escapeXml.ts";
import type { ServiceError } from "./ServiceError.ts";

/** What an error body says of the answer it is in. */
export interface ErrorAnswer {
  readonly requestId: string;
  readonly hostId: string;
  /** The path asked for, percent-decoded as far as it can be. */
  readonly resource: string;
  /** False for the operations whose answers come without an XML declaration. */
  readonly declaration?: boolean;
}

const DECLARATION = '<?xml version="1.0" encoding="UTF-8"?>\n';

/**
 * The body of a REST error: Code, Message, details, Details, Resource, RequestId, HostId.
 * `Details` (our explanation) and `Resource` are documented by S3 though its wire leaves them out; clients act on Code.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html#RESTErrorResponses
 */
export function renderRestError(error: ServiceError, answer: ErrorAnswer): Buffer {
  let body = `${answer.declaration === false ? "" : DECLARATION}<Error>${element("Code", error.code)}${element("Message", error.message)}`;
  for (const [name, value] of error.details) if (value !== undefined) body += element(name, value);
  if (error.explanation !== undefined) body += element("Details", error.explanation);
  body += `${element("Resource", answer.resource)}${element("RequestId", answer.requestId)}${element("HostId", answer.hostId)}</Error>`;
  return Buffer.from(body);
}

function element(name: string, text: string): string {
  return text === "" ? `<${name}/>` : `<${name}>${escapeXml(text)}</${name}>`;
}
