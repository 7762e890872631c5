import { SaxesParser } from "saxes";
import { errorCodes } from "../../src/errors/catalogue.ts";
import { isQueryErrorCode } from "../../src/errors/QueryError.ts";
import type { Answer } from "./answers.ts";
import { header } from "./answers.ts";
import type { WireRequest } from "./Draft.ts";
import { FUZZER, KEEPER } from "./world.ts";

const CATALOGUE_CODES: ReadonlySet<string> = new Set(errorCodes());

/** Headers that an answer may have several lines of. */
const REPEATABLE: ReadonlySet<string> = new Set(["vary"]);

/** S3 writes characters that XML 1.0 does not have as numeric references; apart from them its documents are well-formed. */
const FORBIDDEN_REFERENCE = /&#x(?:[0-8bcef]|1[0-9a-f]|d[89a-f][0-9a-f]{2}|fff[ef]);/gi;

/** How IAM and STS number requests. */
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

/** The content types of the server's own paths. */
const OWN_TYPES: ReadonlySet<string> = new Set(["application/json", "text/plain; version=0.0.4; charset=utf-8"]);

/** What is wrong with an answer, whatever was asked; empty if nothing is. */
export function problemsOf(answer: Answer, request: WireRequest): string[] {
  const problems: string[] = [];
  const { status, headers, body } = answer;
  const isFault = status === 500 && SOAP_TYPES.has(header(answer, "content-type") ?? "");
  if (status >= 500 && status !== 501 && !isFault) problems.push(`the answer is ${status}`);
  if (status < 300 && request.isForged) problems.push(`a forged signature is answered with ${status}`);
  const names = headers.map(([name]) => name).filter((name) => !REPEATABLE.has(name));
  const repeated = names.find((name, index) => names.indexOf(name) !== index);
  if (repeated !== undefined) problems.push(`the header ${repeated} comes twice`);
  if (request.isOldVersion && header(answer, "transfer-encoding") !== undefined) problems.push("HTTP/1.0 is answered in chunks");
  const text = body.toString();
  for (const { secretAccessKey } of [FUZZER, KEEPER])
    if (text.includes(secretAccessKey)) problems.push("the answer shows a secret");
  problems.push(...unexpected(answer, request));
  if (isOwnAnswer(answer)) return problems;
  if (header(answer, "date") === undefined) problems.push("the Date header is missing");
  if (header(answer, "x-amzn-requestid") !== undefined) return [...problems, ...queryProblems(answer, text)];
  if (!/^[0-9A-Z]{16}$/.test(header(answer, "x-amz-request-id") ?? "")) problems.push("x-amz-request-id is missing or odd");
  if (!/^[\w+/=]{76}$/.test(header(answer, "x-amz-id-2") ?? "")) problems.push("x-amz-id-2 is missing or odd");
  if (header(answer, "server") !== "AmazonS3") problems.push("the Server header is missing");
  const isDocument =
    body.length > 0 && header(answer, "content-type") === "application/xml" && header(answer, "etag") === undefined;
  if (isFault) problems.push(...faultProblems(text));
  else if (isDocument) problems.push(...documentProblems(answer, text));
  else if (status >= 400 && !request.isHead && !isBare(answer)) problems.push("an error comes without a document");
  return problems;
}

/** So much of an answer that should be another one is shown. */
const SHOWN_SIZE_BYTES = 500;

/** How an answer differs from what is known of it. */
function unexpected(answer: Answer, { expects }: WireRequest): string[] {
  if (expects === undefined) return [];
  const { status, etag = header(answer, "etag"), body } = expects;
  if (answer.status !== status)
    return [`the answer is ${answer.status}, not ${status}: ${answer.body.toString("latin1", 0, SHOWN_SIZE_BYTES)}`];
  if (header(answer, "etag") !== etag) return [`the ETag is ${header(answer, "etag")}, not ${etag}`];
  if (body !== undefined && answer.body.toString("latin1") !== body) return ["the body is not what was written last"];
  return [];
}

/** The server's own paths answer without S3's headers. */
function isOwnAnswer(answer: Answer): boolean {
  const type = header(answer, "content-type") ?? "";
  return answer.status === 200 && OWN_TYPES.has(type) && header(answer, "x-amz-request-id") === undefined;
}

/** Statuses with which transfer codings that S3 does not read, and keys that lead above their bucket, are refused without a body. */
const BARE_STATUSES: ReadonlySet<number> = new Set([400, 501]);

function isBare(answer: Answer): boolean {
  return BARE_STATUSES.has(answer.status) && header(answer, "content-length") === "0" && answer.closes;
}

/** What is wrong with an answer of IAM's or STS's, which forms that are posted to "/" are for. */
function queryProblems(answer: Answer, text: string): string[] {
  const id = header(answer, "x-amzn-requestid")!;
  const problems: string[] = [];
  if (!UUID.test(id)) problems.push("x-amzn-RequestId is odd");
  if (header(answer, "content-type") !== "text/xml") problems.push("the document of a query has another type");
  const elements = elementsOf(text);
  if (typeof elements === "string") return [...problems, elements];
  if (answer.status < 400) return problems;
  const code = elements.get("ErrorResponse/Error/Code");
  if (code === undefined || !(isQueryErrorCode(code) || CATALOGUE_CODES.has(code))) problems.push(`the error's Code is ${code}`);
  if (elements.get("ErrorResponse/RequestId") !== id) problems.push("RequestId is not x-amzn-RequestId");
  return problems;
}

/** What SOAP's answers are without attachments. */
const SOAP_TYPES: ReadonlySet<string> = new Set(["text/xml; charset=utf-8", "application/soap+xml; charset=utf-8"]);

/** Where the code of a fault stands, in each version of SOAP. */
const FAULT_CODES = ["soapenv:Fault/faultcode", "soapenv:Fault/soapenv:Code/soapenv:Value"];

const SOAP_CODE = /^(?:soapenv:(?:VersionMismatch|MustUnderstand)|(?:soapenv|ns1):(?:Client|Server)\.(\w+))$/;

/** What is wrong with a fault, of which every one says 500: those of the server's own are failures. */
function faultProblems(text: string): string[] {
  const elements = elementsOf(text);
  if (typeof elements === "string") return [elements];
  const code = FAULT_CODES.map((path) => elements.get(`soapenv:Envelope/soapenv:Body/${path}`)).find(
    (found) => found !== undefined,
  );
  const match = SOAP_CODE.exec(code ?? "");
  if (match === null || (match[1] !== undefined && !CATALOGUE_CODES.has(match[1]))) return [`the fault's code is ${code}`];
  return match[1] === "InternalError" ? ["the fault is InternalError"] : [];
}

function documentProblems(answer: Answer, text: string): string[] {
  const elements = elementsOf(text);
  if (typeof elements === "string") return [elements];
  if (answer.status < 400) return [];
  const code = elements.get("Error/Code");
  const problems: string[] = [];
  if (code === undefined || !CATALOGUE_CODES.has(code)) problems.push(`the error's Code is ${code}`);
  if (code === "InternalError") problems.push("the error is InternalError");
  if (elements.get("Error/RequestId") !== header(answer, "x-amz-request-id")) problems.push("RequestId is not x-amz-request-id");
  if (elements.get("Error/HostId") !== header(answer, "x-amz-id-2")) problems.push("HostId is not x-amz-id-2");
  return problems;
}

/** The texts of a document's elements by their paths, or why it has none. */
function elementsOf(text: string): ReadonlyMap<string, string> | string {
  const elements = new Map<string, string>();
  const path: string[] = [];
  const parser = new SaxesParser({ xmlns: false, position: false });
  let problem: string | undefined;
  parser.on("error", (error) => (problem ??= `the document does not parse: ${error.message}`));
  parser.on("opentag", (tag) => void path.push(tag.name));
  parser.on("closetag", () => void path.pop());
  parser.on("text", (content) => {
    const name = path.join("/");
    elements.set(name, (elements.get(name) ?? "") + content);
  });
  parser.write(text.replace(FORBIDDEN_REFERENCE, "?")).close();
  return problem ?? elements;
}
