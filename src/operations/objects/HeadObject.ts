import { readPermissions } from "./permissions.ts";
import { withFreshContent } from "../../store/objects/content.ts";
import { checkReadConditions, checkReadParameters, presentObject, readResult, selectBytes } from "./objectReads.ts";
import type { Operation } from "../Operation.ts";
import { operation } from "../Operation.ts";
import { refuseCustomerKey } from "../headers/unbuilt.ts";

/**
 * Answers as GetObject does, without the bytes; archived objects too.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/API_HeadObject.html
 */
export const HeadObject: Operation<"HeadObject"> = operation({
  name: "HeadObject",
  permissions: readPermissions,
  resource: "object",
  async handle(input, context) {
    checkReadParameters(input, context);
    return withFreshContent(async () => {
      const object = await presentObject(context, context.bucket, input.Key);
      refuseCustomerKey(input);
      checkReadConditions(input, object, context.nowMs);
      return readResult(context, input, object, await selectBytes(context, input, object));
    });
  },
});
