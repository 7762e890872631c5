import assert from "node:assert/strict";
import { after, test } from "node:test";
import { CreateBucketCommand, S3Client } from "@aws-sdk/client-s3";
import { Holdfast } from "holdfast";
import { Album } from "./photos.js";

// What many tests begin with is made once. Each test then gets a server of its own with the same content, so that they can run at once.
const origin = await Holdfast.start();
after(() => origin.stop());
const client = new S3Client(origin.clientConfig());
await client.send(new CreateBucketCommand({ Bucket: "album" }));
await new Album(client, "album").add("cat.jpg", Buffer.from("a cat"));

test("albums", { concurrency: true }, async (t) => {
  const added = t.test("a photo that was added stands beside the one that was there", async () => {
    await using holdfast = await origin.fork();
    const album = new Album(new S3Client(holdfast.clientConfig()), "album");
    await album.add("dog.jpg", Buffer.from("a dog"));
    assert.deepEqual(await album.names(), ["cat.jpg", "dog.jpg"]);
  });
  const untouched = t.test("what other tests add is not there", async () => {
    await using holdfast = await origin.fork();
    const album = new Album(new S3Client(holdfast.clientConfig()), "album");
    assert.deepEqual(await album.names(), ["cat.jpg"]);
  });
  await Promise.all([added, untouched]);
});
