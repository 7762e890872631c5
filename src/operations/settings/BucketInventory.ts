import { on } from "../../access/Permission.ts";
import type { Operation } from "../Operation.ts";
import { operation } from "../Operation.ts";
import { emptyList, noSuchConfiguration } from "./namedConfigurations.ts";
import { refusalOfNewBucket } from "./newBucket.ts";

/**
 * Shows one of a bucket's inventory configurations. It has none.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetBucketInventoryConfiguration.html
 */
export const GetBucketInventoryConfiguration: Operation<"GetBucketInventoryConfiguration"> = refusalOfNewBucket(
  "GetBucketInventoryConfiguration",
  "s3:GetInventoryConfiguration",
  noSuchConfiguration("inventory"),
);

/**
 * Lists a bucket's inventory configurations. It has none.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListBucketInventoryConfigurations.html
 */
export const ListBucketInventoryConfigurations: Operation<"ListBucketInventoryConfigurations"> = operation({
  name: "ListBucketInventoryConfigurations",
  permissions: on.bucket("s3:GetInventoryConfiguration"),
  resource: "bucket",
  handle: emptyList,
});
