import { renderRestError } from "../../errors/render.ts";
import type { Dialect } from "../Dialect.ts";
import type { OperationName } from "../generated/types.ts";
import { XML_DECLARATION } from "../xml/writeXml.ts";
import { declaresErrors } from "./declaration.ts";
import { encodeOutput } from "./encode.ts";
import { earlyMembers } from "./requestShape.ts";
import { RestRequest } from "./RestRequest.ts";
import { route } from "./route.ts";

/** What S3 calls its server. */
export const SERVER_NAME = "AmazonS3";

/**
 * S3's main dialect: the operation is in method, path and query, the input in path, query, headers and body.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/API_Operations.html
 */
export const rest: Dialect<OperationName> = {
  identify: (ids) => ids,
  commonHeaders: ({ requestId, hostId }) => ["x-amz-id-2", hostId, "x-amz-request-id", requestId, "Server", SERVER_NAME],
  route(request) {
    const found = route(request);
    if (found.operation === undefined) return found;
    return new RestRequest(found.operation, request, earlyMembers(found.operation, request));
  },
  encode: encodeOutput,
  translate: (error) => error,
  renderError(error, { requestId, hostId, resource, operation, begun }) {
    return renderRestError(error, {
      requestId,
      hostId,
      resource,
      declaration: !begun && declaresErrors(operation as OperationName | undefined),
    });
  },
  documentType: "application/xml",
  opening: XML_DECLARATION,
};
