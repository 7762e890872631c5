const { client, newBucket } = require("./newBucket.js");
const { Album } = require("./photos.js");

test("a photo that was added is found", async () => {
  const album = new Album(client, await newBucket());
  await album.add("photos.jpg", Buffer.from("a cat"));
  expect(await album.names()).toEqual(["photos.jpg"]);
  expect(Buffer.from(await album.find("photos.jpg")).toString()).toBe("a cat");
});

test("every test begins with an empty album", async () => {
  const album = new Album(client, await newBucket());
  expect(await album.names()).toEqual([]);
  expect(await album.find("photos.jpg")).toBeUndefined();
});
