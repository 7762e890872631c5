import { S3Error } from "../../errors/S3Error.ts";
import type { ServiceError } from "../../errors/ServiceError.ts";
import type { AnswerIds, BesideOutput, Dialect, EncodedOutput, ErrorAnswer, Routed } from "../Dialect.ts";
import type { OperationOutputs } from "../generated/types.ts";
import { encodeOutput } from "../rest/encode.ts";
import { rest } from "../rest/rest.ts";
import type { WireRequest } from "../WireRequest.ts";
import { errorPage, sentDetails } from "./errorPage.ts";
import { errorText } from "./headerText.ts";
import { routeVisit } from "./visitors.ts";

/**
 * The website endpoint of S3, for a request of a method: browsers read objects, and are told of errors in HTML.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/WebsiteEndpoints.html
 */
export function websiteDialect(method: string): Dialect<"GetObject" | "HeadObject"> {
  return new WebsiteDialect(method);
}

class WebsiteDialect implements Dialect<"GetObject" | "HeadObject"> {
  readonly documentType = "text/html; charset=utf-8";
  readonly opening = "";
  readonly sizesErrors = true;
  readonly #method: string;

  constructor(method: string) {
    this.#method = method;
  }

  identify(ids: AnswerIds): AnswerIds {
    return ids;
  }

  commonHeaders(ids: AnswerIds): string[] {
    return rest.commonHeaders(ids);
  }

  route(request: WireRequest): Routed {
    return routeVisit(request);
  }

  encode<Asked extends "GetObject" | "HeadObject">(
    operation: Asked,
    output: OperationOutputs[Asked],
    beside: BesideOutput,
  ): EncodedOutput | Promise<EncodedOutput> {
    return encodeOutput(operation, { ...output, AcceptRanges: undefined }, beside);
  }

  /** What no page tells is told by headers: in answers to HEAD, and in redirects. */
  translate(error: ServiceError): ServiceError {
    const isOnPage = this.#method !== "HEAD" && error.status >= 400;
    if (isOnPage || error.status === 304 || !(error instanceof S3Error)) return error;
    const { code, message, status, details, explanation, cause } = error;
    const headers = { ...error.headers, ...Object.fromEntries(errorHeaders(error)) };
    return new S3Error(code, { message, status, details, headers, cause, ...(explanation !== undefined && { explanation }) });
  }

  renderError(error: ServiceError, answer: ErrorAnswer): Buffer {
    return Buffer.from(errorPage(error, answer));
  }
}

/** The headers that tell of an error whose page does not. */
export function errorHeaders({ code, message, details }: ServiceError): (readonly [name: string, value: string])[] {
  return [
    ["x-amz-error-code", code],
    ["x-amz-error-message", errorText(message)],
    ...sentDetails(details).map(([name, text]) => [`x-amz-error-detail-${name}`, errorText(text)] as const),
  ];
}
