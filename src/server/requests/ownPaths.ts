import type { IncomingMessage } from "node:http";
import { writeWithoutReading } from "../http/respond.ts";
import type { Sender } from "../http/TrustedProxies.ts";
import type { OwnPath } from "../Service.ts";
import type { Exchange, Outcome } from "./Exchange.ts";

/** Where S3's SOAP API is asked, for who reads its description. */
const SOAP_PATH = "/soap";

const XML_TYPE = "text/xml; charset=utf-8";

/**
 * What describes the SOAP API, where S3 has it. Who signs means an object of that key in a bucket called "doc". Few processes are ever asked:
 * the documents are made for the first who is.
 */
const DESCRIPTIONS: ReadonlyMap<string, OwnPath> = new Map([
  [
    "/doc/2006-03-01/AmazonS3.wsdl",
    async ({ headers }: IncomingMessage, { secure }: Sender) => {
      const { wsdlDocument } = await import("../../protocol/soap/description/wsdl.ts");
      const location = `${secure ? "https" : "http"}://${headers.host ?? "localhost"}${SOAP_PATH}`;
      return { status: 200, contentType: XML_TYPE, body: wsdlDocument(location) };
    },
  ],
  [
    "/doc/2006-03-01/AmazonS3.xsd",
    async () => {
      const { schemaDocument } = await import("../../protocol/soap/description/schema.ts");
      return { status: 200, contentType: XML_TYPE, body: schemaDocument };
    },
  ],
]);

/** What answers a request for one of the server's own paths, such as /-/health; `undefined` for all others. */
export function ownPath({ service, incoming: { url = "", method, headers } }: Exchange): OwnPath | undefined {
  if (method !== "GET" && method !== "HEAD") return undefined;
  return service.ownPaths.get(url) ?? (headers.authorization === undefined ? DESCRIPTIONS.get(url) : undefined);
}

/** Answers a request for one of the server's own paths. */
export async function answerOwn(exchange: Exchange, own: OwnPath): Promise<Outcome> {
  const { status, contentType, body: text } = await own(exchange.incoming, exchange.sender);
  const body = Buffer.from(text);
  const isSent = await writeWithoutReading(exchange, { status, headers: ["Content-Type", contentType], body });
  return { status, errorCode: undefined, sentSizeBytes: isSent && exchange.incoming.method !== "HEAD" ? body.length : 0 };
}
