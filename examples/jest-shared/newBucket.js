const { randomUUID } = require("node:crypto");
const { CreateBucketCommand, S3Client } = require("@aws-sdk/client-s3");

/** The SDK finds endpoint, region and keys in the environment. */
const client = new S3Client({ forcePathStyle: true });

/** A bucket that no other test has, of whatever file. */
async function newBucket() {
  const bucket = `test-${randomUUID()}`;
  await client.send(new CreateBucketCommand({ Bucket: bucket }));
  return bucket;
}

module.exports = { client, newBucket };
