import { on } from "../../access/Permission.ts";
import type { Operation } from "../Operation.ts";
import { operation } from "../Operation.ts";
import { emptyList, noSuchConfiguration } from "./namedConfigurations.ts";
import { refusalOfNewBucket } from "./newBucket.ts";

/**
 * Shows one of a bucket's S3 Intelligent-Tiering configurations. It has none.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetBucketIntelligentTieringConfiguration.html
 */
export const GetBucketIntelligentTieringConfiguration: Operation<"GetBucketIntelligentTieringConfiguration"> = refusalOfNewBucket(
  "GetBucketIntelligentTieringConfiguration",
  "s3:GetIntelligentTieringConfiguration",
  noSuchConfiguration("S3 Intelligent-Tiering"),
);

/**
 * Lists a bucket's S3 Intelligent-Tiering configurations. It has none.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListBucketIntelligentTieringConfigurations.html
 */
export const ListBucketIntelligentTieringConfigurations: Operation<"ListBucketIntelligentTieringConfigurations"> = operation({
  name: "ListBucketIntelligentTieringConfigurations",
  permissions: on.bucket("s3:GetIntelligentTieringConfiguration"),
  resource: "bucket",
  handle: emptyList,
});
