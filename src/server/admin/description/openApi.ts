import type { AdminDocument, AdminOperation } from "../AdminOperation.ts";
import { actionOf } from "../AdminOperation.ts";
import { JSON_TYPE } from "../adminDialect.ts";
import { adminOperations } from "../adminOperations.ts";
import { DESCRIPTION_PATH } from "../routeAdmin.ts";
import { explainedSchemas } from "./explainedSchemas.ts";
import { faultSchemas } from "./faultSchemas.ts";
import { recordSchemas } from "./recordSchemas.ts";
import type { Schema } from "./schema.ts";
import { object, reference, text } from "./schema.ts";

/** Errors that every operation has. */
const COMMON_ERRORS: Readonly<Record<string, string>> = {
  AccessDenied: "The caller is not signed, or is no administrator.",
  InvalidArgument: "A parameter that is unknown, repeated, or not in its form.",
  MaxMessageLengthExceeded: "The body is larger than the admin API takes.",
  ServiceUnavailable: "The server is stopping, or busy with as many requests as it can be.",
  SignatureDoesNotMatch: "The signature is another than the server's; and S3's other errors of who does not sign right.",
  SlowDown: "The caller is beyond their rate.",
};

const ERROR: Schema = object(
  {
    code: text("As S3's error codes."),
    message: text("S3's text of the code."),
    details: { type: "object", additionalProperties: text(), description: "What stands in elements of S3's documents." },
    requestId: text("x-amz-request-id."),
    hostId: text("x-amz-id-2."),
  },
  { explanation: text("What was expected, what came, what to do.") },
);

/**
 * The description of the admin API in OpenAPI 3.1, made from its operations: what stands here is what the server does.
 * @see https://spec.openapis.org/oas/v3.1.0
 */
export function openApi(): Readonly<Record<string, unknown>> {
  const paths: Record<string, Record<string, unknown>> = {};
  for (const operation of adminOperations) {
    (paths[operation.path] ??= {})[operation.method.toLowerCase()] = described(operation);
  }
  return {
    openapi: "3.1.0",
    info: {
      title: "Holdfast's admin API",
      version: "1",
      summary: "Requests, why they were refused, and planned faults.",
      description:
        "Signed as any request of S3's: AWS Signature Version 4 for the service s3, by header or query. For administrators: the account of " +
        "the first user, and in it whom policies allow the action that each operation names. HEAD is answered as GET.",
      license: { name: "Apache-2.0", identifier: "Apache-2.0" },
    },
    servers: [{ url: "/" }],
    paths: { ...paths, [DESCRIPTION_PATH]: { get: DESCRIPTION } },
    components: {
      schemas: { ...recordSchemas, ...explainedSchemas, ...faultSchemas(), Error: ERROR },
      securitySchemes: {
        signature: {
          type: "apiKey",
          in: "header",
          name: "Authorization",
          description: "AWS Signature Version 4, for the service s3: curl --aws-sigv4 aws:amz:REGION:s3",
        },
      },
    },
    security: [{ signature: [] }],
  };
}

const DESCRIPTION = {
  operationId: "DescribeApi",
  summary: "This document. Open to all.",
  security: [],
  responses: { 200: { description: "OpenAPI 3.1.", content: { [JSON_TYPE]: { schema: { type: "object" } } } } },
};

function described(operation: AdminOperation): Readonly<Record<string, unknown>> {
  const { name, summary, path, parameters, takes, answers, errors, resource } = operation;
  const inPath = [...path.matchAll(/\{(\w+)\}/g)].map(([, part]) => ({
    name: part,
    in: "path",
    required: true,
    description: 'Percent-encoded, with "+" as %2B and "=" as %3D; a "/" may stay as it is, which is what signers make of it.',
    schema: { type: "string", minLength: 1 },
  }));
  const inQuery = Object.entries(parameters).map(([parameter, { description, schema, repeated = false }]) => ({
    name: parameter,
    in: "query",
    description,
    schema: repeated ? { type: "array", items: schema } : schema,
    ...(repeated && { style: "form", explode: true }),
  }));
  const ofErrors = Object.entries({ ...COMMON_ERRORS, ...errors }).toSorted(([a], [b]) => (a < b ? -1 : 1));
  return {
    operationId: name,
    summary,
    description: `Needs ${actionOf(operation)} on ${resource}.`,
    ...(inPath.length + inQuery.length > 0 && { parameters: [...inPath, ...inQuery] }),
    ...(takes !== undefined && { requestBody: { required: true, ...content(takes) } }),
    responses: {
      200: content(answers),
      default: content({
        description: ofErrors.map(([code, when]) => `${code}: ${when}`).join("\n"),
        schema: reference("Error"),
      }),
    },
  };
}

function content({ description, schema, contentType = JSON_TYPE }: AdminDocument): Readonly<Record<string, unknown>> {
  return { description, content: { [contentType]: { schema } } };
}
