import { childOf, readDocument } from "./readDocument.ts";
import type { DocumentElement } from "./readDocument.ts";

/** What an error's body says. */
export interface ErrorDocument {
  readonly code: string;
  readonly message: string;
  readonly requestId: string | undefined;
  readonly hostId: string | undefined;
  readonly explanation: string | undefined;
  readonly details: Readonly<Record<string, string>>;
}

/** Names and texts in the order of the body; the first of a name counts. */
type Fields = Map<string, string>;

/**
 * Reads an error's body: S3's `Error`, the `ErrorResponse` of IAM, STS and S3 Control, SOAP faults of 1.1 and 1.2, and the pages of websites.
 * `undefined` for anything else.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html
 */
export function errorDocument(text: string): ErrorDocument | undefined {
  const fields = fieldsOf(text);
  const code = fields?.get("Code");
  return fields === undefined || code === undefined || code === "" ? undefined : documentOf(fields, code);
}

const NAMED: ReadonlySet<string> = new Set(["Code", "Message", "Details", "RequestId", "RequestID", "HostId"]);

function documentOf(fields: Fields, code: string): ErrorDocument {
  return {
    code,
    message: fields.get("Message") ?? "",
    requestId: fields.get("RequestId") ?? fields.get("RequestID"),
    hostId: fields.get("HostId"),
    explanation: fields.get("Details"),
    details: Object.fromEntries([...fields].filter(([name]) => !NAMED.has(name))),
  };
}

function fieldsOf(text: string): Fields | undefined {
  const root = readDocument(text);
  switch (root?.name) {
    case "Error":
      return fieldsIn(root);
    case "ErrorResponse":
    case "Response": {
      const error = childOf(root, "Error") ?? childOf(childOf(root, "Errors"), "Error");
      // S3 Control has the ids in either place.
      return error === undefined ? undefined : fieldsIn(error, ...root.children);
    }
    case "Envelope":
      return faultFields(childOf(childOf(root, "Body"), "Fault"));
    default:
      return HTML.test(text) ? pageFields(text) : undefined;
  }
}

/** The children that hold nothing but text, and further ones behind them. */
function fieldsIn(element: DocumentElement, ...more: readonly DocumentElement[]): Fields {
  const fields: Fields = new Map();
  for (const { name, text, children } of [...element.children, ...more]) {
    if (children.length === 0 && !fields.has(name)) fields.set(name, text.trim());
  }
  return fields;
}

/** S3's own codes stand behind the side that is to blame; SOAP's stand alone. */
const FAULT_CODE = /^(?:[\w-]+:)?(?:(?:Client|Server)\.)?(.+)$/;

function faultFields(fault: DocumentElement | undefined): Fields | undefined {
  const code = childOf(fault, "faultcode") ?? childOf(childOf(fault, "Code"), "Value");
  const message = childOf(fault, "faultstring") ?? childOf(childOf(fault, "Reason"), "Text");
  const detail = childOf(fault, "detail") ?? childOf(fault, "Detail");
  if (code === undefined) return undefined;
  const fields = detail === undefined ? new Map<string, string>() : fieldsIn(detail);
  fields.set("Code", FAULT_CODE.exec(code.text.trim())?.[1] ?? "");
  fields.set("Message", message?.text.trim() ?? "");
  return fields;
}

const HTML = /^\s{0,64}<(?:!doctype html|html)\b/i;
const ITEM = /<li>([A-Za-z][\w-]{0,63}): ([^<]*)<\/li>/g;

/** A page of a website's endpoint lists what else the elements hold. */
function pageFields(page: string): Fields {
  const fields: Fields = new Map();
  for (const [, name, text] of page.matchAll(ITEM)) if (!fields.has(name!)) fields.set(name!, unescaped(text!));
  return fields;
}

const ENTITY = /&(?:amp|lt|gt|quot|apos|#\d{1,7}|#x[\da-f]{1,6});/gi;
const NAMED_ENTITIES: ReadonlyMap<string, string> = new Map([
  ["&amp;", "&"],
  ["&lt;", "<"],
  ["&gt;", ">"],
  ["&quot;", '"'],
  ["&apos;", "'"],
]);
const LAST_CODE_POINT = 0x10_ff_ff;

function unescaped(text: string): string {
  return text.replace(ENTITY, (entity) => {
    const named = NAMED_ENTITIES.get(entity);
    if (named !== undefined) return named;
    const digits = entity.slice(2, -1);
    const point = /^x/i.test(digits) ? Number.parseInt(digits.slice(1), 16) : Number(digits);
    return point <= LAST_CODE_POINT ? String.fromCodePoint(point) : entity;
  });
}
