import { encodeOutput } from "../../../src/protocol/rest/encode.ts";
import type { OperationName } from "../../../src/protocol/generated/types.ts";
import type { Inputs } from "../../../src/protocol/operations.ts";
import type { Operation } from "../../../src/operations/Operation.ts";
import { bucketIn, contextFor, memoryStore } from "../contextFor.ts";

/** What the operations on a bucket's setting answer of a new bucket of OWNER's, called "bucket". */

/** Status and document of an answer; "" where there is no body. */
export async function answerTo<Name extends OperationName>(
  operation: Operation<Name>,
  input: Inputs[Name],
): Promise<readonly [status: number, document: string]> {
  const store = memoryStore();
  const { output } = await operation.handle(input, contextFor({ store, bucket: await bucketIn(store) }));
  const { status, body } = await encodeOutput(operation.name, output);
  return [status, Buffer.isBuffer(body) ? body.toString("utf8") : ""];
}

/** A document of S3's as it goes over the wire, by its root and what stands in it. */
export function document(root: string, inside: string = ""): string {
  const open = `${root} xmlns="http://s3.amazonaws.com/doc/2006-03-01/"`;
  return `<?xml version="1.0" encoding="UTF-8"?>\n${inside === "" ? `<${open}/>` : `<${open}>${inside}</${root}>`}`;
}
