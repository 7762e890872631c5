import assert from "node:assert/strict";
import { test } from "node:test";
import { isAboutPresentObject } from "../../src/access/objectActions.ts";

test("objectActions: an object's owner has a say in what is read of it, and in its ACL and tags", () => {
  for (const action of [
    ...["GetObject", "GetObjectVersion", "GetObjectAttributes", "GetObjectVersionAttributes"],
    ...["GetObjectAcl", "GetObjectVersionAcl", "PutObjectAcl", "PutObjectVersionAcl"],
    ...["GetObjectTagging", "GetObjectVersionTagging", "PutObjectTagging", "PutObjectVersionTagging"],
    ...["DeleteObjectTagging", "DeleteObjectVersionTagging", "GetObjectTorrent", "GetObjectVersionTorrent"],
  ].map((name) => `s3:${name}`)) {
    assert.ok(isAboutPresentObject({ action }), action);
    assert.ok(isAboutPresentObject({ action, ofNewObject: false }), action);
    assert.ok(!isAboutPresentObject({ action, ofNewObject: true }), action);
  }
});

test("objectActions: what replaces or removes an object, and what is of its bucket, is the bucket owner's", () => {
  for (const action of [
    "s3:PutObject",
    "s3:DeleteObject",
    "s3:DeleteObjectVersion",
    "s3:ListBucket",
    "s3:PutObjectRetention",
    "",
  ])
    assert.ok(!isAboutPresentObject({ action }), action);
});
