import type {
  AskedRequest,
  ConsideredStatement,
  Explained,
  ExplainedAccess,
  ExplainedFault,
  ExplainedSignature,
  FailedCondition,
  PolicyAddition,
  SignatureDifference,
  StageTime,
  StatementCondition,
  Stop,
} from "../../../journal/why/Explained.ts";
import { STAGES } from "../../../journal/RequestRecord.ts";
import type { Schema } from "./schema.ts";
import { anyMembers, listOf, milliseconds, object, oneOf, orNull, reference, shapeOf, text, wholeNumber } from "./schema.ts";

const POLICY_KIND = oneOf("identity", "resource", "boundary", "session");

/** What a request comes to. */
export const explainedSchemas: Readonly<Record<string, Schema>> = {
  Explained: shapeOf<Explained>(
    {
      requestId: text(),
      hostId: text(),
      asked: reference("AskedRequest"),
      outcome: oneOf("done", "unchanged", "redirected", "refused", "failed"),
      why: listOf(text(), "In sentences."),
      change: listOf(text(), "What to do, in the order in which one would try it."),
      stages: listOf(shapeOf<StageTime>({ stage: oneOf(...STAGES), milliseconds: milliseconds("In it.") }, {})),
      milliseconds: milliseconds("From its head to the end of its answer."),
    },
    {
      stopped: shapeOf<Stop>({ stage: oneOf(...STAGES), status: wholeNumber() }, { code: text(), message: text() }),
      access: reference("ExplainedAccess"),
      signature: reference("ExplainedSignature"),
      condition: shapeOf<FailedCondition>({ header: text(), sent: text(), found: orNull(text()) }, {}),
      faults: listOf(shapeOf<ExplainedFault>({ id: text() }, { did: text(), scenario: text() })),
      stack: text("Of what was thrown, where the server failed."),
    },
  ),
  AskedRequest: shapeOf<AskedRequest>(
    { atMs: milliseconds("Since 1970."), method: text(), target: text("Secrets masked."), remoteAddress: text() },
    {
      operation: text(),
      bucket: text(),
      key: text(),
      versionId: text(),
      uploadId: text(),
      partNumber: { type: "integer" },
      caller: text("The ARN of who asked, once proven."),
      accessKeyId: text("As it was claimed."),
      userAgent: text(),
      attempt: wholeNumber(undefined, 1),
    },
  ),
  ExplainedAccess: shapeOf<ExplainedAccess>(
    {
      action: text("The permission that was missing."),
      resource: text(),
      principal: text('An ARN, or "*" for those who do not sign.'),
      statements: listOf(reference("ConsideredStatement")),
      omittedStatements: wholeNumber("So many more were looked at and are not listed."),
      remarks: listOf(text(), "What else was weighed: Block Public Access, ownership, ACLs."),
      additions: listOf(
        shapeOf<PolicyAddition>({ policyKind: POLICY_KIND, to: text(), statement: anyMembers("In the policy language.") }, {}),
        "The statements that would have to be added, all of them.",
      ),
    },
    {},
  ),
  ConsideredStatement: shapeOf<ConsideredStatement>(
    {
      policyKind: POLICY_KIND,
      policy: text(),
      place: wholeNumber("Among the policy's statements.", 1),
      effect: oneOf("Allow", "Deny"),
      applies: { type: "boolean" },
      matches: object(
        { action: { type: "boolean" } },
        { principal: { type: "boolean" }, resource: { type: "boolean" }, conditions: { type: "boolean" } },
      ),
      failedConditions: listOf(
        shapeOf<StatementCondition>({ operator: text(), key: text(), wanted: listOf(text()), found: orNull(listOf(text())) }, {}),
      ),
    },
    { sid: text() },
  ),
  ExplainedSignature: shapeOf<ExplainedSignature>(
    {},
    {
      canonicalRequest: text(),
      stringToSign: text(),
      compared: oneOf("canonicalRequest", "stringToSign"),
      difference: orNull(
        shapeOf<SignatureDifference>(
          {
            line: wholeNumber(undefined, 1),
            part: text(),
            client: orNull(text()),
            server: orNull(text()),
            cause: text(),
            remedy: text(),
          },
          {},
        ),
      ),
    },
  ),
};
