import assert from "node:assert/strict";
import { test } from "node:test";
import { catalogueEntry, errorCodes } from "../../../src/errors/catalogue.ts";
import type { ErrorCode } from "../../../src/errors/ErrorCode.ts";
import { explanationOf, messagesOf } from "../../../src/errors/explanationOf.ts";
import { isQueryErrorCode } from "../../../src/errors/QueryError.ts";
import { raisedBy } from "../../../src/errors/raisedBy.ts";
import { explainRequest } from "../../../src/journal/why/explainRequest.ts";
import { queryExplanations } from "../../../src/journal/why/queryExplanations.ts";
import { tell } from "../../../src/journal/why/tell.ts";
import { refusedRecord } from "./recordOf.ts";

/** What a text looks like with something in its braces. */
function filled(text: string): string {
  return text.replaceAll(/\{[^{}]*\}/g, "something");
}

/** Words in place of a reason. */
const SAYS_NOTHING = /\b(?:unknown error|no reason|cannot be explained|not in .* catalogue)\b/i;

test("explainRequest: every code that is raised, with each of its texts, has a reason and a remedy of its own", () => {
  const raised = Object.keys(raisedBy) as ErrorCode[];
  assert.ok(raised.length > 100);
  for (const code of raised) {
    const { status } = catalogueEntry(code);
    const { cause, remedy } = explanationOf(code);
    const texts = messagesOf(code).map(({ text }) => filled(text));
    const reasons = new Set([cause, ...messagesOf(code).map(({ when }) => when)]);
    for (const message of texts.length === 0 ? [""] : texts) {
      const record = refusedRecord(code, status, { story: { error: { code, message, details: [] } } });
      const { why, change, stopped } = explainRequest(record);
      assert.ok(
        why.some((sentence) => reasons.has(sentence)),
        `${code}: ${why.join(" ")}`,
      );
      // AccessDenied has a narrower remedy for many of its texts.
      assert.ok(code === "AccessDenied" ? change.length > 0 : change.includes(remedy), `${code}: ${change.join(" ")}`);
      assert.equal(stopped?.code, code);
      assert.doesNotMatch(tell(explainRequest(record)), SAYS_NOTHING, code);
    }
  }
});

test("explainRequest: a text of a code that has several is explained by what brings that very text", () => {
  let told = 0;
  for (const code of Object.keys(raisedBy) as ErrorCode[]) {
    const variants = messagesOf(code);
    if (variants.length < 2) continue;
    for (const { text } of variants) {
      // Of those with nothing but braces, or alike, another one may be as right.
      if (text === "" || /^\{[^{}]*\}$/.test(text)) continue;
      const record = refusedRecord(code, 400, { story: { error: { code, message: filled(text), details: [] } } });
      const { why } = explainRequest(record);
      const alike = new Set(variants.filter((other) => filled(other.text) === filled(text)).map((other) => other.when));
      if (why.some((sentence) => alike.has(sentence))) told += 1;
      else assert.fail(`${code} ${JSON.stringify(text)}: ${why.join(" ")}`);
    }
  }
  assert.ok(told > 100);
});

test("explainRequest: a code that is worth another try says so, and no other one does", () => {
  for (const code of errorCodes()) {
    const { status, retryable } = catalogueEntry(code);
    const { change } = explainRequest(refusedRecord(code, status));
    assert.equal(
      change.some((sentence) => sentence.startsWith("The same request is worth sending again")),
      retryable,
      code,
    );
  }
});

test("explainRequest: every code of IAM and STS has a reason and a remedy of its own", () => {
  const codes = Object.keys(queryExplanations).filter(isQueryErrorCode);
  assert.equal(new Set(codes.map((code) => queryExplanations[code].cause + queryExplanations[code].remedy)).size, codes.length);
  for (const code of codes) {
    const headers = [["Content-Type", "application/x-www-form-urlencoded; charset=utf-8"]] as const;
    const record = refusedRecord(code, 400, {
      method: "POST",
      target: "/",
      bucket: undefined,
      key: undefined,
      story: { headers },
    });
    const { why, change } = explainRequest(record);
    assert.deepEqual([why, change], [[queryExplanations[code].cause], [queryExplanations[code].remedy]], code);
  }
});

test("explainRequest: a code that IAM and S3 both have is S3's where a bucket was asked", () => {
  const headers = [["content-type", "application/x-www-form-urlencoded"]] as const;
  const { change } = explainRequest(refusedRecord("ExpiredToken", 400, { method: "POST", story: { headers } }));
  assert.deepEqual(change, [explanationOf("ExpiredToken").remedy]);
});

test("explainRequest: a code of nobody's is told as what it is", () => {
  const { why, change } = explainRequest(refusedRecord("Weather", 503));
  assert.match(
    why.join(" "),
    /^The answer was 503 with the code Weather, which is in neither S3's catalogue nor that of IAM and STS\.$/,
  );
  assert.match(change.join(" "), /5xx is worth another try/);
});
