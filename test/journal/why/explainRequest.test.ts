import assert from "node:assert/strict";
import { test } from "node:test";
import { explainRequest } from "../../../src/journal/why/explainRequest.ts";
import { tell } from "../../../src/journal/why/tell.ts";
import { recordOf, refusedRecord } from "./recordOf.ts";

test("explainRequest: a record that went through JSON is explained alike", () => {
  const record = refusedRecord("AccessDenied", 403, {
    story: {
      steps: [
        {
          atMs: 1,
          step: "refused",
          facts: { action: "s3:GetObject", resource: "arn:aws:s3:::bucket/key", lacks: ["identity"], statements: [] },
        },
      ],
    },
  });
  assert.deepEqual(explainRequest(JSON.parse(JSON.stringify(record)) as typeof record), explainRequest(record));
});

test("explainRequest: facts of another shape than they should have are passed over", () => {
  for (const facts of [
    {},
    { action: 1, resource: [] },
    { action: "a", resource: "b", statements: [null, { place: "x" }], lacks: "identity" },
  ]) {
    const { why, change } = explainRequest(
      refusedRecord("AccessDenied", 403, { story: { steps: [{ atMs: 1, step: "refused", facts }] } }),
    );
    assert.ok(why.length > 0 && change.length > 0);
  }
});

test("explainRequest: a planned fault is told as what it is, before what its code means", () => {
  const facts = { rule: "slow-photos", action: "error", stage: "beforeExecution", code: "SlowDown" };
  const record = refusedRecord("SlowDown", 503, {
    faults: ["slow-photos"],
    story: { steps: [{ atMs: 1, step: "planned fault", facts }] },
  });
  const { why, change, faults, outcome } = explainRequest(record);
  assert.equal(
    why[0],
    "This was a planned fault: rule slow-photos did error (code SlowDown) before the operation ran: nothing was done.",
  );
  assert.match(change[0]!, /^Nothing is wrong with the request/);
  assert.deepEqual(faults, [{ id: "slow-photos", did: "error (code SlowDown) before the operation ran: nothing was done" }]);
  assert.equal(outcome, "failed");
});

test("explainRequest: a fault that the record only names is told, also of a request that succeeded", () => {
  const { why, faults, outcome } = explainRequest(recordOf({ faults: ["late"] }));
  assert.deepEqual([faults, outcome], [[{ id: "late" }], "done"]);
  assert.match(why.join(" "), /^This was a planned fault: rule late\. It succeeded with 200/);
});

test("explainRequest: an error inside a 200 says not to trust the status", () => {
  const record = refusedRecord("InternalError", 200, { operation: "CompleteMultipartUpload", story: { stage: "answer" } });
  const { outcome, why, change } = explainRequest(record);
  assert.equal(outcome, "failed");
  assert.match(why.join(" "), /The answer had begun with 200 before this was known/);
  assert.match(change.join(" "), /Do not take the status for success/);
});

test("explainRequest: a client that went away is no failure of the server", () => {
  const record = refusedRecord("InternalError", 500, { story: { stack: "AbortError: This operation was aborted\n    at x" } });
  assert.match(explainRequest(record).why.join(" "), /^The client went away/);
});

test("explainRequest: answers without a code say what they can", () => {
  for (const [status, told] of [
    [301, /elsewhere/],
    [400, /nothing that S3 reads/],
    [501, /Transfer-Encoding/],
    [503, /takes no requests/],
  ] as const) {
    const { why, change, stopped } = explainRequest(recordOf({ status }));
    assert.match(why.join(" "), told);
    assert.ok(change.length > 0);
    assert.equal(stopped?.status, status);
  }
});

test("explainRequest: a redirect is one, and what was not modified is unchanged", () => {
  assert.equal(explainRequest(recordOf({ status: 307 })).outcome, "redirected");
  assert.equal(explainRequest(recordOf({ status: 304 })).outcome, "unchanged");
  assert.equal(explainRequest(refusedRecord("NoSuchKey", 404)).outcome, "refused");
});

test("explainRequest: If-None-Match: * that finds an object thinks of an answer that was lost", () => {
  const facts = { header: "If-None-Match", sent: "*", found: '"abc"' };
  const record = refusedRecord("PreconditionFailed", 412, {
    method: "PUT",
    story: { steps: [{ atMs: 1, step: "condition", facts }] },
  });
  assert.match(
    explainRequest(record).change.join(" "),
    /an earlier try of this very request whose answer was lost.*If-Match: "abc"/,
  );
});

test("tell: one sentence says what was asked, by whom, when and where it stopped", () => {
  const record = refusedRecord("NoSuchKey", 404, { attempt: 2, userAgent: "aws-cli/2" });
  const text = tell(explainRequest(record), { width: 1_000 });
  assert.match(
    text,
    /^GetObject of key photos\/cat\.jpg in bucket bucket, by arn:aws:iam::111122223333:root, at 2026-03-01T12:00:00\.000Z: stopped in execution \(404 NoSuchKey after 1\.3 ms\)\.\n/,
  );
  assert.match(text, /\n {2}from {5}127\.0\.0\.1, aws-cli\/2, try 2\n/);
  assert.match(text, /\nTime\n {2}1\.3 ms: head 0\.1, authentication 0\.2, /);
});

test("tell: sentences are broken at the width, and what may be copied is not", () => {
  const facts = {
    action: "s3:GetObject",
    resource: `arn:aws:s3:::bucket/${"k".repeat(200)}`,
    principal: "*",
    lacks: ["resource"],
    statements: [],
  };
  const record = refusedRecord("AccessDenied", 403, { story: { steps: [{ atMs: 1, step: "refused", facts }] } });
  const lines = tell(explainRequest(record), { width: 60 }).split("\n");
  const isLong = (line: string): boolean => line.length > 60;
  assert.deepEqual(
    lines.filter((line) => isLong(line) && !line.includes("kkkk")),
    [],
  );
  assert.ok(lines.some((line) => line === `    "Resource": "arn:aws:s3:::bucket/${"k".repeat(200)}"`));
});
