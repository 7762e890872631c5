import type { SaxesTagNS } from "saxes";
import { SaxesParser } from "saxes";
import { quoted } from "../../errors/quoted.ts";
import { S3Error } from "../../errors/S3Error.ts";
import { ServiceError } from "../../errors/ServiceError.ts";
import type { SoapElement } from "./SoapElement.ts";
import { ENVELOPE_NAMESPACES } from "./SoapVersion.ts";
import type { SoapVersion } from "./SoapVersion.ts";
import { invalidSoapRequest } from "./invalidSoapRequest.ts";

/** What a message says. */
export interface Envelope {
  readonly version: SoapVersion;
  /** The first element of the body: its name is the operation's. */
  readonly operation: SoapElement;
}

/** A hundred grants of six elements, metadata and conditions come to fewer; each element kept costs more memory than its text. */
const MAX_ELEMENTS = 4_096;

/** A grantee's id within the envelope: nothing of S3's is nested deeper. */
const MAX_DEPTH = 12;

const INSTANCE_NAMESPACE = "http://www.w3.org/2001/XMLSchema-instance";

/** Namespaces that AWS's schema and pages have for operations, beside none, which some clients sent. */
const OPERATION_NAMESPACES: ReadonlySet<string> = new Set([
  "",
  "http://s3.amazonaws.com/doc/2006-03-01/",
  "http://s3.amazonaws.com/doc/2006-03-01",
  "https://s3.amazonaws.com/doc/2006-03-01/",
  "https://s3.amazonaws.com/doc/2006-03-01",
  "http://doc.s3.amazonaws.com/2006-03-01",
  "http://doc.s3.amazonaws.com/2006-03-01/",
  "https://doc.s3.amazonaws.com/2006-03-01",
  "https://doc.s3.amazonaws.com/2006-03-01/",
]);

/** WS-Addressing, whose messages say where the answer is to go, with the one place each version of it has for "where the question came from". */
const ANONYMOUS_ROLES: ReadonlyMap<string, string> = new Map([
  ["http://schemas.xmlsoap.org/ws/2003/03/addressing", "http://schemas.xmlsoap.org/ws/2003/03/addressing/role/anonymous"],
  ["http://schemas.xmlsoap.org/ws/2004/03/addressing", "http://schemas.xmlsoap.org/ws/2004/03/addressing/role/anonymous"],
  ["http://schemas.xmlsoap.org/ws/2004/08/addressing", "http://schemas.xmlsoap.org/ws/2004/08/addressing/role/anonymous"],
  ["http://www.w3.org/2005/08/addressing", "http://www.w3.org/2005/08/addressing/anonymous"],
]);

const REPLY_HEADERS: ReadonlySet<string> = new Set(["ReplyTo", "FaultTo"]);

/** Who obeys a header block, beside who is named in none: the next to read it, and the last, which this server is both. */
const OWN_ROLES: ReadonlySet<string> = new Set([
  "",
  "http://schemas.xmlsoap.org/soap/actor/next",
  "http://www.w3.org/2003/05/soap-envelope/role/next",
  "http://www.w3.org/2003/05/soap-envelope/role/ultimateReceiver",
]);

/** A fault that is SOAP's own, and none of S3's. */
class SoapFault extends ServiceError {
  override readonly name = "SoapFault";
  declare readonly code: "MustUnderstand" | "VersionMismatch";

  constructor(code: SoapFault["code"], message: string, explanation: string) {
    super({ code, message, status: 500, explanation });
  }
}

/** An element while it is read, with what only the envelope's own elements are asked for. */
interface OpenElement extends SoapElement {
  readonly namespace: string;
  readonly tag: SaxesTagNS;
}

const decoder = new TextDecoder("utf-8", { fatal: true });

/**
 * Reads a message. Throws InvalidSOAPRequest, InvalidAddressingHeader, and SOAP's own VersionMismatch and MustUnderstand. `onVersion` hears of
 * the version as soon as it is known: what follows may be wrong, and is then told in that version.
 * @see https://www.w3.org/TR/2000/NOTE-SOAP-20000508/
 */
export function readEnvelope(document: Buffer, onVersion: (version: SoapVersion) => void): Envelope {
  const reader = new EnvelopeReader(onVersion);
  const parser = new SaxesParser({ xmlns: true, position: false });
  parser.on("error", (error) => {
    throw invalidSoapRequest(
      `The XML does not parse: ${error.message.slice(0, MAX_PARSER_MESSAGE_CHARACTERS).replace(/\.$/, "")}.`,
    );
  });
  parser.on("doctype", () => {
    throw invalidSoapRequest("The message has a DOCTYPE, which SOAP does not allow.");
  });
  parser.on("opentag", (tag) => reader.open(tag));
  parser.on("text", (text) => reader.text(text));
  parser.on("cdata", (text) => reader.text(text));
  parser.on("closetag", () => reader.close());
  parser.write(decode(document)).close();
  return reader.result();
}

const MAX_PARSER_MESSAGE_CHARACTERS = 200;

function decode(document: Buffer): string {
  try {
    return decoder.decode(document);
  } catch (cause) {
    throw invalidSoapRequest("The message is not UTF-8.", cause);
  }
}

class EnvelopeReader {
  readonly #onVersion: (version: SoapVersion) => void;
  readonly #open: OpenElement[] = [];
  #elements = 0;
  #version: SoapVersion | undefined;
  #operation: OpenElement | undefined;

  constructor(onVersion: (version: SoapVersion) => void) {
    this.#onVersion = onVersion;
  }

  open(tag: SaxesTagNS): void {
    this.#elements += 1;
    if (this.#elements > MAX_ELEMENTS) throw invalidSoapRequest(`The message has more than ${MAX_ELEMENTS} elements.`);
    if (this.#open.length === MAX_DEPTH) throw invalidSoapRequest(`The message nests deeper than ${MAX_DEPTH} elements.`);
    const element: OpenElement = {
      name: tag.local,
      namespace: tag.uri,
      text: "",
      children: [],
      type: localName(attributeOf(tag, INSTANCE_NAMESPACE, "type")),
      isNil: isTrue(attributeOf(tag, INSTANCE_NAMESPACE, "nil")),
      tag,
    };
    if (this.#open.length === 0) this.#begin(element);
    else if (this.#open.length === 1) this.#checkPart(element);
    this.#open.at(-1)?.children.push(element);
    this.#open.push(element);
  }

  text(text: string): void {
    const element = this.#open.at(-1);
    if (element !== undefined) element.text += text;
  }

  close(): void {
    const element = this.#open.pop()!;
    if (this.#open.length === 2) this.#closePart(element, this.#open[1]!);
  }

  result(): Envelope {
    const operation = this.#operation;
    if (operation === undefined) throw invalidSoapRequest("The message has no Body with an element that names the operation.");
    if (!OPERATION_NAMESPACES.has(operation.namespace)) {
      throw invalidSoapRequest(
        `The namespace of ${quoted(operation.name)} is ${quoted(operation.namespace)}; S3's is http://s3.amazonaws.com/doc/2006-03-01/.`,
      );
    }
    return { version: this.#version!, operation };
  }

  #begin({ name, namespace }: OpenElement): void {
    if (name !== "Envelope") throw invalidSoapRequest(`The root element is ${quoted(name)}; a message is an Envelope.`);
    this.#version = VERSIONS_BY_NAMESPACE.get(namespace);
    if (this.#version === undefined) {
      throw new SoapFault(
        "VersionMismatch",
        "Version Mismatch",
        `The Envelope's namespace is ${quoted(namespace)}; SOAP 1.1's is ${ENVELOPE_NAMESPACES["1.1"]}, and SOAP 1.2's ${ENVELOPE_NAMESPACES["1.2"]}.`,
      );
    }
    this.#onVersion(this.#version);
  }

  /** What stands in an Envelope: Header and Body. SOAP 1.1 lets anything follow, which nobody has to read. */
  #checkPart({ name }: OpenElement): void {
    if (this.#operation !== undefined && name === "Header")
      throw invalidSoapRequest("The Header follows the Body; it stands before it.");
  }

  #closePart(element: OpenElement, part: OpenElement): void {
    if (part.namespace !== ENVELOPE_NAMESPACES[this.#version!]) return;
    if (part.name === "Body") this.#operation ??= element;
    if (part.name === "Header") this.#checkHeader(element);
  }

  #checkHeader(header: OpenElement): void {
    const { name, namespace, tag } = header;
    const own = ENVELOPE_NAMESPACES[this.#version!];
    const anonymous = ANONYMOUS_ROLES.get(namespace);
    if (anonymous !== undefined && REPLY_HEADERS.has(name)) {
      const address = header.children.find((child) => child.name === "Address")?.text.trim();
      if (address === anonymous) return;
      throw new S3Error("InvalidAddressingHeader", {
        explanation: `${name} is ${quoted(address ?? "")}; answers go back on the connection that the question came on, which is ${anonymous}.`,
      });
    }
    if (!isTrue(attributeOf(tag, own, "mustUnderstand"))) return;
    const role = attributeOf(tag, own, this.#version === "1.1" ? "actor" : "role") ?? "";
    if (!OWN_ROLES.has(role)) return;
    throw new SoapFault(
      "MustUnderstand",
      `Did not understand "MustUnderstand" header(s):{${namespace}}${name}`,
      "S3 knows no headers of SOAP: who asks is said by elements of the operation.",
    );
  }
}

const VERSIONS_BY_NAMESPACE: ReadonlyMap<string, SoapVersion> = new Map(
  Object.entries(ENVELOPE_NAMESPACES).map(([version, namespace]) => [namespace, version as SoapVersion]),
);

function attributeOf({ attributes }: SaxesTagNS, namespace: string, name: string): string | undefined {
  for (const attribute of Object.values(attributes)) {
    if (attribute.local === name && attribute.uri === namespace) return attribute.value;
  }
  return undefined;
}

function localName(name: string | undefined): string | undefined {
  return name?.slice(name.indexOf(":") + 1).trim();
}

function isTrue(text: string | undefined): boolean {
  return text === "true" || text === "1";
}
