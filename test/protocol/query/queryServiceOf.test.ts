import assert from "node:assert/strict";
import { test } from "node:test";
import { queryServiceOf } from "../../../src/protocol/query/queryServiceOf.ts";
import type { RequestParts } from "../../auth/wireRequestFor.ts";
import { wireRequestFor } from "../../auth/wireRequestFor.ts";

const FORM = { "content-type": "application/x-www-form-urlencoded" };
const signedFor = (service: string): Record<string, string> => ({
  authorization: `AWS4-HMAC-SHA256 Credential=key/20260301/us-east-1/${service}/aws4_request, SignedHeaders=host, Signature=0`,
});
const ofForm = (headers: Readonly<Record<string, string>>, more: RequestParts = {}): string | undefined =>
  queryServiceOf(wireRequestFor({ method: "POST", headers: { ...FORM, ...headers }, ...more }));
const ofGet = (query: string, headers: Readonly<Record<string, string>> = {}): string | undefined =>
  queryServiceOf(wireRequestFor({ target: `/${query}`, headers }));

test("queryServiceOf: a form is for the service that it is signed for, and unsigned for STS", () => {
  assert.equal(ofForm(signedFor("iam")), "iam");
  assert.equal(ofForm(signedFor("sts")), "sts");
  assert.equal(ofForm(signedFor("s3")), undefined);
  assert.equal(ofForm({}), "sts");
  assert.equal(ofForm({ authorization: "AWS key:signature" }), undefined);
});

test("queryServiceOf: a form by its type, in any case and with parameters", () => {
  for (const type of [
    "application/x-www-form-urlencoded; charset=utf-8",
    "APPLICATION/X-WWW-FORM-URLENCODED",
    " application/x-www-form-urlencoded ;",
  ])
    assert.equal(ofForm({ "content-type": type }), "sts", type);
  for (const type of ["multipart/form-data", "", "x application/x-www-form-urlencoded", "application/x-www-form-urlencoded2"])
    assert.equal(ofForm({ "content-type": type }), undefined, type);
  assert.equal(queryServiceOf(wireRequestFor({ method: "POST" })), undefined);
});

test("queryServiceOf: only to the root, of no bucket, by POST or GET", () => {
  assert.equal(ofForm({}, { target: "/bucket" }), undefined);
  assert.equal(ofForm({}, { virtualBucket: "bucket" }), undefined);
  for (const method of ["PUT", "DELETE", "HEAD"])
    assert.equal(ofForm({}, { method, target: "/?Action=GetCallerIdentity" }), undefined);
});

test("queryServiceOf: a GET with an Action, signed in its header, its query or not at all", () => {
  assert.equal(ofGet(""), undefined);
  assert.equal(ofGet("?list-type=2"), undefined);
  assert.equal(ofGet("?Action=GetCallerIdentity"), "sts");
  assert.equal(ofGet("?Action=ListUsers", signedFor("iam")), "iam");
  assert.equal(ofGet("?Action=ListUsers", signedFor("s3")), undefined);
  for (const service of ["iam", "sts"])
    assert.equal(ofGet(`?Action=a&X-Amz-Credential=key%2F20260301%2Fus-east-1%2F${service}%2Faws4_request`), service);
  assert.equal(ofGet("?Action=a&X-Amz-Credential=key"), undefined);
  for (const parameter of ["Signature", "AWSAccessKeyId"]) assert.equal(ofGet(`?Action=a&${parameter}=b`), undefined, parameter);
});
