import assert from "node:assert/strict";
import { test } from "node:test";
import { S3Error } from "../../../src/errors/S3Error.ts";
import { ServiceError } from "../../../src/errors/ServiceError.ts";
import type { Envelope } from "../../../src/protocol/soap/envelope.ts";
import type { SoapVersion } from "../../../src/protocol/soap/SoapVersion.ts";
import { readEnvelope } from "../../../src/protocol/soap/envelope.ts";

const SOAP_11 = "http://schemas.xmlsoap.org/soap/envelope/";
const SOAP_12 = "http://www.w3.org/2003/05/soap-envelope";
const S3 = "http://s3.amazonaws.com/doc/2006-03-01/";

function read(document: string | Buffer, onVersion: (version: SoapVersion) => void = () => undefined): Envelope {
  return readEnvelope(Buffer.isBuffer(document) ? document : Buffer.from(document), onVersion);
}

/** What a document is refused with; every refusal explains itself. */
function refusal(document: string | Buffer): ServiceError {
  try {
    read(document);
  } catch (error) {
    if (!(error instanceof ServiceError)) throw error;
    assert.ok(error.explanation, error.code);
    return error;
  }
  return assert.fail("the message was read");
}

function envelope(inside: string, namespace = SOAP_11): string {
  return `<e:Envelope xmlns:e="${namespace}" xmlns:w="http://schemas.xmlsoap.org/ws/2004/03/addressing">${inside}</e:Envelope>`;
}

const BODY = `<e:Body><ListAllMyBuckets xmlns="${S3}"/></e:Body>`;

function header(inside: string, namespace = SOAP_11): string {
  return envelope(`<e:Header>${inside}</e:Header>${BODY}`, namespace);
}

test("readEnvelope: the first element of the body is the operation, and its children are read with text, type and nil", () => {
  const { version, operation } = read(
    `<?xml version="1.0"?>${envelope(
      `<e:Body xmlns:i="http://www.w3.org/2001/XMLSchema-instance"><x:Op xmlns:x="${S3}"><x:A i:type="x:T">a<![CDATA[<b>]]>&amp;</x:A><B i:nil="1"/></x:Op><Second/></e:Body>`,
    )}`,
  );
  assert.equal(version, "1.1");
  assert.deepEqual(
    [operation.name, ...operation.children.map(({ name, text, type, isNil }) => [name, text, type, isNil])],
    ["Op", ["A", "a<b>&", "T", false], ["B", "", undefined, true]],
  );
});

test("readEnvelope: the version is told before anything behind it is wrong", () => {
  const told: SoapVersion[] = [];
  assert.throws(() => read(envelope(BODY, SOAP_12).slice(0, -3), (version) => told.push(version)), {
    code: "InvalidSOAPRequest",
  });
  assert.deepEqual(told, ["1.2"]);
});

test("readEnvelope: an envelope of another namespace is VersionMismatch", () => {
  for (const namespace of ["", "urn:other", "http://schemas.xmlsoap.org/soap/envelope"]) {
    const error = refusal(`<Envelope xmlns="${namespace}"><Body/></Envelope>`);
    assert.deepEqual([error.code, error.message, error instanceof S3Error], ["VersionMismatch", "Version Mismatch", false]);
    assert.equal(error.status, 500);
    assert.equal(
      error.explanation,
      `The Envelope's namespace is "${namespace}"; SOAP 1.1's is ${SOAP_11}, and SOAP 1.2's ${SOAP_12}.`,
    );
  }
});

test("readEnvelope: what is no message is InvalidSOAPRequest", () => {
  for (const document of [
    "",
    "no XML",
    "<a/>",
    envelope(""),
    envelope("<e:Body/>"),
    envelope("<e:Header/>"),
    envelope("<Body><ListAllMyBuckets/></Body>"),
    envelope(`${BODY}<e:Header/>`),
    envelope(`<e:Body><Op xmlns="urn:other"/></e:Body>`),
    envelope("<e:Body><x:Op/></e:Body>"),
    `${envelope(BODY)}<again/>`,
    `<!DOCTYPE e [<!ENTITY a "b">]>${envelope(BODY)}`,
    envelope(`<e:Body><Op>&undeclared;</Op></e:Body>`),
    envelope(`<e:Body>${"<a>".repeat(11)}${"</a>".repeat(11)}</e:Body>`),
    envelope(`<e:Body><a>${"<b/>".repeat(4094)}</a></e:Body>`),
    Buffer.from(`\ufeff${envelope(BODY)}`, "utf16le"),
    Buffer.concat([Buffer.from(envelope(BODY)), Buffer.from([0xff])]),
  ]) {
    assert.equal(refusal(document).code, "InvalidSOAPRequest", String(document).slice(0, 200));
  }
  assert.equal(read(envelope(`<e:Body><a>${"<b/>".repeat(4093)}</a></e:Body>`)).operation.children.length, 4093);
});

test("readEnvelope: a header that must be understood is MustUnderstand, unless it is for somebody else", () => {
  const error = refusal(header('<a:Security xmlns:a="urn:a" e:mustUnderstand="1"/>'));
  assert.deepEqual(
    [error.code, error.message],
    ["MustUnderstand", 'Did not understand "MustUnderstand" header(s):{urn:a}Security'],
  );
  for (const inside of [
    '<a xmlns="urn:a" e:mustUnderstand="true" e:actor="http://schemas.xmlsoap.org/soap/actor/next"/>',
    '<a xmlns="urn:a" e:mustUnderstand="1" e:actor=""/>',
  ]) {
    assert.equal(refusal(header(inside)).code, "MustUnderstand", inside);
  }
  assert.equal(
    refusal(header('<a xmlns="urn:a" e:mustUnderstand="1" e:role="http://www.w3.org/2003/05/soap-envelope/role/next"/>', SOAP_12))
      .code,
    "MustUnderstand",
  );
  // What each version calls the role means nothing in the other.
  for (const [inside, namespace] of [
    ['<a xmlns="urn:a" e:mustUnderstand="1" e:role="urn:other"/>', SOAP_11],
    ['<a xmlns="urn:a" e:mustUnderstand="1" e:actor="urn:other"/>', SOAP_12],
    [`<a xmlns="urn:a" e:mustUnderstand="1" e:role="${SOAP_12}/role/ultimateReceiver"/>`, SOAP_12],
  ] as const)
    assert.equal(refusal(header(inside, namespace)).code, "MustUnderstand", inside);
  const forOther = '<a xmlns="urn:a" e:mustUnderstand="1" e:role="urn:other"/>';
  assert.equal(read(header(forOther, SOAP_12)).operation.name, "ListAllMyBuckets");
  for (const inside of [
    '<a xmlns="urn:a"/>',
    '<a xmlns="urn:a" e:mustUnderstand="0"/>',
    '<a xmlns="urn:a" mustUnderstand="1"/>',
    '<a xmlns="urn:a" e:mustUnderstand="1" e:actor="urn:other"/>',
    '<a xmlns="urn:a"><b e:mustUnderstand="1"/></a>',
  ]) {
    assert.equal(read(header(inside)).operation.name, "ListAllMyBuckets", inside);
  }
});

test("readEnvelope: an address to answer to that is not where the question came from is InvalidAddressingHeader", () => {
  const anonymous = "http://schemas.xmlsoap.org/ws/2004/03/addressing/role/anonymous";
  const replyTo = (address: string): string => `<w:ReplyTo e:mustUnderstand="1"><w:Address>${address}</w:Address></w:ReplyTo>`;
  for (const inside of [replyTo("http://client.example/answers"), "<w:FaultTo/>"]) {
    const error = refusal(header(inside));
    assert.deepEqual([error.code, error.message], ["InvalidAddressingHeader", "You must specify the Anonymous role"]);
  }
  assert.equal(read(header(replyTo(` ${anonymous}\n`))).operation.name, "ListAllMyBuckets");
});

test("readEnvelope: each namespace that AWS has, or had, for operations is S3's, and so is none", () => {
  for (const host of ["s3.amazonaws.com/doc", "doc.s3.amazonaws.com"])
    for (const scheme of ["http", "https"])
      for (const end of ["", "/"]) {
        const namespace = `${scheme}://${host}/2006-03-01${end}`;
        assert.equal(read(envelope(`<e:Body><Op xmlns="${namespace}"/></e:Body>`)).operation.name, "Op", namespace);
      }
  assert.equal(read(envelope("<e:Body><Op/></e:Body>")).operation.name, "Op");
});

test("readEnvelope: each version of WS-Addressing has its own place for who asks", () => {
  const roles = [
    ["http://schemas.xmlsoap.org/ws/2003/03/addressing", "/role/anonymous"],
    ["http://schemas.xmlsoap.org/ws/2004/03/addressing", "/role/anonymous"],
    ["http://schemas.xmlsoap.org/ws/2004/08/addressing", "/role/anonymous"],
    ["http://www.w3.org/2005/08/addressing", "/anonymous"],
  ] as const;
  for (const [namespace, anonymous] of roles)
    for (const name of ["ReplyTo", "FaultTo"]) {
      const inside = (address: string): string =>
        header(`<${name} xmlns="${namespace}" e:mustUnderstand="1"><Address>${address}</Address></${name}>`);
      assert.equal(read(inside(namespace + anonymous)).operation.name, "ListAllMyBuckets");
      const error = refusal(inside("urn:x"));
      assert.deepEqual(
        [error.code, error.explanation],
        [
          "InvalidAddressingHeader",
          `${name} is "urn:x"; answers go back on the connection that the question came on, which is ${namespace}${anonymous}.`,
        ],
      );
    }
  assert.match(refusal(header("<w:ReplyTo/>")).explanation!, /^ReplyTo is ""; /);
});

test("readEnvelope: a refusal explains what is wrong with the message", () => {
  for (const [document, explanation] of [
    ["<a/>", 'The root element is "a"; a message is an Envelope.'],
    [envelope(""), "The message has no Body with an element that names the operation."],
    [`${envelope(BODY)}<again/>`, "The XML does not parse: documents may contain only one root."],
    [`<!DOCTYPE e>${envelope(BODY)}`, "The message has a DOCTYPE, which SOAP does not allow."],
    [Buffer.concat([Buffer.from(envelope(BODY)), Buffer.from([0xff])]), "The message is not UTF-8."],
    [envelope(`${BODY}<e:Header/>`), "The Header follows the Body; it stands before it."],
    [
      envelope(`<e:Body><Op xmlns="urn:other"/></e:Body>`),
      'The namespace of "Op" is "urn:other"; S3\'s is http://s3.amazonaws.com/doc/2006-03-01/.',
    ],
    [envelope(`<e:Body>${"<a>".repeat(11)}`), "The message nests deeper than 12 elements."],
    [envelope(`<e:Body><a>${"<b/>".repeat(4094)}</a></e:Body>`), "The message has more than 4096 elements."],
  ] as const)
    assert.equal(refusal(document).explanation, explanation);
  const deepest = envelope(`<e:Body>${"<a>".repeat(10)}${"</a>".repeat(10)}</e:Body>`);
  assert.equal(read(deepest).operation.name, "a");
  assert.ok(refusal(`<e:Envelope ${"x".repeat(1_000)}`).explanation!.length < 300);
});

test("readEnvelope: only the envelope's own Body and Header count, whose names may stand elsewhere", () => {
  const inside = '<e:Header><Body xmlns="urn:a"><Op/></Body></e:Header><Body xmlns="urn:a"><Other/></Body>';
  assert.equal(read(envelope(inside + BODY)).operation.name, "ListAllMyBuckets");
  const foreign = '<Header xmlns="urn:a"><a e:mustUnderstand="1"/></Header>';
  assert.equal(read(envelope(foreign + BODY)).operation.name, "ListAllMyBuckets");
});
