import assert from "node:assert/strict";
import { test } from "node:test";
import { shapeOf } from "../../src/protocol/Shape.ts";

test("shapeOf: a structure is what the schema says of it, without what it does not say, and the same each time", () => {
  const deletion = shapeOf("Delete");
  assert.equal(shapeOf("Delete"), deletion);
  assert.deepEqual(deletion, {
    kind: "structure",
    xmlName: "Delete",
    members: [
      {
        name: "Objects",
        in: "body",
        wire: "Object",
        required: true,
        type: "list",
        flat: true,
        item: { type: "structure", shape: "ObjectIdentifier" },
      },
      { name: "Quiet", in: "body", wire: "Quiet", type: "boolean" },
    ],
  });
});

test("shapeOf: attributes, namespaces, enumerations, wrapped lists and formats of time are there where the schema has them", () => {
  const member = (shapeName: string, memberName: string) => shapeOf(shapeName).members.find(({ name }) => name === memberName);
  assert.deepEqual(shapeOf("Grantee").xmlNamespace, ["xsi", "http://www.w3.org/2001/XMLSchema-instance"]);
  assert.deepEqual(member("Grantee", "Type"), {
    name: "Type",
    in: "attribute",
    wire: "xsi:type",
    required: true,
    enum: "Type",
    type: "string",
  });
  assert.deepEqual(member("Tagging", "TagSet"), {
    name: "TagSet",
    in: "body",
    wire: "TagSet",
    required: true,
    type: "list",
    itemName: "Tag",
    item: { type: "structure", shape: "Tag" },
  });
  assert.deepEqual(member("GetObjectRequest", "IfModifiedSince"), {
    name: "IfModifiedSince",
    in: "header",
    wire: "if-modified-since",
    type: "timestamp",
    format: "http-date",
  });
  assert.deepEqual(member("GetObjectOutput", "Body"), { name: "Body", in: "payload", type: "stream" });
});

test("shapeOf: throws for a structure that the schema does not have", () => {
  assert.throws(() => shapeOf("Nobody"), { message: "There is no structure Nobody." });
});
