import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { SaxesParser } from "saxes";
import { SECRET_ACCESS_KEY } from "../server/TestServer.ts";
import type { Asked } from "./AnswerServer.ts";
import { AnswerServer } from "./AnswerServer.ts";

/** What clients send comes back in errors: as text, never as markup, and in Details never more than a sentence can bear. */

/** Longest Details, in characters, whatever the request held. */
const MAX_DETAILS_CHARACTERS = 500;

const MARKUP = `</Details><Code>Forged</Code>]]>&amp;'"`;
const IN_HEADER: string = MARKUP + "h".repeat(3_000);
const IN_QUERY = `${MARKUP}\r\n\t\u0001\u{1f600}${"q".repeat(3_000)}`;

const OBJECT = { method: "GET", path: "/bucket/key" };
const NEW = { method: "PUT", path: "/bucket/new", body: "hello" };
const BUCKET = { method: "GET", path: "/bucket" };

/** Requests in which one header is hostile. */
const HEADERS: readonly (readonly [header: string, asked: Asked])[] = [
  ...["Authorization", "x-amz-checksum-mode", "If-Match", "x-amz-expected-bucket-owner", "x-amz-copy-source"].map(
    (name) => [name, OBJECT] as const,
  ),
  ...["x-amz-server-side-encryption", "x-amz-content-sha256", "x-amz-date", "x-amz-security-token"].map(
    (name) => [name, OBJECT] as const,
  ),
  ...["Content-MD5", "x-amz-checksum-crc32", "x-amz-sdk-checksum-algorithm", "x-amz-trailer", "x-amz-storage-class"].map(
    (name) => [name, NEW] as const,
  ),
  ...["x-amz-acl", "x-amz-grant-read", "x-amz-tagging", "x-amz-website-redirect-location", "If-None-Match"].map(
    (name) => [name, NEW] as const,
  ),
  ...["x-amz-object-lock-mode", "x-amz-object-lock-retain-until-date", "x-amz-copy-source"].map((name) => [name, NEW] as const),
  ["Content-Type", { method: "POST", path: "/bucket" }],
  ["x-amz-mp-object-size", { method: "POST", path: "/bucket/upload", query: { uploadId: "{uploadId}" }, body: "<a/>" }],
];

/** Requests in which one parameter is hostile. */
const PARAMETERS: readonly (readonly [parameter: string, asked: Asked])[] = [
  ...["max-keys", "encoding-type", "start-after", "website"].map((name) => [name, BUCKET] as const),
  ...["versionId", "partNumber", "uploadId"].map((name) => [name, OBJECT] as const),
  ...["continuation-token", "fetch-owner"].map((name) => [name, { ...BUCKET, query: { "list-type": "2" } }] as const),
  ["version-id-marker", { ...BUCKET, query: { versions: "", "key-marker": "a" } }],
  ["upload-id-marker", { ...BUCKET, query: { uploads: "", "key-marker": "a" } }],
  ["bucket-region", { method: "GET", path: "/" }],
  ["max-buckets", { method: "GET", path: "/" }],
  ["response-content-type", OBJECT],
];

/** Documents that are hostile. */
const DOCUMENTS: readonly (readonly [what: string, document: string])[] = [
  ["root", `<${"r".repeat(3_000)}/>`],
  ["element", `<CreateBucketConfiguration><${"e".repeat(3_000)}/></CreateBucketConfiguration>`],
  [
    "text",
    `<CreateBucketConfiguration><LocationConstraint>${"&lt;t&gt;".repeat(500)}</LocationConstraint></CreateBucketConfiguration>`,
  ],
  ["entity", `<CreateBucketConfiguration>&${"n".repeat(3_000)};</CreateBucketConfiguration>`],
];

let answers: AnswerServer;
before(async () => (answers = await AnswerServer.start()));
after(() => answers[Symbol.asyncDispose]());

for (const [name, asked] of HEADERS) {
  test(`Details: a hostile ${name} comes back bounded and escaped`, async () => {
    const headers = { ...asked.headers, [name]: IN_HEADER };
    const request = answers.signed({ ...asked, headers: name === "Authorization" ? {} : headers }, "header");
    const spoiled = name === "Authorization" ? { ...request, headers: { ...request.headers, ...headers } } : request;
    await expectHarmless(answers.wireBytes(spoiled));
  });
}

for (const [name, asked] of PARAMETERS) {
  test(`Details: a hostile ${name} parameter comes back bounded and escaped`, async () => {
    const query = { ...asked.query, [name]: IN_QUERY };
    await expectHarmless(answers.wireBytes(answers.signed({ ...asked, query }, "header")));
  });
}

for (const [what, document] of DOCUMENTS) {
  test(`Details: a hostile ${what} of a document comes back bounded and escaped`, async () => {
    await expectHarmless(answers.wireBytes(answers.signed({ method: "PUT", path: "/new-bucket", body: document }, "header")));
  });
}

test("Details: a hostile path comes back bounded and escaped", async () => {
  const name = encodeURIComponent(IN_QUERY);
  await expectHarmless(answers.wireBytes(answers.signed({ method: "GET", path: `/${name}` }, "anonymous")));
  await expectHarmless(answers.wireBytes(answers.signed({ method: "GET", path: `/bucket/${name}` }, "anonymous")));
});

async function expectHarmless(wire: Buffer): Promise<void> {
  using connection = await answers.connect();
  await connection.send(wire);
  const answer = await connection.answer();
  assert.ok(answer.status >= 400 && answer.status !== 500, `status ${answer.status}`);
  const elements = elementsOf(answer.body);
  assert.deepEqual([elements[0]?.[0], elements[1]?.[0]], ["Code", "Message"]);
  assert.deepEqual(
    elements.slice(-4).map(([name]) => name),
    ["Details", "Resource", "RequestId", "HostId"],
  );
  assert.ok(!elements.some(([, text]) => text === "Forged"));
  const details = elements.at(-4)![1];
  assert.ok(details.length > 0 && details.length <= MAX_DETAILS_CHARACTERS, `${details.length} characters: ${details}`);
  assert.ok(!answer.body.includes(SECRET_ACCESS_KEY));
}

/** The children of an Error document, in order. Throws unless it is well-formed and they hold only text. */
function elementsOf(document: string): (readonly [name: string, text: string])[] {
  const elements: (readonly [string, string])[] = [];
  const open: { name: string; text: string }[] = [];
  // A control character comes as a reference, as S3 writes it, though XML 1.0 has no such character.
  const parser = new SaxesParser({ defaultXMLVersion: "1.1", forceXMLVersion: true });
  parser.on("error", (error) => {
    throw error;
  });
  parser.on("opentag", ({ name }) => void open.push({ name, text: "" }));
  parser.on("text", (text) => void (open.at(-1)!.text += text));
  parser.on("closetag", () => {
    const { name, text } = open.pop()!;
    if (open.length === 1) elements.push([name, text]);
    else assert.equal(name, "Error");
  });
  parser.write(document.replace(/^<\?xml.*\?>\n/, "")).close();
  return elements;
}
