import assert from "node:assert/strict";
import { test } from "node:test";
import {
  CreateBucketCommand,
  DeletePublicAccessBlockCommand,
  PutBucketPolicyCommand,
  PutBucketWebsiteCommand,
  PutObjectCommand,
} from "@aws-sdk/client-s3";
import { pageAndServer } from "./pages.ts";

/** A website of a few pages, browsed as anybody would. */

const POLICY = JSON.stringify({
  Version: "2012-10-17",
  Statement: [{ Effect: "Allow", Principal: "*", Action: "s3:GetObject", Resource: "arn:aws:s3:::site/*" }],
});

function html(title: string, body = ""): string {
  return `<!doctype html><title>${title}</title>${body}`;
}

test("Browser: a website has its pages and folders, redirects, and a page for what is not there", async (t) => {
  const { client, port, page } = await pageAndServer(t);
  await client.send(new CreateBucketCommand({ Bucket: "site" }));
  await client.send(new DeletePublicAccessBlockCommand({ Bucket: "site" }));
  await client.send(new PutBucketPolicyCommand({ Bucket: "site", Policy: POLICY }));
  const pages = {
    "index.html": html("Home", '<link rel="stylesheet" href="style.css"><a href="about">About</a>'),
    "about/index.html": html("About", '<a href="../moved">Moved</a>'),
    "missing.html": html("Nothing here"),
  };
  for (const [Key, Body] of Object.entries(pages)) {
    await client.send(new PutObjectCommand({ Bucket: "site", Key, Body, ContentType: "text/html" }));
  }
  await client.send(
    new PutObjectCommand({ Bucket: "site", Key: "style.css", Body: "a { color: rgb(1, 2, 3) }", ContentType: "text/css" }),
  );
  await client.send(new PutObjectCommand({ Bucket: "site", Key: "moved", WebsiteRedirectLocation: "/about/" }));
  await client.send(
    new PutBucketWebsiteCommand({
      Bucket: "site",
      WebsiteConfiguration: {
        IndexDocument: { Suffix: "index.html" },
        ErrorDocument: { Key: "missing.html" },
        RoutingRules: [{ Condition: { KeyPrefixEquals: "old/" }, Redirect: { ReplaceKeyPrefixWith: "about/" } }],
      },
    }),
  );
  const shown = (): Promise<unknown> =>
    page.evaluate('[document.title, location.pathname, performance.getEntriesByType("navigation")[0].responseStatus].join(" ")');
  const site = `http://site.s3-website.localhost:${port}`;
  await page.load(`${site}/`);
  assert.equal(await shown(), "Home / 200");
  assert.equal(await page.evaluate('getComputedStyle(document.querySelector("a")).color'), "rgb(1, 2, 3)");
  await page.leave('document.querySelector("a").click()');
  assert.equal(await shown(), "About /about/ 200");
  await page.leave('document.querySelector("a").click()');
  assert.equal(await shown(), "About /about/ 200");
  await page.load(`${site}/old/index.html`);
  assert.equal(await shown(), "About /about/index.html 200");
  await page.load(`${site}/nowhere`);
  assert.equal(await shown(), "Nothing here /nowhere 404");
});
