import assert from "node:assert/strict";
import { test } from "node:test";
import type { RawAnswer } from "../server/RawConnection.ts";
import type { Asked } from "./AnswerServer.ts";
import { AnswerServer } from "./AnswerServer.ts";

/** What goes well, to the byte: the documents of buckets and lists, with their owners, markers and echoes. */

const NAMESPACE = 'xmlns="http://s3.amazonaws.com/doc/2006-03-01/"';
const TIME = "2026-03-01T12:00:00.000Z";

/** The document that answers a request, without what all documents begin with. */
async function document(answers: AnswerServer, asked: Asked): Promise<string> {
  const answer = await answers.send(asked, "header");
  assert.equal(answer.status, 200, answer.body);
  assert.equal(answer.headers.get("content-type"), "application/xml");
  const owner = await answers.owner();
  return answers
    .masked(answer.body)
    .replaceAll(owner.canonicalId, "{owner}")
    .replace('<?xml version="1.0" encoding="UTF-8"?>\n', "")
    .replace(` ${NAMESPACE}`, "");
}

test("ListBuckets: the owner has an id alone, each bucket its ARN, and its region if a parameter is sent", async () => {
  await using answers = await AnswerServer.startEmpty();
  assert.equal(
    await document(answers, { method: "GET", path: "/" }),
    "<ListAllMyBucketsResult><Owner><ID>{owner}</ID></Owner><Buckets><Bucket><Name>bucket</Name>" +
      `<CreationDate>${TIME}</CreationDate><BucketArn>arn:aws:s3:::bucket</BucketArn></Bucket></Buckets></ListAllMyBucketsResult>`,
  );
  assert.equal(
    await document(answers, { method: "GET", path: "/", query: { prefix: "b" } }),
    "<ListAllMyBucketsResult><Owner><ID>{owner}</ID></Owner><Buckets><Bucket><Name>bucket</Name>" +
      `<CreationDate>${TIME}</CreationDate><BucketRegion>us-east-1</BucketRegion><BucketArn>arn:aws:s3:::bucket</BucketArn></Bucket>` +
      "</Buckets><Prefix>b</Prefix></ListAllMyBucketsResult>",
  );
});

const OBJECT_BEGINS = `<Key>key</Key><LastModified>${TIME}</LastModified><ETag>&quot;5d41402abc4b2a76b9719d911017c592&quot;</ETag>`;
const CHECKSUM = "<ChecksumAlgorithm>CRC64NVME</ChecksumAlgorithm><ChecksumType>FULL_OBJECT</ChecksumType>";
const OWNER = "<Owner><ID>{owner}</ID></Owner>";
const OBJECT_ENDS = "<StorageClass>STANDARD</StorageClass>";

/** A bucket with the one object "key". */
async function withObject(): Promise<AnswerServer> {
  const answers = await AnswerServer.startEmpty();
  assert.equal((await answers.send({ method: "PUT", path: "/bucket/key", body: "hello" }, "header")).status, 200);
  return answers;
}

test("ListObjects: empty markers are shown, an empty delimiter is not, and owners have an id alone", async () => {
  await using answers = await withObject();
  assert.equal(
    await document(answers, { method: "GET", path: "/bucket" }),
    "<ListBucketResult><Name>bucket</Name><Prefix></Prefix><Marker></Marker><MaxKeys>1000</MaxKeys><IsTruncated>false</IsTruncated>" +
      `<Contents>${OBJECT_BEGINS}${CHECKSUM}<Size>5</Size>${OWNER}${OBJECT_ENDS}</Contents></ListBucketResult>`,
  );
});

test("ListObjectsV2: owners have an id alone, and start-after is shown until a token takes its place", async () => {
  await using answers = await withObject();
  await answers.send({ method: "PUT", path: "/bucket/key2", body: "hello" }, "header");
  const query = { "list-type": "2", "fetch-owner": "true", "start-after": "a", "max-keys": "1" };
  const first = await document(answers, { method: "GET", path: "/bucket", query });
  const token = /<NextContinuationToken>([^<]+)</.exec(first)![1]!;
  const contents = `<Contents>${OBJECT_BEGINS}${CHECKSUM}<Size>5</Size>${OWNER}${OBJECT_ENDS}</Contents>`;
  assert.equal(
    first,
    `<ListBucketResult><Name>bucket</Name><Prefix></Prefix><StartAfter>a</StartAfter><NextContinuationToken>${token}</NextContinuationToken>` +
      `<KeyCount>1</KeyCount><MaxKeys>1</MaxKeys><IsTruncated>true</IsTruncated>${contents}</ListBucketResult>`,
  );
  assert.equal(
    await document(answers, { method: "GET", path: "/bucket", query: { ...query, "continuation-token": token } }),
    `<ListBucketResult><Name>bucket</Name><Prefix></Prefix><ContinuationToken>${token}</ContinuationToken><KeyCount>1</KeyCount>` +
      `<MaxKeys>1</MaxKeys><IsTruncated>false</IsTruncated>${contents.replace("key", "key2")}</ListBucketResult>`,
  );
});

for (const query of [{}, { "list-type": "2" }]) {
  test(`ListObjects${"list-type" in query ? "V2" : ""}: a header tells the bucket's region`, async () => {
    await using answers = await AnswerServer.start({ region: "eu-west-1" });
    const answer = await answers.send({ method: "GET", path: "/bucket", query }, "header");
    assert.equal(answer.headers.get("x-amz-bucket-region"), "eu-west-1");
  });
}

test("ListObjectVersions: owners have an id alone", async () => {
  await using answers = await withObject();
  assert.equal(
    await document(answers, { method: "GET", path: "/bucket", query: { versions: "" } }),
    "<ListVersionsResult><Name>bucket</Name><Prefix></Prefix><KeyMarker></KeyMarker><VersionIdMarker></VersionIdMarker><MaxKeys>1000</MaxKeys>" +
      "<IsTruncated>false</IsTruncated><Version>" +
      `${OBJECT_BEGINS.replace("</Key>", "</Key><VersionId>null</VersionId><IsLatest>true</IsLatest>")}${CHECKSUM}<Size>5</Size>` +
      `${OWNER}${OBJECT_ENDS}</Version></ListVersionsResult>`,
  );
});

const BOTH = `<Initiator><ID>{owner}</ID><DisplayName>tester</DisplayName></Initiator>${OWNER}<StorageClass>STANDARD</StorageClass>`;

/** What a list of uploads says of the checksums that some were begun with. */
const UPLOAD_CHECKSUMS: Readonly<Record<string, string>> = {
  "{compositeId}": "<ChecksumAlgorithm>CRC32</ChecksumAlgorithm><ChecksumType>COMPOSITE</ChecksumType>",
  "{fullObjectId}": "<ChecksumAlgorithm>CRC32C</ChecksumAlgorithm><ChecksumType>FULL_OBJECT</ChecksumType>",
};

test("ListMultipartUploads: markers are always shown, a prefix when there is one, and owners have an id alone", async () => {
  await using answers = await AnswerServer.startEmpty();
  assert.equal(
    await document(answers, { method: "GET", path: "/bucket", query: { uploads: "" } }),
    "<ListMultipartUploadsResult><Bucket>bucket</Bucket><KeyMarker></KeyMarker><UploadIdMarker></UploadIdMarker><NextKeyMarker></NextKeyMarker><NextUploadIdMarker></NextUploadIdMarker>" +
      "<MaxUploads>1000</MaxUploads><IsTruncated>false</IsTruncated></ListMultipartUploadsResult>",
  );
  await using busy = await AnswerServer.start();
  const query = { uploads: "", prefix: "up", "max-uploads": "1" };
  const text = await document(busy, { method: "GET", path: "/bucket", query });
  // All uploads began in the same millisecond: any may be the first.
  const id = /<NextUploadIdMarker>([^<]+)</.exec(text)![1]!;
  assert.equal(
    text,
    `<ListMultipartUploadsResult><Bucket>bucket</Bucket><KeyMarker></KeyMarker><UploadIdMarker></UploadIdMarker><NextKeyMarker>upload</NextKeyMarker>` +
      `<NextUploadIdMarker>${id}</NextUploadIdMarker><Prefix>up</Prefix><MaxUploads>1</MaxUploads><IsTruncated>true</IsTruncated>` +
      `<Upload><Key>upload</Key><UploadId>${id}</UploadId>${BOTH}<Initiated>${TIME}</Initiated>` +
      (UPLOAD_CHECKSUMS[id] ?? "") +
      "</Upload></ListMultipartUploadsResult>",
  );
});

test("ListParts: the initiator has a name, the owner an id alone", async () => {
  await using answers = await AnswerServer.start();
  const text = await document(answers, {
    method: "GET",
    path: "/bucket/upload",
    query: { uploadId: "{uploadId}", "max-parts": "1" },
  });
  assert.equal(
    text.slice(0, text.indexOf("<Part>")),
    `<ListPartsResult><Bucket>bucket</Bucket><Key>upload</Key><UploadId>{uploadId}</UploadId>${BOTH}` +
      "<PartNumberMarker>0</PartNumberMarker><NextPartNumberMarker>1</NextPartNumberMarker><MaxParts>1</MaxParts>" +
      "<IsTruncated>true</IsTruncated>",
  );
});

function told(answer: RawAnswer): unknown[] {
  const headers = ["location", "x-amz-bucket-arn", "x-amz-bucket-region", "x-amz-access-point-alias", "content-type"];
  return [answer.status, ...headers.map((name) => answer.headers.get(name))];
}

test("CreateBucket: answers with the bucket's ARN, and with its path in us-east-1, its address elsewhere", async () => {
  await using answers = await AnswerServer.startEmpty();
  const asked: Asked = { method: "PUT", path: "/new-bucket" };
  const arn = "arn:aws:s3:::new-bucket";
  assert.deepEqual(told(await answers.send(asked, "header")), [200, "/new-bucket", arn, undefined, undefined, undefined]);
  const options = { region: "eu-west-1", domains: ["s3.test"] };
  const body = "<CreateBucketConfiguration><LocationConstraint>eu-west-1</LocationConstraint></CreateBucketConfiguration>";
  for (const host of [undefined, "new-bucket.s3.test"]) {
    await using elsewhere = await AnswerServer.start(options);
    const sent = host === undefined ? asked : { ...asked, path: "/", headers: { Host: host } };
    const answer = await elsewhere.send({ ...sent, body }, "header");
    const location = host === undefined ? `http://${elsewhere.host}/new-bucket/` : `http://${host}/`;
    assert.deepEqual(told(answer), [200, location, arn, undefined, undefined, undefined]);
  }
});

test("HeadBucket: tells region and ARN, and says that it is a document", async () => {
  await using answers = await AnswerServer.start({ region: "eu-west-1" });
  const answer = await answers.send({ method: "HEAD", path: "/bucket" }, "header");
  assert.deepEqual(told(answer), [200, undefined, "arn:aws:s3:::bucket", "eu-west-1", "false", "application/xml"]);
});

test("HeadBucket: a 403 tells the region of a bucket that is there, whatever the reason", async () => {
  await using answers = await AnswerServer.start({ region: "eu-west-1" });
  const spoiled = (path: string, what: RegExp, by: string) => {
    const request = answers.signed({ method: "HEAD", path }, "header");
    const authorization = request.headers["Authorization"]!;
    assert.match(authorization, what);
    return { ...request, headers: { ...request.headers, Authorization: authorization.replace(what, by) } };
  };
  const refusals = (path: string) => [
    answers.signed({ method: "HEAD", path }, "anonymous"),
    spoiled(path, /Signature=.{4}/, "Signature=0000"),
    spoiled(path, /Credential=[^/]+/, "Credential=HFNOBODYNOBODYNOBO"),
  ];
  const region = [403, undefined, undefined, "eu-west-1", undefined, "application/xml"];
  assert.deepEqual(told(await answers.send({ method: "HEAD", path: "/bucket" }, "stranger")), region);
  for (const request of refusals("/bucket")) assert.deepEqual(told(await answers.sendSigned(request)), region);
  for (const request of refusals("/nobucket")) {
    assert.equal((await answers.sendSigned(request)).headers.get("x-amz-bucket-region"), undefined);
  }
  // What a HEAD of an object is told has no region.
  const object = await answers.send({ method: "HEAD", path: "/bucket/key" }, "anonymous");
  assert.deepEqual([object.status, object.headers.get("x-amz-bucket-region")], [403, undefined]);
});
