import assert from "node:assert/strict";
import { Readable } from "node:stream";
import { test } from "node:test";
import {
  CompleteMultipartUploadCommand,
  CopyObjectCommand,
  CreateBucketCommand,
  CreateMultipartUploadCommand,
  GetObjectCommand,
  HeadObjectCommand,
  PutObjectCommand,
  UploadPartCopyCommand,
} from "@aws-sdk/client-s3";
import { newFolder } from "../newFolder.ts";
import { ServerProcess } from "../serverProcess.ts";

const GIB = 1024 ** 3;
const PIECE_SIZE_BYTES = 1024 * 1024;
const BUCKET = "copies";
const TOO_LARGE = {
  name: "InvalidRequest",
  message: "The specified copy source is larger than the maximum allowable size for a copy source: 5368709120",
};

/** A gibibyte in which each piece begins with its number. */
function* gibibyte(): Generator<Buffer> {
  for (let number = 0; number < GIB / PIECE_SIZE_BYTES; number += 1) {
    const piece = Buffer.alloc(PIECE_SIZE_BYTES);
    piece.writeUInt32BE(number);
    yield piece;
  }
}

test("UploadPartCopy: an object of more than 5 GiB is made of copied parts, and copied in no other way", async (t) => {
  const data = newFolder(t);
  const server = await ServerProcess.start(data, { args: ["--workers", "1"] });
  t.after(() => server.stop());
  const client = server.client();
  await client.send(new CreateBucketCommand({ Bucket: BUCKET }));
  const Body = Readable.from(gibibyte(), { objectMode: false });
  await client.send(new PutObjectCommand({ Bucket: BUCKET, Key: "gibibyte", Body, ContentLength: GIB }));
  const { UploadId } = await client.send(new CreateMultipartUploadCommand({ Bucket: BUCKET, Key: "large" }));
  const part = { Bucket: BUCKET, Key: "large", UploadId, CopySource: `${BUCKET}/gibibyte` };
  const Parts = [];
  for (let PartNumber = 1; PartNumber <= 6; PartNumber += 1) {
    // Five gibibytes, and one piece more.
    const CopySourceRange = PartNumber === 6 ? `bytes=0-${PIECE_SIZE_BYTES - 1}` : undefined;
    const { CopyPartResult } = await client.send(new UploadPartCopyCommand({ ...part, PartNumber, CopySourceRange }));
    Parts.push({ PartNumber, ETag: CopyPartResult!.ETag });
  }
  const MultipartUpload = { Parts };
  await client.send(new CompleteMultipartUploadCommand({ Bucket: BUCKET, Key: "large", UploadId, MultipartUpload }));
  const sizeBytes = 5 * GIB + PIECE_SIZE_BYTES;
  assert.equal((await client.send(new HeadObjectCommand({ Bucket: BUCKET, Key: "large" }))).ContentLength, sizeBytes);
  const Range = `bytes=${4 * GIB - PIECE_SIZE_BYTES}-${4 * GIB + 3}`;
  const across = await client.send(new GetObjectCommand({ Bucket: BUCKET, Key: "large", Range }));
  const bytes = Buffer.from(await across.Body!.transformToByteArray());
  assert.equal(bytes.readUInt32BE(0), GIB / PIECE_SIZE_BYTES - 1);
  assert.equal(bytes.readUInt32BE(PIECE_SIZE_BYTES), 0);

  const CopySource = `${BUCKET}/large`;
  await assert.rejects(client.send(new CopyObjectCommand({ Bucket: BUCKET, Key: "copy", CopySource })), TOO_LARGE);
  const again = await client.send(new CreateMultipartUploadCommand({ Bucket: BUCKET, Key: "copy" }));
  const piece = { Bucket: BUCKET, Key: "copy", UploadId: again.UploadId, PartNumber: 1, CopySource };
  await assert.rejects(client.send(new UploadPartCopyCommand(piece)), TOO_LARGE);
  await assert.rejects(client.send(new UploadPartCopyCommand({ ...piece, CopySourceRange: `bytes=0-${5 * GIB}` })), TOO_LARGE);
  const small = `bytes=${5 * GIB - 4}-${5 * GIB + PIECE_SIZE_BYTES - 1}`;
  const copied = await client.send(new UploadPartCopyCommand({ ...piece, CopySourceRange: small }));
  assert.match(copied.CopyPartResult!.ETag!, /^"[0-9a-f]{32}"$/);
});
