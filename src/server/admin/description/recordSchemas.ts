import type { RequestRecord, RequestStory } from "../../../journal/RequestRecord.ts";
import { STAGES } from "../../../journal/RequestRecord.ts";
import type { Schema } from "./schema.ts";
import { anyMembers, listOf, milliseconds, object, oneOf, reference, shapeOf, text, wholeNumber } from "./schema.ts";

const ERROR_DETAIL: Schema = {
  type: "array",
  items: text(),
  minItems: 2,
  maxItems: 2,
  description: "A name and a value.",
};

/** What is told of a request. */
export const recordSchemas: Readonly<Record<string, Schema>> = {
  RequestRecord: shapeOf<RequestRecord>(
    {
      requestId: text("16 characters, x-amz-request-id."),
      hostId: text("x-amz-id-2."),
      atMs: milliseconds("When its head had been read, in milliseconds since 1970."),
      method: text(),
      target: text("Path and query as they were sent, without what is secret in the query."),
      status: wholeNumber("0 where nothing was answered."),
      receivedSizeBytes: wholeNumber("Of the body, without framing."),
      sentSizeBytes: wholeNumber(),
      milliseconds: milliseconds("From its head to the end of its answer."),
      stages: listOf(milliseconds("In one of them."), `Milliseconds in each of ${STAGES.join(", ")}, as far as it came.`),
      remoteAddress: text(),
    },
    {
      operation: text("S3's, IAM's or STS's name; not there where it was not understood."),
      bucket: text(),
      key: text(),
      versionId: text(),
      uploadId: text(),
      partNumber: { type: "integer" },
      objectSizeBytes: wholeNumber("Of the object it is about, where that is known."),
      errorCode: text(),
      userAgent: text(),
      host: text("The header's."),
      referer: text(),
      httpVersion: text("Where it is not 1.1."),
      tls: text('What was negotiated for its connection, such as "1.3 TLS_AES_256_GCM_SHA384".'),
      signature: text('How it is signed, as it was claimed, such as "SigV4 AuthHeader".'),
      canonicalId: text("Of a root who asks for what is not in a bucket of its own account."),
      bucketOwnerId: text("The canonical id of who owns the bucket."),
      usedAcl: { const: true, description: "An ACL allowed it, and nothing else did." },
      loggedAs: text("What S3's access logs call it, where operation and method do not tell."),
      accessKeyId: text("As it was claimed; `caller` says whether it was proven."),
      caller: text("The ARN of who asks, once proven."),
      attempt: wholeNumber("What an SDK says of it: 1 for the first.", 1),
      invocationId: text("What all attempts of one call have alike."),
      faults: listOf(text(), "The ids of the planned faults that struck it."),
      story: reference("RequestStory"),
    },
  ),
  RequestStory: shapeOf<RequestStory>(
    {
      stage: oneOf(...STAGES),
      headers: listOf(ERROR_DETAIL, "As they came, secrets masked."),
      steps: listOf(
        object({ atMs: milliseconds("Since 1970."), step: text() }, { facts: anyMembers("Facts about it.") }),
        "What happened, in its order.",
      ),
    },
    {
      error: object({ code: text(), message: text(), details: listOf(ERROR_DETAIL) }, { explanation: text() }),
      canonicalRequest: text("As the server computed it; secrets masked."),
      stringToSign: text("As the server computed it."),
      stack: text("Of what was thrown, where that is no answer of S3's."),
    },
  ),
};
