import { on } from "../../access/Permission.ts";
import { S3Error } from "../../errors/S3Error.ts";
import type { LegalHold } from "../../store/records/ObjectRecord.ts";
import { requireObjectLock } from "../headers/lockHeaders.ts";
import { presentObject } from "../objects/presentVersion.ts";
import { checkVersionId } from "../objects/versionIds.ts";
import type { Operation } from "../Operation.ts";
import { operation } from "../Operation.ts";
import { describeObject } from "./describeObject.ts";
import { withoutLock } from "./withoutLock.ts";

/**
 * Shows whether a version is held back from being deleted.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObjectLegalHold.html
 */
export const GetObjectLegalHold: Operation<"GetObjectLegalHold"> = operation({
  name: "GetObjectLegalHold",
  permissions: on.object("s3:GetObjectLegalHold"),
  resource: "object",
  async handle(input, context) {
    checkVersionId(input.VersionId);
    requireObjectLock(context.bucket);
    const { legalHold } = await presentObject(context, context.bucket, input);
    if (legalHold === undefined) throw withoutLock("legal hold");
    return { output: { LegalHold: { Status: legalHold } } };
  },
});

/**
 * Holds a version back from being deleted, or lets it go.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutObjectLegalHold.html
 */
export const PutObjectLegalHold: Operation<"PutObjectLegalHold"> = operation({
  name: "PutObjectLegalHold",
  permissions: on.object("s3:PutObjectLegalHold"),
  documentFacts: { legalHold: ({ LegalHold }) => LegalHold?.Status },
  resource: "object",
  async handle(input, context) {
    checkVersionId(input.VersionId);
    requireObjectLock(context.bucket);
    const legalHold = input.LegalHold?.Status as LegalHold | undefined;
    if (legalHold === undefined) {
      throw new S3Error("MalformedXML", { explanation: "LegalHold has no Status; it is ON or OFF." });
    }
    await describeObject(context, input, (version) => ({ ...version, legalHold }));
    return { output: {} };
  },
});
