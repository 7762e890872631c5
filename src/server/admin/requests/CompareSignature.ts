import { S3Error } from "../../../errors/S3Error.ts";
import type { AdminOperation } from "../AdminOperation.ts";
import { REQUESTS_ARN } from "../AdminOperation.ts";
import { object, reference, text } from "../description/schema.ts";
import { findRecord } from "./findRecord.ts";
import { toldRequest } from "../../../journal/toldRequest.ts";

/** Explains a request by comparing what the client signed with what the server did. */
export const CompareSignature: AdminOperation = {
  name: "CompareSignature",
  permission: "ExplainRequest",
  method: "POST",
  path: "/-/requests/{id}/why",
  summary: "Explains a request, and shows the first difference between what the client signed and what the server computed.",
  resource: REQUESTS_ARN,
  parameters: {},
  takes: {
    description: "The client's canonical request, or its string to sign.",
    contentType: "text/plain",
    schema: { type: "string", minLength: 1 },
  },
  answers: {
    description: "What the request comes to, with the difference, and that as text for people.",
    schema: object({ explained: reference("Explained"), text: text() }),
  },
  errors: {
    InvalidRequest: "The body is empty, or no text in UTF-8.",
    NoSuchResource: "The journal has no such request, or not any more.",
  },
  async handle(call) {
    const canonical = textOf(call.body);
    return toldRequest(await findRecord(call), canonical);
  },
};

function textOf(body: Buffer): string {
  const canonical = body.toString("utf8");
  if (body.length > 0 && Buffer.from(canonical).equals(body)) return canonical;
  throw new S3Error("InvalidRequest", {
    explanation: "The body must be what the client signed, as text: its canonical request or its string to sign, which SDKs log.",
  });
}
