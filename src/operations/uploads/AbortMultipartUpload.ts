import { on } from "../../access/Permission.ts";
import { abortUpload } from "../../store/uploads/multipart.ts";
import type { Operation } from "../Operation.ts";
import { operation } from "../Operation.ts";

/**
 * Ends a multipart upload without an object; its parts are freed.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/API_AbortMultipartUpload.html
 */
export const AbortMultipartUpload: Operation<"AbortMultipartUpload"> = operation({
  name: "AbortMultipartUpload",
  permissions: on.object("s3:AbortMultipartUpload"),
  resource: "object",
  async handle(input, context) {
    await abortUpload(context.store, context.bucket, input.Key, input.UploadId);
    return { output: {} };
  },
});
