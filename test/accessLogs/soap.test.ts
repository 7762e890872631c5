import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import type { TestContext } from "node:test";
import { test } from "node:test";
import { AnswerServer } from "../answers/AnswerServer.ts";
import type { RawAnswer } from "../server/RawConnection.ts";
import type { MessageOptions } from "../server/soapMessages.ts";
import { askSoap } from "../server/soapMessages.ts";
import type { Line } from "./LoggedServer.ts";
import { deliveryPolicy, KeptLogs, linesOf, storedLogs } from "./LoggedServer.ts";

const DATA = "<Data>aGEtaGE=</Data><ContentLength>5</ContentLength>";
const PUT = `<Bucket>bucket</Bucket><Key>a b</Key>${DATA}`;

/** A server whose buckets "bucket" and "soap" are logged; the latter is what the path of a message would name in REST. */
async function logging(t: TestContext) {
  const kept = new KeptLogs();
  const answers = await AnswerServer.startEmpty({ adapt: kept.adapt, soapOverHttp: true });
  t.after(() => answers[Symbol.asyncDispose]());
  const { server } = answers;
  const put = async (path: string, setting?: string, body = ""): Promise<void> => {
    const query = setting === undefined ? undefined : { [setting]: "" };
    const headers = { "Content-MD5": createHash("md5").update(body).digest("base64") };
    const { status, body: answer } = await answers.send({ method: "PUT", path, query, headers, body }, "header");
    assert.ok(status < 300, answer);
  };
  await put("/logs");
  await put("/soap");
  await put("/logs", "policy", deliveryPolicy("logs"));
  const enabled = "<LoggingEnabled><TargetBucket>logs</TargetBucket><TargetPrefix></TargetPrefix></LoggingEnabled>";
  for (const bucket of ["bucket", "soap"]) {
    await put(`/${bucket}`, "logging", `<BucketLoggingStatus>${enabled}</BucketLoggingStatus>`);
  }
  const owner = (await answers.owner()).canonicalId;
  return { server, owner, lines };

  /** What the logs say of a message, times aside. */
  async function lines(operation: string, elements: string, options?: MessageOptions): Promise<[RawAnswer, Line[]]> {
    const answer = await askSoap(server, operation, elements, options);
    await kept.logs.deliver();
    assert.deepEqual(kept.warnings, []);
    const text = (await storedLogs(server.store, "logs")).map((log) => log.text).join("");
    return [answer, linesOf(text).filter(({ requestId }) => requestId === answer.headers.get("x-amz-request-id"))];
  }
}

test("Access log: a message of SOAP is named by its operation, and is in the log of the bucket that it tells", async (t) => {
  const { owner, lines } = await logging(t);
  const [answer, [line, ...others]] = await lines("PutObjectInline", PUT);
  assert.equal(answer.status, 200, answer.body);
  assert.deepEqual(others, []);
  assert.deepEqual(
    { ...line, total: "", turnAround: "", host: "" },
    {
      owner,
      bucket: "bucket",
      time: "01/Mar/2026:12:00:00 +0000",
      remoteAddress: "127.0.0.1",
      requester: owner,
      requestId: answer.headers.get("x-amz-request-id"),
      operation: "SOAP.PutObjectInline",
      key: "a%2520b",
      request: "POST /soap HTTP/1.1",
      status: "200",
      errorCode: "-",
      sent: String(answer.body.length),
      objectSize: "5",
      total: "",
      turnAround: "",
      referer: "-",
      userAgent: "-",
      versionId: "-",
      hostId: answer.headers.get("x-amz-id-2"),
      signature: "SigV2",
      cipher: "-",
      authentication: "-",
      host: "",
      tls: "-",
      accessPoint: "-",
      aclRequired: "-",
      sourceRegion: "-",
    },
  );
});

test("Access log: refused messages of SOAP are in the log of the bucket that they tell, whoever may have signed them", async (t) => {
  const { lines } = await logging(t);
  const forged = { secretAccessKey: "f".repeat(40) };
  const unsigned = { authentication: "" };
  for (const [options, errorCode, signature] of [
    [forged, "SignatureDoesNotMatch", "SigV2"],
    [unsigned, "AccessDenied", "-"],
  ] as const) {
    const [answer, found] = await lines("DeleteObject", "<Bucket>bucket</Bucket><Key>k</Key>", options);
    assert.equal(answer.status, 500);
    assert.deepEqual(
      found.map((line) => [line.bucket, line.operation, line.key, line.requester, line.status, line.errorCode, line.signature]),
      [["bucket", "SOAP.DeleteObject", "k", "-", "500", errorCode, signature]],
    );
  }
});

test("Access log: a message of SOAP that is about no bucket is in no log", async (t) => {
  const { lines } = await logging(t);
  const [list, ofList] = await lines("ListAllMyBuckets", "");
  assert.equal(list.status, 200);
  assert.deepEqual(ofList, []);
  const [unknown, ofUnknown] = await lines("NoSuchOperation", PUT);
  assert.equal(unknown.status, 500);
  assert.deepEqual(ofUnknown, []);
});
