import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { promisify } from "node:util";
import { CreateBucketCommand, GetObjectCommand } from "@aws-sdk/client-s3";
import { newFolder } from "../newFolder.ts";
import { ServerProcess, TEST_KEYS } from "../serverProcess.ts";

const PAGE: string = readFileSync(join(import.meta.dirname, "../../docs/browser-uploads.md"), "utf8");
const INPUT = /<input type="hidden" name="([^"]+)" value="([^"]*)">/g;

/** The example of a language, as it stands on the page. */
function example(language: string): string {
  return [...PAGE.matchAll(/^```(\w+)\n(.*?)^```$/gms)].find(([, name]) => name === language)![2]!;
}

test("docs/browser-uploads.md: its script prints a form that a browser can send, and that is held to its policy", async (t) => {
  const folder = newFolder(t);
  const server = await ServerProcess.start(join(folder, "data"), { args: ["--workers", "1"] });
  t.after(() => server.stop());
  const client = server.client();
  await client.send(new CreateBucketCommand({ Bucket: "pictures" }));
  const script = join(folder, "form.mjs");
  writeFileSync(script, example("js").replaceAll("127.0.0.1:9000", `127.0.0.1:${server.port}`));
  const env = { ...process.env, AWS_ACCESS_KEY_ID: TEST_KEYS.accessKeyId, AWS_SECRET_ACCESS_KEY: TEST_KEYS.secretAccessKey };
  const { stdout: page } = await promisify(execFile)(process.execPath, [script], { env });
  const action = /<form action="([^"]+)" method="post" enctype="multipart\/form-data">/.exec(page)![1]!;

  const send = async (name: string, content: string): Promise<Response> => {
    const form = new FormData();
    for (const [, field, value] of page.matchAll(INPUT)) form.append(field!, value!);
    form.append("file", new File([content], name, { type: "image/png" }));
    form.append("submit", "Upload");
    return await fetch(action, { method: "POST", body: form });
  };
  const answer = await send("tom & jerry.jpg", "meow");
  const shown = example("xml").trim().replaceAll("127.0.0.1:9000", `127.0.0.1:${server.port}`);
  const document = (await answer.text()).replace(/"[0-9a-f]{32}"/, '"…"');
  assert.equal(answer.status, 201, document);
  const named = shown.replace("tom.jpg<", "tom%20%26%20jerry.jpg<").replace("cats/tom.jpg", "cats/tom &amp; jerry.jpg");
  assert.equal(document, `<?xml version="1.0" encoding="UTF-8"?>\n${named}`);
  const stored = await client.send(new GetObjectCommand({ Bucket: "pictures", Key: "cats/tom & jerry.jpg" }));
  assert.deepEqual([stored.ContentType, await stored.Body!.transformToString()], ["image/jpeg", "meow"]);

  const empty = await send("nothing.jpg", "");
  assert.equal(empty.status, 400);
  assert.match(await empty.text(), /<Code>EntityTooSmall<\/Code>/);
});
