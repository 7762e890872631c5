const { client, newBucket } = require("./newBucket.js");
const { Album } = require("./photos.js");

test("photos have the names they were added under", async () => {
  const album = new Album(client, await newBucket());
  await album.add("names.jpg", Buffer.from("a cat"));
  expect(await album.names()).toEqual(["names.jpg"]);
});

test("every test begins with an empty album", async () => {
  const album = new Album(client, await newBucket());
  expect(await album.names()).toEqual([]);
  expect(await album.find("names.jpg")).toBeUndefined();
});
