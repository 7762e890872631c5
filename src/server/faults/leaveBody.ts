import type { OutputBody } from "../../protocol/Payload.ts";

/** Lets go of the body of an answer that nobody is going to send: until then, what it is read from stays open. */
export async function leaveBody(body: Buffer | OutputBody | undefined): Promise<void> {
  if (body === undefined || Buffer.isBuffer(body) || Buffer.isBuffer(body.source)) return;
  await body.source[Symbol.asyncIterator]().return?.();
}
