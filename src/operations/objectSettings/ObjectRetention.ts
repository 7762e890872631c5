import { on, withExtras } from "../../access/Permission.ts";
import { S3Error } from "../../errors/S3Error.ts";
import type { ObjectLockRetention } from "../../protocol/generated/types.ts";
import type { Retention } from "../../store/objects/locks.ts";
import { NOT_RETAINED, refuseShorterRetention } from "../../store/objects/locks.ts";
import type { RetentionMode } from "../../store/records/ObjectRecord.ts";
import { checkFuture, requireObjectLock } from "../headers/lockHeaders.ts";
import { presentObject } from "../objects/presentVersion.ts";
import { checkVersionId } from "../objects/versionIds.ts";
import type { Operation } from "../Operation.ts";
import { operation } from "../Operation.ts";
import { describeObject } from "./describeObject.ts";
import { withoutLock } from "./withoutLock.ts";

/**
 * Shows how long a version is kept from being deleted.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObjectRetention.html
 */
export const GetObjectRetention: Operation<"GetObjectRetention"> = operation({
  name: "GetObjectRetention",
  permissions: on.object("s3:GetObjectRetention"),
  resource: "object",
  async handle(input, context) {
    checkVersionId(input.VersionId);
    requireObjectLock(context.bucket);
    const { retentionMode, retainUntilMs } = await presentObject(context, context.bucket, input);
    if (retentionMode === undefined) throw withoutLock("retention");
    return { output: { Retention: { Mode: retentionMode, RetainUntilDate: new Date(retainUntilMs) } } };
  },
});

/**
 * Has a version kept until a time, or no longer.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutObjectRetention.html
 */
export const PutObjectRetention: Operation<"PutObjectRetention"> = operation({
  name: "PutObjectRetention",
  permissions: withExtras(on.object("s3:PutObjectRetention"), {
    "s3:BypassGovernanceRetention": ["BypassGovernanceRetention"],
  }),
  documentFacts: { lockMode: ({ Retention }) => Retention?.Mode, retainUntil: ({ Retention }) => Retention?.RetainUntilDate },
  resource: "object",
  async handle(input, context) {
    checkVersionId(input.VersionId);
    requireObjectLock(context.bucket);
    const wanted = wantedRetention(input.Retention ?? {}, context.nowMs);
    const bypasses = input.BypassGovernanceRetention === true;
    await describeObject(context, input, (version) => {
      refuseShorterRetention(version, wanted, context.nowMs, bypasses);
      return { ...version, ...wanted };
    });
    return { output: {} };
  },
});

/** What a document asks for: mode and time, or neither for no retention. Throws MalformedXML and InvalidArgument. */
function wantedRetention({ Mode: mode, RetainUntilDate: until }: ObjectLockRetention, nowMs: number): Retention {
  if (mode === undefined && until === undefined) return NOT_RETAINED;
  if (mode === undefined || until === undefined) {
    throw new S3Error("MalformedXML", {
      explanation: `Retention has a ${mode === undefined ? "RetainUntilDate and no Mode" : "Mode and no RetainUntilDate"}; it has both, or neither to end it.`,
    });
  }
  checkFuture("RetainUntilDate", until, nowMs);
  return { retentionMode: mode as RetentionMode, retainUntilMs: until.getTime() };
}
