const { CreateBucketCommand, S3Client } = require("@aws-sdk/client-s3");
const { Album } = require("./photos.js");

/* The global `holdfast` comes from holdfastEnvironment.js: one server for the file, in memory, on a free port. */
const client = new S3Client(holdfast.clientConfig());

beforeEach(async () => {
  await holdfast.reset();
  await client.send(new CreateBucketCommand({ Bucket: "album" }));
});

test("a photo that was added is found", async () => {
  const album = new Album(client, "album");
  await album.add("cat.jpg", Buffer.from("a cat"));
  expect(await album.names()).toEqual(["cat.jpg"]);
  expect(Buffer.from(await album.find("cat.jpg")).toString()).toBe("a cat");
});

test("a photo is added although S3 answers SlowDown twice", async () => {
  await holdfast.faults.add({ action: { kind: "error", code: "SlowDown" }, chance: { times: 2 } });
  const album = new Album(client, "album");
  await album.add("cat.jpg", Buffer.from("a cat"));
  const attempts = await holdfast.requests({ operations: ["PutObject"] });
  expect(attempts.map(({ status }) => status)).toEqual([503, 503, 200]);
});
