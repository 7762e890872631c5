import { on } from "../../access/Permission.ts";
import type { Operation } from "../Operation.ts";
import { operation } from "../Operation.ts";
import { emptyList, noSuchConfiguration } from "./namedConfigurations.ts";
import { refusalOfNewBucket } from "./newBucket.ts";

/**
 * Shows one of a bucket's analytics configurations. It has none.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetBucketAnalyticsConfiguration.html
 */
export const GetBucketAnalyticsConfiguration: Operation<"GetBucketAnalyticsConfiguration"> = refusalOfNewBucket(
  "GetBucketAnalyticsConfiguration",
  "s3:GetAnalyticsConfiguration",
  noSuchConfiguration("analytics"),
);

/**
 * Lists a bucket's analytics configurations. It has none.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListBucketAnalyticsConfigurations.html
 */
export const ListBucketAnalyticsConfigurations: Operation<"ListBucketAnalyticsConfigurations"> = operation({
  name: "ListBucketAnalyticsConfigurations",
  permissions: on.bucket("s3:GetAnalyticsConfiguration"),
  resource: "bucket",
  handle: emptyList,
});
