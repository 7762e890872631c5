import { escapeXml } from "../../errors/escapeXml.ts";
import type { ServiceError } from "../../errors/ServiceError.ts";
import type { ErrorAnswer } from "../Dialect.ts";
import { WebsiteFailure } from "./WebsiteFailure.ts";

/**
 * The page that tells a visitor of an error, line for line as S3 writes it. Visitors are not told more: what an operator wants to know is in
 * the journal.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/CustomErrorDocSupport.html
 */
export function errorPage(error: ServiceError, { reason, requestId, hostId }: ErrorAnswer): string {
  const title = `${error.status} ${reason}`;
  const failed = error instanceof WebsiteFailure ? error.documentError : undefined;
  return [
    "<html>",
    `<head><title>${title}</title></head>`,
    "<body>",
    `<h1>${title}</h1>`,
    ...list([...facts(error), ["RequestId", requestId], ["HostId", hostId]]),
    ...(failed === undefined ? [] : [DOCUMENT_FAILED, ...list(facts(failed))]),
    "<hr/>",
    "</body>",
    "</html>",
    "",
  ].join("\n");
}

const DOCUMENT_FAILED = "<h3>An Error Occurred While Attempting to Retrieve a Custom Error Document</h3>";

/** Names and texts, in S3's order. */
export type ErrorFact = readonly [name: string, text: string];

function facts({ code, message, details }: ServiceError): ErrorFact[] {
  return [["Code", code], ["Message", message], ...sentDetails(details)];
}

/** The details that have a text. */
export function sentDetails(details: ServiceError["details"]): ErrorFact[] {
  return details.filter((detail): detail is ErrorFact => detail[1] !== undefined);
}

function list(items: readonly ErrorFact[]): string[] {
  return ["<ul>", ...items.map(([name, text]) => `<li>${name}: ${escapeXml(text)}</li>`), "</ul>"];
}
