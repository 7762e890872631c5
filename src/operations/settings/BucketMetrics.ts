import { on } from "../../access/Permission.ts";
import type { Operation } from "../Operation.ts";
import { operation } from "../Operation.ts";
import { emptyList, noSuchConfiguration } from "./namedConfigurations.ts";
import { refusalOfNewBucket } from "./newBucket.ts";

/**
 * Shows one of a bucket's metrics configurations. It has none.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetBucketMetricsConfiguration.html
 */
export const GetBucketMetricsConfiguration: Operation<"GetBucketMetricsConfiguration"> = refusalOfNewBucket(
  "GetBucketMetricsConfiguration",
  "s3:GetMetricsConfiguration",
  noSuchConfiguration("metrics"),
);

/**
 * Lists a bucket's metrics configurations. It has none.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListBucketMetricsConfigurations.html
 */
export const ListBucketMetricsConfigurations: Operation<"ListBucketMetricsConfigurations"> = operation({
  name: "ListBucketMetricsConfigurations",
  permissions: on.bucket("s3:GetMetricsConfiguration"),
  resource: "bucket",
  handle: emptyList,
});
