import assert from "node:assert/strict";
import { Readable } from "node:stream";
import { describe, test } from "node:test";
import type { OperationInputs, OperationName, OperationOutputs } from "../../src/protocol/generated/types.ts";
import { routes } from "../../src/protocol/generated/routes.ts";
import { shapeTexts } from "../../src/protocol/generated/shapes.ts";
import { shapeOf } from "../../src/protocol/Shape.ts";
import type { OutputBody } from "../../src/protocol/Payload.ts";
import { bodyKind } from "../../src/protocol/rest/bodyKind.ts";
import { decodeBody, decodeHead } from "../../src/protocol/rest/decode.ts";
import { encodeOutput } from "../../src/protocol/rest/encode.ts";
import { addedMembers, unroutedOperations } from "../../src/protocol/deviations.ts";
import type { Fullness, Sample } from "./sampleValues.ts";
import { sample } from "./sampleValues.ts";
import { bytesOf, exchange, sentFor, targetOf } from "./sdkClient.ts";
import { routed } from "./routed.ts";
import { wireRequest } from "./wireRequest.ts";

/** The SDK's client as the judge of routing, of what requests say and of what answers say, for every operation. */

const names = Object.keys(routes) as OperationName[];
const FULLNESS: readonly Fullness[] = ["minimal", "maximal"];

/** The members that carry a checksum; the client computes them of what it sends, and checks them in what it receives. */
const CHECKSUMS = Object.keys(shapeTexts)
  .flatMap((name) => shapeOf(name).members)
  .filter((member) => member.in === "header" && /^Checksum(?!Algorithm|Mode|Type)/.test(member.name))
  .map((member) => member.name);

/** Members the client computes or rewrites itself, so that what arrives is not what was asked to be sent. */
const REWRITTEN = new Set([
  ...CHECKSUMS,
  "ContentMD5",
  "ContentLength",
  "ContentEncoding",
  "Expires",
  "SSECustomerKey",
  "SSECustomerKeyMD5",
  "CopySourceSSECustomerKey",
  "CopySourceSSECustomerKeyMD5",
]);

/** Members the client adds when they are not given. */
const ADDED = new Set(["ChecksumAlgorithm", "ContentType", "ClientToken"]);

const inputs = names.flatMap((name) => FULLNESS.map((fullness) => ({ name, fullness, input: inputOf(name, fullness) })));

function inputOf(name: OperationName, fullness: Fullness): Sample {
  const shape = routes[name].input;
  // The client does not know what S3 reads beyond its schemas.
  const unknown = new Set(addedMembers[shape]?.map((member) => member.name));
  return Object.fromEntries(Object.entries(sample(shape, fullness, REWRITTEN)).filter(([member]) => !unknown.has(member)));
}

describe("Requests of the SDK's client", () => {
  for (const { name, fullness, input } of inputs) {
    test(`${name}: a ${fullness} input arrives as it was sent`, async () => {
      const sent = await sentFor(name, input);
      const { "x-id": _, ...query } = sent.query;
      const request = wireRequest(sent.method, targetOf({ ...sent, query }), sent.headers);
      assert.equal(routed(request).operation, unroutedOperations.has(name) ? "ListBuckets" : name);

      const head = decodeHead(name, request);
      const body = await bytesOf(sent.body);
      const decoded: Sample =
        bodyKind(name) === "streaming" ? head : (decodeBody(name, head, body) as OperationInputs[OperationName] & Sample);
      const expected = Object.fromEntries(Object.entries(input).filter(([member]) => !isStream(name, member)));
      const isOwn = (member: string): boolean => !REWRITTEN.has(member) && (member in expected || !ADDED.has(member));
      const found = Object.fromEntries(Object.entries(decoded).filter(([member]) => isOwn(member)));
      assert.deepEqual(found, expected);
    });
  }
});

function isStream(name: OperationName, member: string): boolean {
  return shapeOf(routes[name].input).members.some(({ name: other, type }) => other === member && type === "stream");
}

/** SelectObjectContent answers with a stream of events, which has its own encoder when the operation comes. */
const answering = names.filter((name) => name !== "SelectObjectContent");

describe("Answers to the SDK's client", () => {
  for (const name of answering) {
    for (const fullness of FULLNESS) {
      test(`${name}: a ${fullness} output arrives as it was sent`, async () => {
        const shape = routes[name].output;
        const output = shape === undefined ? {} : { ...filledIn(name), ...sample(shape, fullness, REWRITTEN) };
        const received = await exchange(name, inputOf(name, "minimal"), async () => {
          const encoded = await encodeOutput(name, outgoing(name, output) as unknown as OperationOutputs[OperationName]);
          return {
            statusCode: encoded.status,
            headers: Object.fromEntries(encoded.headers.map(([header, value]) => [header.toLowerCase(), value])),
            body: Readable.from(encoded.body === undefined ? [] : [sentBytes(encoded.body)]),
          };
        });
        const { $metadata, ...found } = received;
        assert.equal(
          ($metadata as { httpStatusCode: number }).httpStatusCode,
          name === "PutBucketPolicy" ? 204 : routes[name].status,
        );
        assert.deepEqual(await withBytes(found), output);
      });
    }
  }
});

/** What the client makes of an answer without them: no bytes, and no metadata. */
function filledIn(name: OperationName): Sample {
  const { members } = shapeOf(routes[name].output!);
  return Object.fromEntries(
    members.flatMap(({ name: member, type, in: place }) =>
      type === "stream" ? [[member, Buffer.alloc(0)]] : place === "prefix" ? [[member, {}]] : [],
    ),
  );
}

/** Streams go out with their size. */
function outgoing(name: OperationName, output: Sample): Sample {
  return Object.fromEntries(
    Object.entries(output).map(([member, value]) => [
      member,
      shapeOf(routes[name].output!).members.some((other) => other.name === member && other.type === "stream")
        ? { sizeBytes: (value as Buffer).length, source: value }
        : value,
    ]),
  );
}

function sentBytes(body: Buffer | OutputBody): Buffer {
  return Buffer.isBuffer(body) ? body : (body.source as Buffer);
}

async function withBytes(output: Sample): Promise<Sample> {
  const entries = Object.entries(output).filter(([, value]) => value !== undefined);
  return Object.fromEntries(
    await Promise.all(
      entries.map(async ([member, value]) => [member, value instanceof Readable ? await bytesOf(value) : value] as const),
    ),
  );
}
