import { hash } from "node:crypto";
import { escapeXml } from "../../errors/escapeXml.ts";
import { QueryError } from "../../errors/QueryError.ts";
import { quoted } from "../../errors/quoted.ts";
import type { ServiceError } from "../../errors/ServiceError.ts";
import type { AnswerIds, BodyReading, Dialect, ErrorAnswer, Routed, SignedForm } from "../Dialect.ts";
import type { IamOperationName } from "../generated/iamTypes.ts";
import type { StsOperationName } from "../generated/stsTypes.ts";
import type { WireRequest } from "../WireRequest.ts";
import { answerDocument } from "./encodeAnswer.ts";
import { QueryRequest } from "./QueryRequest.ts";
import { parametersOf, readForm } from "./readForm.ts";
import type { QueryService } from "./services.ts";
import { iamService, stsService } from "./services.ts";
import { translateError } from "./translateError.ts";

const UUID_SIZE_BYTES = 16;

/** The dialect of a service that is asked by `Action` and parameters, in a form or in the query of the address, and answers in XML. */
function queryDialect<Name extends IamOperationName | StsOperationName>(service: QueryService): Dialect<Name> {
  return {
    identify: withUuid,
    commonHeaders: ({ requestId }) => ["x-amzn-RequestId", requestId],
    route: (request, reading) => route(service, request, reading),
    encode(operation, output, { status = 200 }, { requestId }) {
      const body = answerDocument(service, operation, output as Readonly<Record<string, unknown>>, requestId);
      return { status, headers: [["Content-Type", DOCUMENT_TYPE]], body };
    },
    translate: translateError,
    renderError: (error, answer) => renderError(service, error, answer),
    documentType: DOCUMENT_TYPE,
    opening: "",
  };
}

const DOCUMENT_TYPE = "text/xml";

/** How IAM is spoken to. */
export const iamQuery: Dialect<IamOperationName> = queryDialect(iamService);

/** How STS is spoken to. */
export const stsQuery: Dialect<StsOperationName> = queryDialect(stsService);

/** AWS's services, other than S3, number requests by UUIDs. This one is of the same random bytes as the ids of S3's form. */
function withUuid({ hostId }: AnswerIds): AnswerIds {
  const bytes = Buffer.from(hostId, "base64").subarray(0, UUID_SIZE_BYTES);
  // Version 4, variant 1: RFC 9562.
  bytes[6] = (bytes[6]! & 0x0f) | 0x40;
  bytes[8] = (bytes[8]! & 0x3f) | 0x80;
  const digits = bytes.toString("hex");
  const groups = [digits.slice(0, 8), digits.slice(8, 12), digits.slice(12, 16), digits.slice(16, 20), digits.slice(20)];
  return { requestId: groups.join("-"), hostId };
}

async function route(service: QueryService, request: WireRequest, reading: BodyReading): Promise<Routed> {
  const form = await readForm(request, reading);
  const signedFor: SignedForm = { by: "form", service: service.name, bodySha256: hash("sha256", form) };
  const parameters = parametersOf(request.method === "POST" ? form.toString("utf8") : request.rawQuery);
  const action = parameters.get("Action") ?? "";
  const version = parameters.get("Version");
  const operation = version === service.version ? service.find(action) : undefined;
  if (operation !== undefined) return new QueryRequest(service, operation, parameters, signedFor);
  return { operation: undefined, refusal: noSuchAction(service, action, version), signedFor };
}

function noSuchAction(service: QueryService, action: string, version: string | undefined): QueryError {
  if (action === "")
    return new QueryError("MissingAction", { explanation: "The form has no Action, which names the operation." });
  if (version === service.version && service.has(action)) {
    return new QueryError("NotImplemented", {
      message: `${action} is not implemented`,
      explanation: `${action} is an operation of AWS's that this server does not have. Nothing was done.`,
    });
  }
  return new QueryError("InvalidAction", {
    message: `Could not find operation ${action} for version ${version ?? "NO_VERSION_SPECIFIED"}`,
    explanation: `The request is for ${service.name}, whose version is ${service.version}; it has no ${quoted(action)}.`,
  });
}

function renderError({ namespace }: QueryService, error: ServiceError, { requestId }: ErrorAnswer): Buffer {
  const type = error.status < 500 ? "Sender" : "Receiver";
  const details = error.explanation === undefined ? "" : `<Details>${escapeXml(error.explanation)}</Details>`;
  return Buffer.from(
    `<ErrorResponse xmlns="${namespace}"><Error><Type>${type}</Type><Code>${escapeXml(error.code)}</Code>` +
      `<Message>${escapeXml(error.message)}</Message>${details}</Error><RequestId>${requestId}</RequestId></ErrorResponse>`,
  );
}
