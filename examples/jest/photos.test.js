import { CreateBucketCommand, S3Client } from "@aws-sdk/client-s3";
import { Holdfast } from "holdfast";
import { Album } from "./photos.js";

let holdfast;
let client;

// One server for the file: in memory, on a free port, in milliseconds.
beforeAll(async () => {
  holdfast = await Holdfast.start();
  client = new S3Client(holdfast.clientConfig());
});

afterAll(() => holdfast.stop());

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

test("every test begins with an empty album", async () => {
  const album = new Album(client, "album");
  expect(await album.names()).toEqual([]);
  expect(await album.find("cat.jpg")).toBeUndefined();
});
