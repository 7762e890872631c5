import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { copyFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { TestContext } from "node:test";
import { test } from "node:test";
import { schemaDocument } from "../../src/protocol/soap/description/schema.ts";
import { newFolder } from "../newFolder.ts";
import type { Call } from "./calls.ts";
import { FAULTS } from "./faults.ts";
import { soapFixture } from "./fixture.ts";
import type { Exchanged } from "./rawClient.ts";
import { exchange } from "./rawClient.ts";
import { signed, steps } from "./steps.ts";

const ENVELOPE_SCHEMA = "envelope.xsd";

/** What xmllint says of documents that are not as the schemas say. `documents` by the names that it calls them. */
async function violations(t: TestContext, documents: Readonly<Record<string, string>>): Promise<string> {
  const folder = newFolder(t);
  await copyFile(join(import.meta.dirname, ENVELOPE_SCHEMA), join(folder, ENVELOPE_SCHEMA));
  await writeFile(join(folder, "AmazonS3.xsd"), schemaDocument);
  const names = Object.keys(documents);
  for (const name of names) await writeFile(join(folder, name), documents[name]!);
  return new Promise((resolve) => {
    const args = ["--noout", "--nonet", "--huge", "--schema", ENVELOPE_SCHEMA, ...names];
    execFile("xmllint", args, { cwd: folder }, (failure, _stdout, stderr) => {
      const lines = stderr.split("\n").filter((line) => line !== "" && !line.endsWith(" validates"));
      resolve(failure === null ? "" : lines.join("\n"));
    });
  });
}

async function exchangeAll(endpoint: string, calls: readonly Call[]): Promise<Exchanged[]> {
  const all: Exchanged[] = [];
  for (const call of calls) all.push(await exchange(endpoint, call));
  return all;
}

function documentsOf(kind: "sent" | "received", calls: readonly Call[], all: readonly Exchanged[]): Record<string, string> {
  return Object.fromEntries(all.map((each, index) => [`${index}-${calls[index]!.operation}-${kind}.xml`, each[kind]]));
}

test("SOAP's schema: every operation's request and answer are as it says", async (t) => {
  const fixture = await soapFixture(t);
  const calls = [
    // Optional elements that no other answer has.
    signed("ListBucket", { Bucket: "listed", Prefix: "l", Marker: "a", MaxKeys: 1, Delimiter: "r" }),
    signed("ListBucket", { Bucket: "listed", MaxKeys: 0 }),
    ...steps(fixture, { attaches: ["mime"], readsAttachments: true }).map(({ call }) => call),
  ];
  const all = await exchangeAll(fixture.endpoint, calls);
  for (const [index, { status, received }] of all.entries()) assert.equal(status, 200, `${calls[index]!.operation}: ${received}`);
  assert.equal(await violations(t, documentsOf("sent", calls, all)), "");
  assert.equal(await violations(t, documentsOf("received", calls, all)), "");
});

test("SOAP's schema: every fault is as SOAP 1.1 says", async (t) => {
  const { endpoint } = await soapFixture(t);
  const calls = FAULTS.map(({ call }) => call);
  const all = await exchangeAll(endpoint, calls);
  for (const { status, contentType, received } of all) {
    assert.deepEqual([status, contentType], [500, "text/xml; charset=utf-8"]);
    assert.match(received, /<soapenv:Fault><faultcode>soapenv:Client\./);
  }
  assert.equal(await violations(t, documentsOf("received", calls, all)), "");
});

test("SOAP's schema: xmllint notices what is not as it says", async (t) => {
  const envelope = (inside: string): string =>
    '<env:Envelope xmlns:env="http://schemas.xmlsoap.org/soap/envelope/" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">' +
    `<env:Body>${inside}</env:Body></env:Envelope>`;
  const answer = (inside: string): string =>
    envelope(`<CreateBucketResponse xmlns="http://s3.amazonaws.com/doc/2006-03-01/">${inside}</CreateBucketResponse>`);
  const right = answer("<CreateBucketReturn><BucketName>b</BucketName></CreateBucketReturn>");
  assert.equal(await violations(t, { "right.xml": right }), "");
  const wrong = {
    "no-bucket.xml": answer("<CreateBucketReturn/>"),
    "as-printed.xml": answer("<CreateBucketResponse><Bucket>b</Bucket></CreateBucketResponse>"),
    "unknown.xml": envelope('<Unknown xmlns="http://s3.amazonaws.com/doc/2006-03-01/"/>'),
    "capitals.xml": envelope("<env:Fault><Faultcode>env:Client.NoSuchKey</Faultcode><Faultstring>x</Faultstring></env:Fault>"),
    "no-prefix.xml": envelope("<env:Fault><faultcode>soap:Client.NoSuchKey</faultcode><faultstring>x</faultstring></env:Fault>"),
  };
  const found = await violations(t, wrong);
  for (const name of Object.keys(wrong)) assert.ok(found.includes(`${name} fails to validate`), `${name}: ${found}`);
});
