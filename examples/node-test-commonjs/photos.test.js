const assert = require("node:assert/strict");
const { after, before, beforeEach, test } = require("node:test");
const { CreateBucketCommand, S3Client } = require("@aws-sdk/client-s3");
const { Holdfast } = require("holdfast");
const { Album } = require("./photos.js");

let holdfast;
let client;

before(async () => {
  holdfast = await Holdfast.start();
  client = new S3Client(holdfast.clientConfig());
});

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
