import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { after, before, test } from "node:test";
import { LONG_DOCUMENTS, REPEATED, repeated } from "../fuzz/longTexts.ts";
import { BOUNDARY, FILE, FORM_TYPE, formBody, signedFields } from "../server/browserForms.ts";
import type { FormOptions } from "../server/browserForms.ts";
import { ACCESS_KEY_ID } from "../server/TestServer.ts";
import type { RawAnswer } from "../server/RawConnection.ts";
import { AnswerServer, NOW_MS } from "./AnswerServer.ts";
import type { Asked } from "./AnswerServer.ts";
import { basicTime } from "./signing.ts";

/**
 * What hostile requests cost. Each takes a few milliseconds of this thread, client and server together; what is not linear takes hundreds
 * of times as long at these sizes, so that the bound can be far from both.
 */
const MAX_CPU_MS = 500;

/** As long as header lines may be, and a path or query. */
const HEADER_SIZE_BYTES = 7_000;
const TARGET_SIZE_BYTES = 30_000;
const DOCUMENT_SIZE_BYTES: number = 1024 * 1024;

let answers: AnswerServer;
before(async () => {
  answers = await AnswerServer.start();
});
after(() => answers[Symbol.asyncDispose]());

/** Sends bytes and reads the answer, and fails if both take too much of the processor. */
async function cheaply(what: string, bytes: string | Buffer): Promise<RawAnswer> {
  const startedWith = process.threadCpuUsage();
  const answer = await answers.sendInTurn(bytes);
  const { user, system } = process.threadCpuUsage(startedWith);
  const usedMs = (user + system) / 1000;
  assert.ok(usedMs < MAX_CPU_MS, `${what}: ${usedMs.toFixed(0)} ms`);
  return answer;
}

/** A head as it is; texts are Latin-1, a character for each byte. */
function head(requestLine: string, lines: readonly string[]): Buffer {
  return Buffer.from(`${requestLine} HTTP/1.1\r\n${lines.map((line) => `${line}\r\n`).join("")}\r\n`, "latin1");
}

const HEADERS: readonly string[] = [
  ...["Authorization", "Date", "x-amz-date", "x-amz-content-sha256", "x-amz-security-token", "x-amz-trailer", "Content-MD5"],
  ...["x-amz-copy-source", "x-amz-tagging", "x-amz-meta-a", "x-amz-grant-read", "x-amz-object-attributes", "x-amz-storage-class"],
  ...["x-amz-checksum-crc32", "x-amz-website-redirect-location", "x-amz-expected-bucket-owner", "Range", "If-Match"],
  ...["If-None-Match", "If-Modified-Since", "Content-Type", "Content-Encoding", "Content-Disposition", "Expires", "Cookie"],
];

test("Cost: long headers of unsigned requests are read once", async () => {
  const all = [...HEADERS, "Host", "Expect", "Connection", "Upgrade", "Transfer-Encoding", "Access-Control-Request-Headers"];
  for (const name of all) {
    for (const text of REPEATED) {
      const lines = [`${name}: a${repeated(text, HEADER_SIZE_BYTES)}b`, ...(name === "Host" ? [] : ["Host: x"])];
      await cheaply(`${name} of ${text}`, head("GET /bucket/key", lines));
    }
  }
  const question = ["Host: x", "Origin: x", "Access-Control-Request-Method: PUT"];
  for (const text of REPEATED) {
    const line = `Access-Control-Request-Headers: ${repeated(text, HEADER_SIZE_BYTES)}`;
    await cheaply(`a browser's question of ${text}`, head("OPTIONS /bucket", [...question, line]));
  }
});

test("Cost: long headers of signed requests are read once", async () => {
  const taken = new Set(["Authorization", "Date", "x-amz-date", "x-amz-content-sha256"]);
  for (const name of HEADERS.filter((each) => !taken.has(each))) {
    for (const text of REPEATED) {
      const headers = { [name]: `a${repeated(text, HEADER_SIZE_BYTES)}b`.replaceAll("\t", " ") };
      const asked: Asked = { method: "PUT", path: "/bucket/cheap", headers, body: "" };
      await cheaply(`${name} of ${text}`, answers.wireBytes(answers.signed(asked, "header")));
    }
  }
});

test("Cost: long paths and queries are read once", async () => {
  const parameters = [
    "X-Amz-Credential",
    "X-Amz-Date",
    "X-Amz-SignedHeaders",
    "x-amz-meta-a",
    "x-amz-copy-source",
    "Expires",
    "prefix",
  ];
  for (const text of REPEATED) {
    const long = repeated(text.replace(/[ \t<]/g, "%20"), TARGET_SIZE_BYTES);
    for (const target of [`/${long}`, `/bucket/${long}`, `/bucket?${long}`, `/?${presignedQuery({ "x-amz-meta-a": long })}`])
      await cheaply(`${target.slice(0, 20)}…`, head(`GET ${target}`, ["Host: x"]));
    for (const name of parameters)
      await cheaply(`${name}=${text}`, head(`GET /bucket?${presignedQuery({ [name]: long.slice(0, -300) })}`, ["Host: x"]));
  }
});

test("Cost: many lines, parameters and names of signed headers are looked up once each", async () => {
  const many = (count: number, one: (index: number) => string): string[] =>
    Array.from({ length: count }, (_, index) => one(index));
  await cheaply("lines of one name", head("GET /bucket", ["Host: x", ...many(600, () => "if-match: a")]));
  await cheaply("lines", head("GET /bucket", ["Host: x", ...many(500, (index) => `x-amz-${index.toString(36)}: `)]));
  await cheaply("parameters", head(`GET /bucket?${many(6_000, (index) => index.toString(36)).join("&")}`, ["Host: x"]));
  const names = ";".repeat(15_000);
  const checksums = many(800, () => "x-amz-checksum-").join("&");
  const presigned = `${presignedQuery({ "X-Amz-SignedHeaders": names })}&${checksums}`;
  await cheaply("names and checksums", head(`GET /bucket?${presigned}`, ["Host: x"]));
  const lines = many(500, (index) => `x-amz-${index.toString(36)}: `);
  await cheaply(
    "names and lines",
    head(`GET /bucket?${presignedQuery({ "X-Amz-SignedHeaders": names })}`, ["Host: x", ...lines]),
  );
});

test("Cost: a header that is named as signed again and again is signed once", async () => {
  const value = "v".repeat(1_000);
  const signedHeaders = `host${";x-a".repeat(1_000)}`;
  const query = presignedQuery({ "X-Amz-SignedHeaders": signedHeaders });
  const answer = await cheaply("SignedHeaders", head(`GET /bucket?${query}`, ["Host: x", `x-a: ${value}`]));
  assert.equal(answer.status, 403);
  assert.match(answer.body, /<Code>SignatureDoesNotMatch</);
  assert.equal(answer.body.split(`x-a:${value}\n`).length, 2);
});

test("Cost: a coding with 30,000 blanks in it is refused at once", async () => {
  for (const method of ["GET", "PUT"]) {
    const coding = `Transfer-Encoding: a${" ".repeat(TARGET_SIZE_BYTES)}b`;
    assert.equal((await cheaply(method, head(`${method} /bucket/key`, ["Host: x", coding]))).status, 400);
  }
});

test("Cost: what is no head is looked through once", async () => {
  for (const text of REPEATED) {
    const long = repeated(text, 60_000);
    for (const lines of ["Content-Length: 5\r\nContent-Length: 5", "Transfer-Encoding: identity", "a: b"])
      await cheaply(`${lines} and ${text}`, Buffer.from(`GET / HTTP/1.1\r\nHost: x\r\n${lines}\r\n\0${long}\r\n\r\n`, "latin1"));
  }
});

for (const [form, make] of Object.entries(LONG_DOCUMENTS)) {
  test(`Cost: a document of ${form} is read once`, async () => {
    const body = make(DOCUMENT_SIZE_BYTES);
    const headers = { "Content-MD5": createHash("md5").update(body).digest("base64") };
    const asked: Asked = { method: "POST", path: "/bucket", query: { delete: "" }, headers, body };
    await cheaply(form, answers.wireBytes(answers.signed(asked, "header")));
  });
}

const HOSTILE_FORMS: Readonly<Record<string, FormOptions>> = {
  "a name in many places": { key: "k", fields: [["x-ignore-a", "${filename}".repeat(1_500)]], file: { content: "", name: "n" } },
  "a policy of nothing but depth": { policy: "[".repeat(10_000) },
  "a policy that closes nothing": { policy: `{"conditions": [${'{"a":['.repeat(1_500)}` },
  "a policy of commas": { policy: `{"conditions": [${",".repeat(10_000)}]}` },
  "a policy of white space": { policy: `{${" ".repeat(10_000)}` },
  "a policy of backslashes": { policy: `{"${"\\".repeat(5_000)}` },
  "as many conditions as there is room for": { moreConditions: Array.from({ length: 400 }, () => ["starts-with", "$key", ""]) },
  "as many fields as there is room for": {
    fields: Array.from({ length: 120 }, (_, index) => [`x-ignore-${index}`, ""] as const),
    conditions: [{ bucket: "bucket" }, ["starts-with", "$key", ""]],
  },
  "fields of one name": { fields: Array.from({ length: 120 }, () => ["x-ignore-a", ","] as const) },
  "many fields behind the file": { behind: Array.from({ length: 2_000 }, () => ["a", "b"] as const) },
  "lines that are nearly boundaries": { file: { content: `\r\n--${BOUNDARY}`.repeat(5_000), name: "a" } },
};

for (const [what, form] of Object.entries(HOSTILE_FORMS)) {
  test(`Cost: a form with ${what} is read once`, async () => {
    const body = formBody(signedFields("bucket", NOW_MS, form), form.file ?? FILE, form.behind);
    const lines = [`Host: ${answers.host}`, `Content-Type: ${FORM_TYPE}`, `Content-Length: ${body.length}`];
    await cheaply(what, Buffer.concat([head("POST /bucket", lines), body]));
  });
}

/** The query of a presigned URL whose signature is wrong. */
function presignedQuery(changes: Readonly<Record<string, string>>): string {
  const time = basicTime(NOW_MS);
  const parameters = {
    "X-Amz-Algorithm": "AWS4-HMAC-SHA256",
    "X-Amz-Credential": `${ACCESS_KEY_ID}/${time.slice(0, 8)}/us-east-1/s3/aws4_request`,
    "X-Amz-Date": time,
    "X-Amz-Expires": "600",
    "X-Amz-SignedHeaders": "host",
    "X-Amz-Signature": "0",
    ...changes,
  };
  return Object.entries(parameters)
    .map(([name, value]) => `${name}=${value}`)
    .join("&");
}
