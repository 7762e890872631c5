import assert from "node:assert/strict";
import { test } from "node:test";
import { operationNames, schemaDocument } from "../../../../src/protocol/soap/description/schema.ts";
import { readSequence, writeSequence } from "../../../../src/protocol/soap/description/notation.ts";
import { wsdlDocument } from "../../../../src/protocol/soap/description/wsdl.ts";

/** The declarations of a document that have a name, in their order. */
function declared(document: string, element: string): string[] {
  return [...document.matchAll(new RegExp(`<${element} name="([^"]*)"`, "g"))].map(([, name]) => name!);
}

/** A global declaration of the schema, as it stands there. */
function declaration(name: string): string {
  return new RegExp(`^<xsd:\\w+ name="${name}".*$`, "m").exec(schemaDocument)![0];
}

/** The elements that a declaration lists. */
function elementsOf(name: string): string[] {
  return [...declaration(name).matchAll(/<xsd:element name="(\w+)" type/g)].map(([, element]) => element!);
}

test("SOAP's schema: a sequence in short says how often each element comes, and of which type", () => {
  const written = writeSequence(
    readSequence("Plain Count:int? Status Extra:Status* Many*100 Data:base64Binary~", new Set(["Status"])),
  );
  assert.equal(
    written,
    '<xsd:sequence><xsd:element name="Plain" type="xsd:string"/>' +
      '<xsd:element name="Count" type="xsd:int" minOccurs="0"/>' +
      '<xsd:element name="Status" type="tns:Status"/>' +
      '<xsd:element name="Extra" type="tns:Status" minOccurs="0" maxOccurs="unbounded"/>' +
      '<xsd:element name="Many" type="xsd:string" minOccurs="0" maxOccurs="100"/>' +
      '<xsd:element name="Data" type="xsd:base64Binary" nillable="true"/></xsd:sequence>',
  );
});

test("SOAP's schema: sixteen operations, each with an element for request and response", () => {
  assert.equal(operationNames.length, 16);
  const globals = [...schemaDocument.matchAll(/^<xsd:element name="(\w+)"/gm)].map(([, name]) => name);
  assert.deepEqual(
    globals,
    operationNames.flatMap((name) => [name, `${name}Response`]),
  );
});

test("SOAP's schema: every type is declared once, and used but for those that xsi:type names", () => {
  const types = [...declared(schemaDocument, "xsd:complexType"), ...declared(schemaDocument, "xsd:simpleType")];
  assert.equal(new Set(types).size, types.length);
  const used = new Set([...schemaDocument.matchAll(/"tns:(\w+)"/g)].map(([, name]) => name));
  assert.deepEqual([...used, "AmazonCustomerByEmail", "Group"].toSorted(), types.toSorted());
  assert.deepEqual(
    new Set([...schemaDocument.matchAll(/"xsd:(\w+)"/g)].map(([, name]) => name)),
    new Set(["string", "int", "long", "boolean", "dateTime", "base64Binary"]),
  );
});

test("SOAP's schema: who asks stands at the end of every request, and a Credential behind it", () => {
  const signature = ["AWSAccessKeyId", "Timestamp", "Signature"];
  assert.deepEqual(elementsOf("ListAllMyBuckets"), signature);
  assert.deepEqual(elementsOf("CreateBucket"), ["Bucket", "AccessControlList", ...signature]);
  assert.deepEqual(elementsOf("DeleteObject"), ["Bucket", "Key", ...signature, "Credential"]);
  assert.deepEqual(elementsOf("SetBucketLoggingStatus"), ["Bucket", ...signature, "Credential", "BucketLoggingStatus"]);
});

test("SOAP's schema: each grantee has its name, and words are those of S3's", () => {
  assert.deepEqual(elementsOf("CanonicalUser"), ["ID", "DisplayName"]);
  assert.deepEqual(elementsOf("AmazonCustomerByEmail"), ["EmailAddress"]);
  assert.deepEqual(elementsOf("Group"), ["URI"]);
  for (const [name, base] of [
    ["CanonicalUser", "User"],
    ["AmazonCustomerByEmail", "User"],
    ["Group", "Grantee"],
  ] as const)
    assert.ok(declaration(name).includes(`<xsd:extension base="tns:${base}">`), name);
  const words = (name: string): string[] =>
    [...declaration(name).matchAll(/enumeration value="(\w+)"/g)].map(([, word]) => word!);
  assert.deepEqual(words("Permission"), ["READ", "WRITE", "READ_ACP", "WRITE_ACP", "FULL_CONTROL"]);
  assert.deepEqual(words("StorageClass"), ["STANDARD", "REDUCED_REDUNDANCY", "GLACIER", "UNKNOWN"]);
  assert.deepEqual(words("MetadataDirective"), ["COPY", "REPLACE"]);
});

test("SOAP's schema: a response holds one element, and those that set something none", () => {
  const unlike = {
    CreateBucket: ["CreateBucketReturn"],
    CopyObject: ["CopyObjectResult"],
    GetObjectExtended: ["GetObjectResponse"],
  };
  for (const name of operationNames) {
    const expected = name.startsWith("Set") ? [] : (unlike[name as keyof typeof unlike] ?? [`${name}Response`]);
    assert.deepEqual(elementsOf(`${name}Response`), expected, name);
  }
});

test("SOAP's WSDL: every operation has messages, a place in the port's type and a binding", () => {
  const wsdl = wsdlDocument("https://s3.example.com/soap");
  assert.deepEqual(
    declared(wsdl, "wsdl:message"),
    operationNames.flatMap((name) => [`${name}Request`, `${name}Response`]),
  );
  assert.deepEqual(declared(wsdl, "wsdl:operation"), [...operationNames, ...operationNames]);
  for (const name of operationNames) {
    assert.ok(wsdl.includes(`<wsdl:part name="parameters" element="tns:${name}"/>`), name);
    assert.ok(wsdl.includes(`<wsdl:part name="parameters" element="tns:${name}Response"/>`), name);
  }
});
