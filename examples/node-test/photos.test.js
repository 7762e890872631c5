import assert from "node:assert/strict";
import { after, beforeEach, test } from "node:test";
import { CreateBucketCommand, S3Client } from "@aws-sdk/client-s3";
import { Holdfast } from "holdfast";
import { Album } from "./photos.js";

// One server for the file: in memory, on a free port, in milliseconds.
const holdfast = await Holdfast.start();
const client = new S3Client(holdfast.clientConfig());
after(() => holdfast.stop());

beforeEach(async () => {
  await holdfast.reset();
  await client.send(new CreateBucketCommand({ Bucket: "album" }));
});

test("a photo that was added is found", async () => {
  const album = new Album(client, "album");
  await album.add("cat.jpg", Buffer.from("a cat"));
  assert.deepEqual(await album.names(), ["cat.jpg"]);
  assert.equal(Buffer.from(await album.find("cat.jpg")).toString(), "a cat");
});

test("every test begins with an empty album", async () => {
  const album = new Album(client, "album");
  assert.deepEqual(await album.names(), []);
  assert.equal(await album.find("cat.jpg"), undefined);
});
