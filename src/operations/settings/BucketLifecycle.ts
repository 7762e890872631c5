import { on } from "../../access/Permission.ts";
import { S3Error } from "../../errors/S3Error.ts";
import type { LifecycleRule } from "../../protocol/generated/types.ts";
import { putSetting } from "../../store/buckets/settings.ts";
import { DEFAULT_TRANSITION_MINIMUM, LIFECYCLE_KIND } from "../../store/lifecycle/readLifecycle.ts";
import type { RandomBytes } from "../../store/Store.ts";
import type { Operation } from "../Operation.ts";
import { operation } from "../Operation.ts";
import { bucketSetting } from "./bucketSetting.ts";
import { checkLifecycle } from "./lifecycleChecks.ts";

const lifecycle = bucketSetting<"GetBucketLifecycleConfiguration">({
  kind: LIFECYCLE_KIND,
  name: "lifecycle rules",
  put: "PutBucketLifecycleConfiguration",
  shown: ({ Rules, ...others }) => ({ ...others, Rules: Rules!.map(withDates) }),
});

/**
 * Shows a bucket's lifecycle rules, as they were put.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetBucketLifecycleConfiguration.html
 */
export const GetBucketLifecycleConfiguration: Operation<"GetBucketLifecycleConfiguration"> = lifecycle.get(
  "GetBucketLifecycleConfiguration",
  "s3:GetLifecycleConfiguration",
  (options) => new S3Error("NoSuchLifecycleConfiguration", options),
);

/**
 * Gives a bucket lifecycle rules, in place of those it has. Rules without an id get one. The operation that S3 had before, PutBucketLifecycle,
 * is the same one with rules that have a Prefix in place of a Filter.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutBucketLifecycleConfiguration.html
 */
export const PutBucketLifecycleConfiguration: Operation<"PutBucketLifecycleConfiguration"> = operation({
  name: "PutBucketLifecycleConfiguration",
  permissions: on.bucket("s3:PutLifecycleConfiguration"),
  resource: "bucket",
  async handle({ LifecycleConfiguration: wanted, TransitionDefaultMinimumObjectSize }, { store, bucket }) {
    if (wanted === undefined) {
      throw new S3Error("MissingRequestBodyError", {
        explanation: "PutBucketLifecycleConfiguration needs a document in its body, and the body is empty.",
      });
    }
    const minimum = TransitionDefaultMinimumObjectSize ?? DEFAULT_TRANSITION_MINIMUM;
    const rules = wanted.Rules.map((rule) => withId(rule, store.randomBytes));
    checkLifecycle(rules);
    const document = { Rules: rules, TransitionDefaultMinimumObjectSize: minimum };
    await putSetting(store, bucket, LIFECYCLE_KIND, JSON.stringify(document));
    return { output: { TransitionDefaultMinimumObjectSize: minimum } };
  },
});

/**
 * Deletes a bucket's lifecycle rules. One without any is no error.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/API_DeleteBucketLifecycle.html
 */
export const DeleteBucketLifecycle: Operation<"DeleteBucketLifecycle"> = lifecycle.delete(
  "DeleteBucketLifecycle",
  "s3:PutLifecycleConfiguration",
);

/** A rule with the dates that JSON has made texts. */
function withDates({ Expiration, Transitions, ...rule }: LifecycleRule): LifecycleRule {
  return {
    ...rule,
    ...(Expiration !== undefined && { Expiration: withDate(Expiration) }),
    ...(Transitions !== undefined && { Transitions: Transitions.map(withDate) }),
  };
}

function withDate<Action extends { Date?: Date | undefined }>(action: Action): Action {
  return action.Date === undefined ? action : { ...action, Date: new Date(action.Date) };
}

function withId(rule: LifecycleRule, randomBytes: RandomBytes): LifecycleRule {
  return rule.ID === undefined || rule.ID === "" ? { ...rule, ID: newRuleId(randomBytes) } : rule;
}

const UUID_SIZE_BYTES = 16;

/** An id as S3 makes them: the base64 of the text of a random UUID (RFC 9562, version 4). */
function newRuleId(randomBytes: RandomBytes): string {
  const bytes = Buffer.from(randomBytes(UUID_SIZE_BYTES));
  bytes[6] = (bytes[6]! & 0x0f) | 0x40;
  bytes[8] = (bytes[8]! & 0x3f) | 0x80;
  const uuid = bytes.toString("hex").replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
  return Buffer.from(uuid).toString("base64");
}
