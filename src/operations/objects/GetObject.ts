import { readPermissions } from "./permissions.ts";
import { openContent, withFreshContent } from "../../store/objects/content.ts";
import { checkReadConditions, checkReadParameters, readResult, selectBytes } from "./objectReads.ts";
import type { Operation } from "../Operation.ts";
import { operation } from "../Operation.ts";
import { checkNotArchived } from "./storageClasses.ts";
import { dataKeyOf } from "./readKeys.ts";
import { presentObject } from "./presentVersion.ts";

/**
 * Reads an object, or a range or part of it.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObject.html
 */
export const GetObject: Operation<"GetObject"> = operation({
  name: "GetObject",
  permissions: readPermissions,
  resource: "object",
  async handle(input, context) {
    const customerKey = checkReadParameters(input, context);
    return withFreshContent(async () => {
      const object = await presentObject(context, context.bucket, input);
      context.logObjectSize(object.sizeBytes);
      checkNotArchived(object.storageClass, "The operation is not valid for the object's storage class");
      checkReadConditions(input, object, context.nowMs);
      const place = { bucket: context.bucket, key: input.Key };
      const dataKey = await dataKeyOf(context, object, place, customerKey);
      const selection = await selectBytes(context, input, object);
      const result = await readResult(context, input, object, selection);
      // Opened last: a body that nobody reads would keep its blobs.
      const body = await openContent(context.store, object, selection.range.start, selection.range.end, dataKey);
      return { ...result, output: { ...result.output, Body: body } };
    });
  },
});
