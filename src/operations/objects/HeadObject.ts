import { readPermissions } from "./permissions.ts";
import { withFreshContent } from "../../store/objects/content.ts";
import { checkReadConditions, checkReadParameters, readResult, selectBytes } from "./objectReads.ts";
import type { Operation } from "../Operation.ts";
import { operation } from "../Operation.ts";
import { checkKeyOf } from "./readKeys.ts";
import { presentObject } from "./presentVersion.ts";

/**
 * Answers as GetObject does, without the bytes; archived objects too.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/API_HeadObject.html
 */
export const HeadObject: Operation<"HeadObject"> = operation({
  name: "HeadObject",
  permissions: readPermissions,
  resource: "object",
  async handle(input, context) {
    const customerKey = checkReadParameters(input, context);
    return withFreshContent(async () => {
      const object = await presentObject(context, context.bucket, input);
      context.logObjectSize(object.sizeBytes);
      checkKeyOf(object, customerKey);
      checkReadConditions(input, object, context.nowMs);
      return readResult(context, input, object, await selectBytes(context, input, object));
    });
  },
});
