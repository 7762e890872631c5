import assert from "node:assert/strict";
import { test } from "node:test";
import { GetObjectCommand, HeadObjectCommand } from "@aws-sdk/client-s3";
import type { FormOptions } from "../server/browserForms.ts";
import { signedFields } from "../server/browserForms.ts";
import type { Page } from "./Browser.ts";
import { pageAndServer } from "./pages.ts";

/** What a real browser's form uploads, and where it then leads. */

const KEY = { Bucket: "bucket", Key: "uploads/gr\u00fc\u00df e.txt" };

/** Has a page send a form with a file, as if somebody had chosen it and pressed the button, and waits for what the browser then shows. */
async function submit(page: Page, action: string, options: FormOptions): Promise<void> {
  const fields = signedFields("bucket", Date.now(), options);
  await page.leave(`
    const form = document.createElement("form");
    form.action = ${JSON.stringify(action)};
    form.method = "post";
    form.enctype = "multipart/form-data";
    // The page itself says nothing of its encoding.
    form.acceptCharset = "utf-8";
    const add = (name) => {
      const input = form.appendChild(document.createElement("input"));
      input.name = name;
      return input;
    };
    for (const [name, value] of ${JSON.stringify(fields)}) add(name).value = value;
    const file = add("file");
    file.type = "file";
    const chosen = new DataTransfer();
    chosen.items.add(new File(["hello ".repeat(50_000)], "gr\u00fc\u00df e.txt", { type: "text/x-test" }));
    file.files = chosen.files;
    document.body.append(form);
    form.submit();
  `);
}

test("Browser: a form of a page of another origin uploads a file, and leads where it says with the object's name", async (t) => {
  const { client, origin, port, page } = await pageAndServer(t);
  const fields = [
    ["success_action_redirect", `${origin}/done`],
    ["Content-Type", "text/x-test"],
  ] as const;
  await submit(page, `http://127.0.0.1:${port}/bucket`, { fields });
  const { ETag: etag, ContentType: type } = await client.send(new HeadObjectCommand(KEY));
  assert.equal(type, "text/x-test");
  const { Body } = await client.send(new GetObjectCommand(KEY));
  assert.equal(await Body!.transformToString(), "hello ".repeat(50_000));
  const shown = new URL((await page.evaluate("location.href")) as string);
  assert.equal(shown.origin + shown.pathname, `${origin}/done`);
  assert.deepEqual(Object.fromEntries(shown.searchParams), { bucket: "bucket", key: KEY.Key, etag });
});

test("Browser: a form that its policy does not allow shows S3's error", async (t) => {
  const { client, port, page } = await pageAndServer(t);
  await submit(page, `http://bucket.localhost:${port}/`, { moreConditions: [["content-length-range", 0, 1000]] });
  assert.match((await page.evaluate("document.documentElement.textContent")) as string, /EntityTooLarge/);
  await assert.rejects(client.send(new HeadObjectCommand(KEY)), { name: "NotFound" });
});
