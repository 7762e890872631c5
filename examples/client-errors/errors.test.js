import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer, request } from "node:http";
import { after, beforeEach, test } from "node:test";
import { CreateBucketCommand, GetObjectCommand, PutObjectCommand } from "@aws-sdk/client-s3";
import { Holdfast } from "holdfast";

const holdfast = await Holdfast.start();
// What comes first is answered as told: a status, or "lose" for an answer that is lost on its way. Everything else goes to Holdfast.
const script = [];
const network = createServer((incoming, outgoing) => {
  const next = script.shift();
  if (typeof next === "number") {
    incoming.resume();
    outgoing.writeHead(next).end();
    return;
  }
  const { hostname, port } = new URL(holdfast.endpoint);
  const { method, url: path, rawHeaders: headers } = incoming;
  const passed = request({ hostname, port, path, method, headers }, (answer) => {
    if (next === "lose") answer.resume().once("end", () => incoming.socket.destroy());
    else answer.pipe(outgoing.writeHead(answer.statusCode, answer.rawHeaders));
  });
  incoming.pipe(passed);
}).listen(0, "127.0.0.1");
await once(network, "listening");
after(async () => {
  network.close();
  network.closeAllConnections();
  await holdfast.stop();
});

const { credentials, region } = holdfast.clientConfig();
process.env.AWS_ENDPOINT_URL = `http://127.0.0.1:${network.address().port}`;
process.env.AWS_REGION = region;
process.env.AWS_ACCESS_KEY_ID = credentials.accessKeyId;
process.env.AWS_SECRET_ACCESS_KEY = credentials.secretAccessKey;
const { client } = await import("./client.js");
const { create } = await import("./create.js");
const { download } = await import("./download.js");
const { story } = await import("./story.js");

const OBJECT = { Bucket: "photos", Key: "cat.jpg" };
beforeEach(async () => {
  await holdfast.reset();
  await client.send(new CreateBucketCommand({ Bucket: OBJECT.Bucket }));
});

test("a client with the strategy sends again what failed inside the service", async () => {
  script.push(500, 502);
  const { $metadata } = await client.send(new PutObjectCommand({ ...OBJECT, Body: "a cat" }));
  assert.equal($metadata.attempts, 3);
});

test("fetch with retries gets what is there, and the error of what is not", async () => {
  script.push(500);
  await assert.rejects(download(`${process.env.AWS_ENDPOINT_URL}/photos/cat.jpg`), { code: "AccessDenied", status: 403 });
  assert.deepEqual(script, []);
});

test("an error is told as a story, with what Holdfast says of this very request", async () => {
  const error = await client.send(new GetObjectCommand(OBJECT)).catch((thrown) => thrown);
  const lines = story(error).split("\n");
  assert.equal(lines[0], "NoSuchKey (404): The specified key does not exist.");
  assert.match(lines[1], /^The bucket "photos" has no object under exactly this key;/);
  assert.match(lines[3], /^Again\? No\./);
  assert.match(lines[4], /^Request [A-Z0-9]{16}$/);
});

test("a write that must be the first knows itself again when its answer was lost, and no other", async () => {
  script.push("lose");
  await create({ ...OBJECT, Body: "a cat" });
  assert.deepEqual(script, []);
  await assert.rejects(create({ ...OBJECT, Body: "another" }), { name: "PreconditionFailed" });
});
