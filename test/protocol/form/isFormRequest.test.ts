import assert from "node:assert/strict";
import { test } from "node:test";
import { isFormRequest } from "../../../src/protocol/form/isFormRequest.ts";
import type { Address } from "../../../src/protocol/WireRequest.ts";
import { wireRequestFor } from "../../auth/wireRequestFor.ts";

const TYPE = "multipart/form-data; boundary=b";

const BUCKET: Address = { style: "path", bucket: "bucket", key: undefined };

/** Whether a request is a form: one to a bucket, unless said otherwise. */
function isForm(
  target: string,
  headers: Readonly<Record<string, string>> = { "content-type": TYPE },
  method = "POST",
  address = BUCKET,
): boolean {
  return isFormRequest({ ...wireRequestFor({ method, target, headers }), address });
}

test("isFormRequest: a POST of multipart/form-data to a bucket is one, whatever the query says that chooses nothing", () => {
  for (const target of ["/bucket", "/bucket/", "/bucket?x-id=PostObject", "/bucket?prefix=a&=b"])
    assert.ok(isForm(target), target);
  for (const type of ["multipart/form-data", "Multipart/Form-Data;boundary=b", " multipart/form-data ; x"])
    assert.ok(isForm("/bucket", { "content-type": type }), type);
});

test("isFormRequest: anything else is none", () => {
  for (const target of ["/bucket?delete", "/bucket?policy=", "/bucket?uploadId=1", "/bucket?partNumber=1", "/bucket?a&uploads"])
    assert.equal(isForm(target), false, target);
  for (const type of ["", "multipart/form-datax", "multipart/mixed; boundary=b", "text/plain; multipart/form-data"])
    assert.equal(isForm("/bucket", { "content-type": type }), false, type);
  assert.equal(isForm("/bucket", {}), false);
  assert.equal(isForm("/bucket", undefined, "PUT"), false);
  assert.equal(isForm("/bucket/key", undefined, "POST", { ...BUCKET, key: "key" }), false);
  assert.equal(isForm("/", undefined, "POST", { ...BUCKET, bucket: undefined }), false);
});
