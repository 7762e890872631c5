import assert from "node:assert/strict";
import { test } from "node:test";
import { formDialect } from "../../../src/protocol/form/formDialect.ts";
import { LOGGED_FORM } from "../../../src/protocol/form/FormRequest.ts";
import { wireRequestFor } from "../../auth/wireRequestFor.ts";

test("formDialect: a form that cannot be read means no operation, which is told once it is known who asks", async () => {
  const headers = { "content-type": "multipart/form-data; boundary=b", "content-length": "6" };
  const request = wireRequestFor({ method: "POST", target: "/bucket", headers, body: [Buffer.from("--a--\n")] });
  const found = await formDialect().route(request, { idleTimeoutMs: 1_000, beforeFirstRead: undefined });
  assert.ok(found.operation === undefined);
  assert.deepEqual([found.refusal.code, found.loggedAs], ["MalformedPOSTRequest", LOGGED_FORM]);
});
