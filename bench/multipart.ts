import { createHash } from "node:crypto";
import { BUCKETS } from "./buckets.ts";
import { Connection } from "./Connection.ts";
import type { Answer } from "./Connection.ts";
import type { RequestPlan } from "./requests.ts";
import { prepare } from "./requests.ts";
import type { MeasuredServer } from "./servers.ts";

const PARTS = 100;
/** The least a part may have. */
const PART_SIZE_BYTES = 5 * 1024 * 1024;
const PATH = `/${BUCKETS.scratch}/multipart`;

const partBody: readonly Buffer[] = [Buffer.alloc(PART_SIZE_BYTES, "holdfast ")];

/** Uploads 100 parts, one after the other, and completes the upload. Resolves with the bytes sent. */
export async function multipartUpload(server: MeasuredServer, connection: Connection): Promise<number> {
  const uploadId = await begin(server, connection);
  await sendParts(server, connection, uploadId);
  await complete(server, connection, uploadId);
  return PARTS * PART_SIZE_BYTES;
}

/** Uploads 100 parts and resolves with what is left to do: completing the upload, which carries no bytes. */
export async function uploadParts(server: MeasuredServer): Promise<(connection: Connection) => Promise<number>> {
  const connection = await Connection.open(server.target.host, server.target.port);
  try {
    const uploadId = await begin(server, connection);
    if (server.kind !== "floor") await sendParts(server, connection, uploadId);
    return (other) => complete(server, other, uploadId);
  } finally {
    connection.close();
  }
}

async function begin(server: MeasuredServer, connection: Connection): Promise<string> {
  const { body } = await send(server, connection, { method: "POST", path: PATH, query: { uploads: "" } });
  return /<UploadId>([^<]+)</.exec(body)![1]!;
}

async function sendParts(server: MeasuredServer, connection: Connection, uploadId: string): Promise<void> {
  for (let partNumber = 1; partNumber <= PARTS; partNumber += 1) {
    await send(server, connection, {
      method: "PUT",
      path: PATH,
      query: { partNumber: String(partNumber), uploadId },
      body: partBody,
    });
  }
}

async function complete(server: MeasuredServer, connection: Connection, uploadId: string): Promise<number> {
  const body = [Buffer.from(completion)];
  await send(server, connection, { method: "POST", path: PATH, query: { uploadId }, body });
  return 0;
}

const etag = createHash("md5").update(partBody[0]!).digest("hex");
const completion = `<CompleteMultipartUpload>${Array.from(
  { length: PARTS },
  (_, index) => `<Part><PartNumber>${index + 1}</PartNumber><ETag>"${etag}"</ETag></Part>`,
).join("")}</CompleteMultipartUpload>`;

async function send(server: MeasuredServer, connection: Connection, plan: RequestPlan): Promise<Answer> {
  const answer = await connection.send(prepare(server.target, { ...plan, keepsAnswer: true }, new Date()));
  if (answer.status === 200 && !answer.body.includes("<Error>")) return answer;
  throw new Error(`${server.name}: ${plan.method} of a multipart upload answered ${answer.status}: ${answer.body}`);
}
