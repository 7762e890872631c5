/** What docs/moving-in.md tells to do, with the programs that stand in it. Holdfast stands in for another S3. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { cp, mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { Readable } from "node:stream";
import type { TestContext } from "node:test";
import { test } from "node:test";
import {
  CreateBucketCommand,
  DeleteObjectCommand,
  GetObjectCommand,
  GetObjectTaggingCommand,
  HeadObjectCommand,
  ListObjectVersionsCommand,
  PutBucketVersioningCommand,
  PutObjectCommand,
  S3Client,
} from "@aws-sdk/client-s3";
import { Upload } from "@aws-sdk/lib-storage";
import { ServerProcess, TEST_KEYS } from "../serverProcess.ts";
import { run, succeed } from "./commands.ts";
import { fixture } from "./fixture.ts";
import { S3RVER_KEYS, startS3rver } from "./s3rver.ts";

const PAGE = readFileSync(join(import.meta.dirname, "../../docs/moving-in.md"), "utf8");
const PART_SIZE_BYTES: number = 5 * 1024 * 1024;

/** The program that the page has under this name. */
function programOf(name: string): string {
  const found = new RegExp(`<!-- ${name.replaceAll(".", "\\.")} -->\\n\\n\`\`\`\\w+\\n(.*?)\`\`\``, "s").exec(PAGE);
  assert.ok(found !== null, name);
  return found[1]!;
}

/** rclone with the remotes "old:" and "new:", as the page sets it up. */
async function rcloneOf(
  folder: string,
  remotes: Readonly<Record<"old" | "new", { endpoint: string; accessKeyId: string; secretAccessKey: string }>>,
): Promise<(...args: string[]) => Promise<string>> {
  const config = join(folder, "rclone.conf");
  const sections = Object.entries(remotes).map(
    ([name, { endpoint, accessKeyId, secretAccessKey }]) =>
      `[${name}]\ntype = s3\nprovider = Other\nendpoint = ${endpoint}\naccess_key_id = ${accessKeyId}\n` +
      `secret_access_key = ${secretAccessKey}\nregion = us-east-1\n`,
  );
  await writeFile(config, sections.join("\n"));
  return async (...args) => {
    const { code, stdout, stderr } = await run("/usr/bin/rclone", ["--config", config, ...args], { cwd: folder });
    assert.equal(code, 0, `rclone ${args.join(" ")}\n${stderr}`);
    return stdout + stderr;
  };
}

/** A store to leave beside the one to move into. */
async function twoStores(t: TestContext) {
  const { server, endpoint, folder } = await fixture(t);
  const old = await ServerProcess.start(join(folder, "old"), { args: ["--workers", "1"] });
  t.after(() => old.stop());
  return { old, oldEndpoint: `http://127.0.0.1:${old.port}`, server, endpoint, folder };
}

test("Moving in: rclone brings bytes, types and metadata from another S3, compares every byte, and goes on where it stopped", async (t) => {
  const { old, oldEndpoint, server, endpoint, folder } = await twoStores(t);
  const rclone = await rcloneOf(folder, { old: { endpoint: oldEndpoint, ...TEST_KEYS }, new: { endpoint, ...TEST_KEYS } });
  const from = old.client();
  const to = server.client();
  const put = (Key: string, rest: object = {}) =>
    from.send(new PutObjectCommand({ Bucket: "photos", Key, Body: "bytes", ...rest }));
  await from.send(new CreateBucketCommand({ Bucket: "photos" }));
  await put("a b/ünï+c%20.txt");
  await put("marker/", { Body: "" });
  const told = { ContentType: "text/css", CacheControl: "max-age=60", ContentDisposition: "attachment", ContentLanguage: "en" };
  await put("told", { ...told, ContentEncoding: "gzip", Metadata: { colour: "blue" }, Tagging: "team=a" });
  const Body = Buffer.alloc(2 * PART_SIZE_BYTES + 1, "parts");
  await new Upload({ client: from, partSize: PART_SIZE_BYTES, params: { Bucket: "photos", Key: "large", Body } }).done();

  await rclone("copy", "--metadata", "old:photos", "new:photos");
  assert.match(await rclone("check", "old:photos", "new:photos"), /0 differences found[^]*1 hashes could not be checked/);
  const compared = await rclone("check", "--download", "old:photos", "new:photos");
  assert.match(compared, /0 differences found[^]*3 matching files/);
  assert.doesNotMatch(compared, /could not be checked/);
  const head = await to.send(new HeadObjectCommand({ Bucket: "photos", Key: "told" }));
  assert.deepEqual({ ...head, ...told }, head);
  assert.deepEqual([head.ContentEncoding, head.Metadata?.["colour"]], ["gzip", "blue"]);
  // What the page says does not come along.
  assert.deepEqual((await to.send(new GetObjectTaggingCommand({ Bucket: "photos", Key: "told" }))).TagSet, []);
  await assert.rejects(to.send(new HeadObjectCommand({ Bucket: "photos", Key: "marker/" })), { name: "NotFound" });

  await put("late");
  await from.send(new DeleteObjectCommand({ Bucket: "photos", Key: "told" }));
  assert.match(await rclone("copy", "-v", "--metadata", "old:photos", "new:photos"), /Transferred: +1 \/ 1, 100%/);
  await rclone("sync", "--metadata", "old:photos", "new:photos");
  assert.deepEqual((await rclone("lsf", "-R", "--files-only", "new:photos")).trim().split("\n").toSorted(), [
    "a b/ünï+c%20.txt",
    "large",
    "late",
  ]);
});

test("Moving in: the page's program brings all versions and delete markers in their order, with metadata and tags", async (t) => {
  const { old, oldEndpoint, server, endpoint, folder } = await twoStores(t);
  const from = old.client();
  const put = (Key: string, Body: string, rest: object = {}) =>
    from.send(new PutObjectCommand({ Bucket: "photos", Key, Body, ...rest }));
  await from.send(new CreateBucketCommand({ Bucket: "photos" }));
  await from.send(new PutBucketVersioningCommand({ Bucket: "photos", VersioningConfiguration: { Status: "Enabled" } }));
  await put("a b/ü", "first");
  await put("a b/ü", "second", { Metadata: { colour: "blue" }, Tagging: "team=a" });
  await put("gone", "bytes");
  await from.send(new DeleteObjectCommand({ Bucket: "photos", Key: "gone" }));

  await mkdir(join(folder, ".aws"));
  const keys = `aws_access_key_id = ${TEST_KEYS.accessKeyId}\naws_secret_access_key = ${TEST_KEYS.secretAccessKey}\nregion = us-east-1\n`;
  await writeFile(join(folder, ".aws/credentials"), `[old]\n${keys}[new]\n${keys}`);
  const program = programOf("move_versions.py");
  await writeFile(
    join(folder, "move_versions.py"),
    program.replace("http://127.0.0.1:9010", oldEndpoint).replace("http://127.0.0.1:9000", endpoint),
  );
  await succeed("/usr/bin/python3", ["move_versions.py", "photos"], { cwd: folder });

  const shown = async (client: S3Client) => {
    const { Versions = [], DeleteMarkers = [] } = await client.send(new ListObjectVersionsCommand({ Bucket: "photos" }));
    return [
      ...Versions.map(({ Key, ETag, IsLatest }) => [Key, ETag, IsLatest]),
      ...DeleteMarkers.map(({ Key, IsLatest }) => [Key, IsLatest]),
    ];
  };
  const to = server.client();
  assert.equal((await shown(to)).length, 4);
  assert.deepEqual(await shown(to), await shown(from));
  const { Metadata, Body } = await to.send(new GetObjectCommand({ Bucket: "photos", Key: "a b/ü" }));
  assert.deepEqual([Metadata, await Body!.transformToString()], [{ colour: "blue" }, "second"]);
  const { TagSet } = await to.send(new GetObjectTaggingCommand({ Bucket: "photos", Key: "a b/ü" }));
  assert.deepEqual(TagSet, [{ Key: "team", Value: "a" }]);
});

test("Moving in: from s3rver, the page's program takes frames out of objects, and its list brings what s3rver does not list", async (t) => {
  const { server, endpoint, folder } = await fixture(t);
  const data = join(folder, "s3rver-data");
  await mkdir(data);
  const firstEndpoint = await startS3rver(t, data);
  const from = new S3Client({ endpoint: firstEndpoint, region: "us-east-1", credentials: S3RVER_KEYS, forcePathStyle: true });
  const put = (Key: string, Body: string | Readable, rest: object = {}) =>
    from.send(new PutObjectCommand({ Bucket: "photos", Key, Body, ...rest }));
  await from.send(new CreateBucketCommand({ Bucket: "photos" }));
  await put("folder/of folders/ü.txt", "bytes");
  const framed = { ContentLength: 11, ContentType: "text/plain", Metadata: { colour: "blue" } };
  await put("framed.txt", Readable.from([Buffer.from("hello world")]), framed);
  await put("looks framed", "b\r\nhello world\r\nand more");

  const copy = join(folder, "s3rver-copy");
  await cp(data, copy, { recursive: true });
  await writeFile(join(folder, "unframe.mjs"), programOf("unframe.mjs"));
  const unframe = (...args: string[]) => succeed(process.execPath, ["unframe.mjs", copy, ...args], { cwd: folder });
  assert.equal(await unframe(), "photos/framed.txt: 11 bytes without frames\n");
  await unframe("--write");
  assert.equal(await unframe(), "");

  const oldEndpoint = await startS3rver(t, copy);
  const rclone = await rcloneOf(folder, { old: { endpoint: oldEndpoint, ...S3RVER_KEYS }, new: { endpoint, ...TEST_KEYS } });
  assert.equal(
    await rclone("lsf", "old:photos"),
    "framed.txt\nlooks framed\n",
    "the page says that s3rver does not list the folder",
  );
  const listing = /^\(cd s3rver-copy\/photos && find .*$/m.exec(PAGE)![0];
  await succeed("/bin/sh", ["-c", listing], { cwd: folder });
  const files = ["--no-traverse", "--files-from-raw", "keys.txt", "old:photos", "new:photos"];
  await rclone("copy", "--metadata", ...files);
  assert.match(await rclone("check", ...files), /0 differences found[^]*3 matching files/);
  const to = server.client();
  const moved = await to.send(new GetObjectCommand({ Bucket: "photos", Key: "framed.txt" }));
  assert.equal(await moved.Body!.transformToString(), "hello world");
  assert.deepEqual([moved.ContentEncoding, moved.ContentType, moved.Metadata?.["colour"]], [undefined, "text/plain", "blue"]);
  await to.send(new HeadObjectCommand({ Bucket: "photos", Key: "folder/of folders/ü.txt" }));
});
