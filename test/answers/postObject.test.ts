import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import type { TestContext } from "node:test";
import { test } from "node:test";
import { addAccount } from "../../src/store/accounts/accounts.ts";
import { INLINE_LIMIT_BYTES } from "../../src/store/objects/content.ts";
import { BOUNDARY, FILE, fieldPart, FORM_TYPE, formBody, postBody, postForm, signedFields } from "../server/browserForms.ts";
import type { Fields, FormOptions } from "../server/browserForms.ts";
import type { RawAnswer } from "../server/RawConnection.ts";
import { sendForm } from "../server/formSender.ts";
import { ACCESS_KEY_ID, element, SECRET_ACCESS_KEY, TestServer } from "../server/TestServer.ts";
import type { TestServerOptions } from "../server/TestServer.ts";
import { basicTime, signedByHeader } from "./signing.ts";

const NOW_MS = Date.UTC(2026, 2, 1, 12);
/** Of "hello world". */
const ETAG = '"5eb63bbbe01eeed093cb22bb8f5acdc3"';
const HELLO = "uploads/hello.txt";

async function start(t: TestContext, options: TestServerOptions = {}): Promise<TestServer> {
  const server = await TestServer.start({ clock: () => NOW_MS, ...options });
  t.after(() => server[Symbol.asyncDispose]());
  return server;
}

/** Sends a form, which must be taken. */
async function posted(server: TestServer, options: FormOptions = {}): Promise<RawAnswer> {
  const answer = await postForm(server, options);
  assert.ok(answer.status < 400, answer.body);
  return answer;
}

async function stored(server: TestServer, key = HELLO): Promise<RawAnswer> {
  return await server.request("GET", `/bucket/${key.split("/").map(encodeURIComponent).join("/")}`);
}

/** Puts a setting of the bucket. */
async function putSetting(server: TestServer, name: string, body: string): Promise<void> {
  const headers = { "Content-MD5": createHash("md5").update(body).digest("base64") };
  const answer = await server.request("PUT", "/bucket", { query: { [name]: "" }, headers, body });
  assert.ok(answer.status < 300, answer.body);
}

/** Gives the bucket a policy of one statement on writes. */
async function putPolicy(server: TestServer, statement: Readonly<Record<string, unknown>>): Promise<void> {
  const on = { Principal: "*", Action: "s3:PutObject", Resource: "arn:aws:s3:::bucket/*" };
  await putSetting(server, "policy", JSON.stringify({ Version: "2012-10-17", Statement: [{ ...on, ...statement }] }));
}

/** Lets everybody write into the bucket, by its policy. */
async function openToEverybody(server: TestServer): Promise<void> {
  assert.equal((await server.request("DELETE", "/bucket", { query: { publicAccessBlock: "" } })).status, 204);
  await putPolicy(server, { Effect: "Allow" });
}

/** The head of a request that the owner of the bucket signs. */
function signedHead(
  server: TestServer,
  method: string,
  path: string,
  headers: Record<string, string>,
  body: Buffer | string = "",
): Readonly<Record<string, string>> {
  const scope = {
    ...{ accessKeyId: ACCESS_KEY_ID, secretAccessKey: SECRET_ACCESS_KEY, region: "us-east-1", nowMs: NOW_MS },
    host: `127.0.0.1:${server.port}`,
  };
  return signedByHeader({ method, path, query: {}, headers, body }, scope).headers;
}

for (const signing of ["v4", "v2"] as const) {
  test(`PostObject: a form signed with ${signing} stores its file, and is answered 204 with the object's place and ETag`, async (t) => {
    const server = await start(t);
    const answer = await posted(server, { signing });
    assert.deepEqual([answer.status, answer.body], [204, ""]);
    const { headers } = answer;
    assert.deepEqual(
      [headers.get("etag"), headers.get("content-type"), headers.get("content-length")],
      [ETAG, undefined, undefined],
    );
    assert.equal(headers.get("location"), `http://127.0.0.1:${server.port}/bucket/uploads%2Fhello.txt`);
    assert.deepEqual(
      [headers.get("x-amz-checksum-crc64nvme"), headers.get("x-amz-checksum-type")],
      ["jSnVw/bqjr4=", "FULL_OBJECT"],
    );
    const object = await stored(server);
    assert.deepEqual(
      [object.status, object.body, object.headers.get("content-type")],
      [200, "hello world", "binary/octet-stream"],
    );
  });
}

test("PostObject: success_action_status is 200, 201 or 204, and 204 for anything else", async (t) => {
  const server = await start(t);
  for (const [wanted, status] of [
    ["200", 200],
    ["201", 201],
    ["204", 204],
    ["202", 204],
    ["", 204],
  ] as const) {
    const answer = await posted(server, { fields: [["success_action_status", wanted]] });
    const location = `http://127.0.0.1:${server.port}/bucket/uploads%2Fhello.txt`;
    assert.deepEqual([answer.status, answer.headers.get("etag"), answer.headers.get("location")], [status, ETAG, location]);
    const document =
      `<?xml version="1.0" encoding="UTF-8"?>\n<PostResponse><Location>${location}</Location><Bucket>bucket</Bucket>` +
      `<Key>uploads/hello.txt</Key><ETag>${ETAG}</ETag></PostResponse>`;
    assert.equal(answer.body, status === 201 ? document : "");
    assert.equal(answer.headers.get("content-type"), status === 201 ? "application/xml" : undefined);
    assert.equal(answer.headers.get("content-length"), status === 204 ? undefined : String(answer.body.length));
  }
});

test("PostObject: the document of 201 shows keys as they are, and addresses with everything encoded", async (t) => {
  const server = await start(t);
  const answer = await posted(server, { key: "<a>/é &.txt", fields: [["success_action_status", "201"]] });
  assert.equal(element(answer, "Key"), "&lt;a&gt;/é &amp;.txt");
  assert.equal(element(answer, "Location"), `http://127.0.0.1:${server.port}/bucket/%3Ca%3E%2F%C3%A9%20%26.txt`);
  assert.equal((await stored(server, "<a>/é &.txt")).body, "hello world");
});

test("PostObject: an address for the browser is answered 303, with bucket, key and ETag behind its own parameters", async (t) => {
  const server = await start(t);
  const parameters = `bucket=bucket&key=uploads%2Fa+b.txt&etag=${encodeURIComponent(ETAG)}`;
  for (const [field, address, location] of [
    ["success_action_redirect", "https://example.com/done", `https://example.com/done?${parameters}`],
    ["success_action_redirect", "HTTP://example.com/?a=b c", `HTTP://example.com/?a=b c&${parameters}`],
    ["success_action_redirect", "http://example.com/é#there", `http://example.com/é?${parameters}#there`],
    ["redirect", "http://example.com/", `http://example.com/?${parameters}`],
  ] as const) {
    const fields: Fields = [
      [field, address],
      ["success_action_status", "201"],
    ];
    const answer = await posted(server, { fields, file: { content: "hello world", name: "a b.txt" } });
    assert.deepEqual([answer.status, answer.body, answer.headers.get("etag")], [303, "", ETAG]);
    assert.equal(Buffer.from(answer.headers.get("location")!, "latin1").toString(), location);
  }
});

test("PostObject: an address that no browser can be sent to counts as none", async (t) => {
  const server = await start(t);
  for (const address of [
    "/relative",
    "",
    "example.com",
    "javascript:alert(1)",
    "http://",
    "http://a b/",
    "http://example.com/\r\nX-Forged: 1",
  ]) {
    const fields: Fields = [
      ["success_action_redirect", address],
      ["success_action_status", "200"],
    ];
    const answer = await posted(server, { fields });
    assert.deepEqual([answer.status, answer.headers.get("x-forged")], [200, undefined], address);
  }
  // The older name counts only without the newer one.
  const fields: Fields = [
    ["success_action_redirect", "nowhere"],
    ["redirect", "http://example.com/"],
  ];
  assert.equal((await posted(server, { fields })).status, 204);
});

test("PostObject: ${filename} is the file's name without its folders, in every field", async (t) => {
  const server = await start(t);
  for (const [name, key] of [
    ["hello.txt", "u/hello.txt/hello.txt"],
    ["C:\\\\Program Files\\\\dir\\\\a.txt", "u/a.txt/a.txt"],
    ["C:\\dir\\a.txt", "u/a.txt/a.txt"],
    ["/home/me/a$&b.txt", "u/a$&b.txt/a$&b.txt"],
    ['say \\"hi\\".txt', 'u/say "hi".txt/say "hi".txt'],
    ["é.txt", "u/é.txt/é.txt"],
    ["${filename}", "u/${filename}/${filename}"],
    ["", "u//"],
    [undefined, "u/${filename}/${filename}"],
  ] as const) {
    const fields: Fields = [["x-amz-meta-name", "is ${filename}"]];
    const more = {
      fields,
      conditions: [{ bucket: "bucket" }, ["starts-with", "$key", "u/"], ["starts-with", "$x-amz-meta-name", "is "], ...SIGNING],
    };
    await posted(server, { key: "u/${filename}/${filename}", ...more, file: { content: "hello world", name } });
    const object = await stored(server, key);
    assert.equal(object.body, "hello world", key);
    if (name === "hello.txt") assert.equal(object.headers.get("x-amz-meta-name"), "is hello.txt");
  }
});

/** Conditions on the fields of a signature of version 4. */
const SIGNING = ["algorithm", "credential", "date"].map((name) => ["starts-with", `$x-amz-${name}`, ""]);

test("PostObject: fields say of the object what headers say of a PUT's", async (t) => {
  const server = await start(t);
  const fields: Fields = [
    ["Content-Type", "text/plain; charset=utf-8"],
    ["Cache-Control", "max-age=60"],
    ["Content-Disposition", 'attachment; filename="é.txt"'],
    ["Content-Encoding", "identity"],
    ["Content-Language", "de"],
    ["Expires", "Wed, 21 Oct 2026 07:28:00 GMT"],
    ["X-Amz-Meta-Given", "Nelson"],
    ["x-amz-meta-family", "Müntz"],
    ["x-amz-meta-tag", "Ninja"],
    ["X-AMZ-META-TAG", "Stallman"],
    ["x-amz-meta-bytes", "\u0000\u0001\u0002\u0003\u0004"],
    ["x-amz-storage-class", "STANDARD_IA"],
    ["x-amz-website-redirect-location", "/elsewhere"],
    ["tagging", "<Tagging><TagSet><Tag><Key>team</Key><Value>blue &amp; red</Value></Tag></TagSet></Tagging>"],
    ["x-amz-checksum-sha256", "uU0nuZNNPgilLlLX2n2r+sSE7+N6U4DukIj3rOLvzek="],
    ["x-amz-checksum-algorithm", "SHA256"],
    ["Content-MD5", "XrY7u+Ae7tCTyyK7j1rNww=="],
  ];
  const conditions = [
    { bucket: "bucket" },
    ...[...fields, ["key", ""]].map(([name]) => ["starts-with", `$${name}`, ""]),
    ...SIGNING,
  ];
  const answer = await postForm(server, { fields, conditions });
  // Tags in this store may not have an ampersand.
  assert.deepEqual([answer.status, element(answer, "Code"), element(answer, "TagKey")], [400, "InvalidTag", "team"]);
  const tagged = fields.map(([name, value]) => [name, value.replace(" &amp; red", "")] as const);
  const { headers } = await posted(server, { fields: tagged, conditions });
  assert.equal(headers.get("x-amz-checksum-sha256"), "uU0nuZNNPgilLlLX2n2r+sSE7+N6U4DukIj3rOLvzek=");
  const object = await stored(server);
  const shown = (name: string): string | undefined => object.headers.get(name);
  assert.deepEqual(
    ["content-type", "cache-control", "content-encoding", "content-language", "expires", "x-amz-storage-class"].map(shown),
    ["text/plain; charset=utf-8", "max-age=60", "identity", "de", "Wed, 21 Oct 2026 07:28:00 GMT", "STANDARD_IA"],
  );
  assert.equal(Buffer.from(shown("content-disposition")!, "latin1").toString(), 'attachment; filename="é.txt"');
  assert.deepEqual(
    ["given", "family", "tag", "bytes"].map((name) => shown(`x-amz-meta-${name}`)),
    ["Nelson", "=?UTF-8?Q?M=C3=BCntz?=", "Ninja,Stallman", "=?UTF-8?B?AAECAwQ=?="],
  );
  assert.deepEqual([shown("x-amz-tagging-count"), shown("x-amz-website-redirect-location")], ["1", "/elsewhere"]);
});

test("PostObject: fields that a PUT has no headers for mean nothing, whatever they are called", async (t) => {
  const server = await start(t);
  const names = [
    "constructor",
    "__proto__",
    "toString",
    "If",
    "x-amz-copy-source",
    "x-amz-trailer",
    "x-amz-content-sha256",
    "Content-Length",
  ];
  await posted(server, { fields: [...names.map((name) => [name, "0"] as const), ["x-amz-meta-__proto__", "kept"]] });
  const object = await stored(server);
  assert.deepEqual([object.body, object.headers.get("x-amz-meta-__proto__")], ["hello world", "kept"]);
});

test("PostObject: conditions for a write hold for a form, by its fields", async (t) => {
  const server = await start(t);
  const once: FormOptions = { fields: [["If-None-Match", "*"]] };
  await posted(server, once);
  assert.equal(element(await postForm(server, once), "Code"), "PreconditionFailed");
});

test("PostObject: tags come as a document; an empty element of any name has none", async (t) => {
  const server = await start(t);
  for (const [tagging, count] of [
    ["", undefined],
    ["<InvalidXmlTagging></InvalidXmlTagging>", undefined],
    ["<Tagging/>", undefined],
    ["<Tagging><TagSet></TagSet></Tagging>", undefined],
    [
      ' <?xml version="1.0"?>\n<Tagging><TagSet><Tag><Key>a b</Key><Value>+/=</Value></Tag><Tag><Key>c</Key><Value/></Tag></TagSet></Tagging>\n',
      "2",
    ],
  ] as const) {
    await posted(server, { fields: [["tagging", tagging]] });
    assert.equal((await stored(server)).headers.get("x-amz-tagging-count"), count, tagging);
  }
  const tags = await server.request("GET", "/bucket/uploads/hello.txt", { query: { tagging: "" } });
  assert.match(tags.body, /<Tag><Key>a b<\/Key><Value>\+\/=<\/Value><\/Tag><Tag><Key>c<\/Key><Value><\/Value><\/Tag>/);
});

test("PostObject: an ACL, and a lock, are those of a PUT", async (t) => {
  const server = await start(t);
  const rule = "<OwnershipControls><Rule><ObjectOwnership>ObjectWriter</ObjectOwnership></Rule></OwnershipControls>";
  await putSetting(server, "ownershipControls", rule);
  assert.equal((await server.request("DELETE", "/bucket", { query: { publicAccessBlock: "" } })).status, 204);
  await posted(server, { fields: [["acl", "public-read"]] });
  assert.equal((await server.request("GET", "/bucket/uploads/hello.txt", { unsigned: true })).body, "hello world");

  const headers = signedHead(server, "PUT", "/locked", { "x-amz-bucket-object-lock-enabled": "true" });
  assert.equal((await server.request("PUT", "/locked", { headers, unsigned: true })).status, 200);
  const fields = signedFields("locked", NOW_MS, {
    fields: [
      ["x-amz-object-lock-mode", "GOVERNANCE"],
      ["x-amz-object-lock-retain-until-date", "2026-04-01T00:00:00Z"],
      ["x-amz-object-lock-legal-hold", "ON"],
      ["Content-MD5", "XrY7u+Ae7tCTyyK7j1rNww=="],
    ],
  });
  const answer = await postBody(server, formBody(fields, FILE), {}, "/locked");
  assert.equal(answer.status, 204, answer.body);
  assert.match(answer.headers.get("x-amz-version-id")!, /^.{32}$/);
  const object = await server.request("GET", "/locked/uploads/hello.txt");
  assert.deepEqual(
    [object.headers.get("x-amz-object-lock-mode"), object.headers.get("x-amz-object-lock-legal-hold")],
    ["GOVERNANCE", "ON"],
  );
});

test("PostObject: fields behind the file are passed over, however many bytes they have", async (t) => {
  const server = await start(t);
  const junk = "j".repeat(2 * INLINE_LIMIT_BYTES);
  for (const content of ["", "hello world", "h".repeat(3 * INLINE_LIMIT_BYTES)]) {
    const behind: Fields = [
      ["submit", "Upload"],
      ["acl", "public-read-write"],
      ["key", junk],
    ];
    await posted(server, { file: { content, name: "hello.txt" }, behind });
    assert.equal((await stored(server)).body, content);
  }
});

test("PostObject: files of every size around the limit of rows come back as they went", async (t) => {
  const server = await start(t);
  for (const sizeBytes of [0, 1, INLINE_LIMIT_BYTES - 1, INLINE_LIMIT_BYTES, INLINE_LIMIT_BYTES + 1, 1_000_003]) {
    const content = Buffer.alloc(sizeBytes, `\r\n--${BOUNDARY.slice(0, -1)}`);
    const { headers } = await posted(server, { file: { content, name: "hello.txt" } });
    assert.equal(headers.get("etag"), `"${createHash("md5").update(content).digest("hex")}"`);
    const object = await stored(server);
    assert.ok(
      object.headers.get("content-length") === String(sizeBytes) && object.body === content.toString("latin1"),
      String(sizeBytes),
    );
  }
});

test("PostObject: a form may have a preamble, folded heads, fields of other kinds, and no line break at its end", async (t) => {
  const server = await start(t);
  const [key, ...proof] = signedFields("bucket", NOW_MS).map(fieldPart);
  const folded = Buffer.from(
    `--${BOUNDARY} \t\r\nContent-Type: text/plain\r\nContent-Disposition: form-data;\r\n name=File; x=y;\r\n\tfilename=hello.txt\r\nContent-Transfer-Encoding: binary\r\n\r\nhello world\r\n`,
  );
  const strange = Buffer.from(
    `--${BOUNDARY}\r\nContent-Disposition: attachment; name="key"\r\n\r\nnothing\r\n--${BOUNDARY}\r\n\r\nnameless\r\n`,
  );
  const body = Buffer.concat([Buffer.from("before\r\n"), strange, key!, ...proof, folded, Buffer.from(`--${BOUNDARY}--`)]);
  const answer = await postBody(server, body, { "Content-Type": `Multipart/Form-Data; charset=utf-8; boundary="${BOUNDARY}"` });
  assert.equal(answer.status, 204, answer.body);
  assert.equal((await stored(server)).body, "hello world");
});

test("PostObject: the bucket is that of the host name, or of the path, whatever the query has beside it", async (t) => {
  const server = await start(t, { domains: ["s3.test"] });
  const fields = signedFields("bucket", NOW_MS, { fields: [["success_action_status", "201"]] });
  const body = formBody(fields, FILE);
  for (const [path, host, place] of [
    ["/", "bucket.s3.test", "http://bucket.s3.test/uploads%2Fhello.txt"],
    ["/bucket/", "s3.test", "http://s3.test/bucket/uploads%2Fhello.txt"],
    ["/bucket?x-id=PostObject", "s3.test", "http://s3.test/bucket/uploads%2Fhello.txt"],
  ] as const) {
    const answer = await postBody(server, body, { Host: host }, path);
    assert.equal(element(answer, "Location"), place, answer.body);
  }
});

test("PostObject: whoever may not sign may write where everybody may, with or without a policy", async (t) => {
  const server = await start(t);
  const unsigned: FormOptions = { signing: "none" };
  const refused = await postForm(server, unsigned);
  assert.deepEqual(
    [refused.status, element(refused, "Code"), element(refused, "Message")],
    [403, "AccessDenied", "Access Denied"],
  );
  await openToEverybody(server);
  await posted(server, unsigned);
  // A policy without a signature is nobody's.
  await posted(server, { signing: "none", conditions: [{ bucket: "other" }] });
  const tagged = await postForm(server, {
    ...unsigned,
    fields: [["tagging", "<Tagging><TagSet><Tag><Key>a</Key><Value>b</Value></Tag></TagSet></Tagging>"]],
  });
  assert.equal(element(tagged, "Code"), "AccessDenied");
});

test("PostObject: a bucket's policy can ask how a form is signed", async (t) => {
  const server = await start(t);
  await putPolicy(server, { Effect: "Deny", Condition: { StringNotEquals: { "s3:authType": "POST" } } });
  assert.equal((await server.request("PUT", "/bucket/key", { body: "x" })).status, 403);
  await posted(server);
  await posted(server, { signing: "v2" });
  await putPolicy(server, { Effect: "Deny", Condition: { StringEquals: { "s3:signatureversion": "AWS" } } });
  await posted(server);
  assert.equal((await postForm(server, { signing: "v2" })).status, 403);
});

test("PostObject: a signature is as old as its date says, and that of version 2 has no age", async (t) => {
  const server = await start(t);
  await putPolicy(server, { Effect: "Deny", Condition: { NumericGreaterThan: { "s3:signatureAge": "60000" } } });
  await posted(server, { date: basicTime(NOW_MS - 60_000) });
  await posted(server, { signing: "v2" });
  assert.equal((await postForm(server, { date: basicTime(NOW_MS - 61_000) })).status, 403);
});

test("PostObject: temporary credentials sign forms with their token in a field, until they end", async (t) => {
  let nowMs = NOW_MS;
  const server = await start(t, { clock: () => nowMs });
  const issued = await sendForm(server, "Action=GetSessionToken&Version=2011-06-15&DurationSeconds=900", {
    service: "sts",
    nowMs,
  });
  const [accessKeyId, secretAccessKey, sessionToken] = ["AccessKeyId", "SecretAccessKey", "SessionToken"].map(
    (name) => new RegExp(`<${name}>(.+)</${name}>`).exec(issued.body)![1]!,
  );
  const temporary = { accessKeyId: accessKeyId!, secretAccessKey: secretAccessKey!, sessionToken: sessionToken! };
  for (const signing of ["v4", "v2"] as const) {
    await posted(server, { ...temporary, signing });
    const uncovered = await postForm(server, {
      ...temporary,
      signing,
      conditions: [{ bucket: "bucket" }, ["starts-with", "$key", ""], ...(signing === "v4" ? SIGNING : [])],
    });
    assert.equal(element(uncovered, "Message"), "Invalid according to Policy: Extra input fields: x-amz-security-token");
  }
  nowMs += 900_000;
  assert.equal(element(await postForm(server, temporary), "Code"), "ExpiredToken");
});

test("PostObject: a stranger's form is as good as the stranger's PUT", async (t) => {
  const server = await start(t);
  const stranger = { accessKeyId: "HFSTRANGERSTRANGER00", secretAccessKey: "s".repeat(40) };
  await addAccount(server.store, { name: "stranger", ...stranger });
  const answer = await postForm(server, stranger);
  assert.deepEqual([answer.status, element(answer, "Code")], [403, "AccessDenied"]);
});

test("PostObject: a form whose head is signed needs no signature in it", async (t) => {
  const server = await start(t);
  const body = formBody(signedFields("bucket", NOW_MS, { signing: "none" }), FILE);
  const signed = (hash: string): Readonly<Record<string, string>> =>
    signedHead(server, "POST", "/bucket", { "Content-Type": FORM_TYPE, "x-amz-content-sha256": hash }, body);
  const answer = await postBody(server, body, signed("UNSIGNED-PAYLOAD"));
  assert.equal(answer.status, 204, answer.body);
  const hashed = await postBody(server, body, signed(createHash("sha256").update(body).digest("hex")));
  assert.deepEqual([hashed.status, element(hashed, "Code")], [501, "NotImplemented"]);
});

test("PostObject: a client that waits for 100 Continue is told to go on, and one that sends too little is cut off", async (t) => {
  const server = await start(t);
  const body = formBody(signedFields("bucket", NOW_MS), FILE);
  using connection = await server.connect();
  await connection.sendHead("POST /bucket", {
    "Content-Type": FORM_TYPE,
    "Content-Length": String(body.length),
    Expect: "100-continue",
  });
  assert.equal((await connection.answer()).status, 100);
  await connection.send(body);
  assert.equal((await connection.answer()).status, 204);
  // The connection goes on.
  await connection.send(
    `POST /bucket HTTP/1.1\r\nHost: a\r\nContent-Type: ${FORM_TYPE}\r\nContent-Length: ${body.length}\r\n\r\n`,
  );
  await connection.send(body);
  assert.equal((await connection.answer()).status, 204);
});

test("PostObject: a form that comes byte by byte is the same form", async (t) => {
  const server = await start(t);
  const body = formBody(signedFields("bucket", NOW_MS), FILE, [["submit", "Upload"]]);
  using connection = await server.connect();
  await connection.sendHead("POST /bucket", { "Content-Type": FORM_TYPE, "Content-Length": String(body.length) });
  for (const byte of body) await connection.send(Buffer.of(byte));
  assert.equal((await connection.answer()).status, 204);
  assert.equal((await stored(server)).body, "hello world");
});
