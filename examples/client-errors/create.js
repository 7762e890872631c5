import { randomUUID } from "node:crypto";
import { HeadObjectCommand, PutObjectCommand } from "@aws-sdk/client-s3";
import { parseError } from "holdfast/errors";
import { client } from "./client.js";

/** Writes an object that must not be there yet. */
export async function create(object) {
  const writeId = randomUUID();
  try {
    await client.send(new PutObjectCommand({ ...object, IfNoneMatch: "*", Metadata: { "write-id": writeId } }));
  } catch (error) {
    if (parseError(error).code !== "PreconditionFailed") throw error;
    // Perhaps an earlier attempt wrote it, and its answer was lost.
    const { Metadata } = await client.send(new HeadObjectCommand({ Bucket: object.Bucket, Key: object.Key }));
    if (Metadata?.["write-id"] !== writeId) throw error;
  }
}
