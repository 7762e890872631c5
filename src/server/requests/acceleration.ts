import { S3Error } from "../../errors/S3Error.ts";
import type { AnyOperation } from "../../operations/Operation.ts";
import { checkAccelerated } from "../../operations/settings/acceleration.ts";
import type { RequestLife } from "./RequestLife.ts";

/**
 * Whether a request that came by an accelerated host name may, when its bucket has been looked for. Throws InvalidRequest, and what S3 documents
 * no answer for: MethodNotAllowed for operations that are never accelerated.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/transfer-acceleration-getting-started.html
 */
export async function checkAcceleration(life: RequestLife, operation: AnyOperation | undefined): Promise<void> {
  const { address, method } = life.request;
  if (address.style === "path") {
    throw new S3Error("InvalidRequest", {
      message: "The Amazon S3 Transfer Acceleration endpoint supports only virtual style requests.",
      explanation: "No bucket stands in the host name: put it before s3-accelerate, or use another endpoint.",
    });
  }
  if (operation?.neverAccelerated === true) {
    throw new S3Error("MethodNotAllowed", {
      details: [
        ["Method", method],
        ["ResourceType", "BUCKET"],
      ],
      explanation: `${operation.name} does not come by an accelerated host name: send it to the region's endpoint.`,
    });
  }
  if (life.bucket !== undefined) await checkAccelerated(life.store, life.bucket);
}
