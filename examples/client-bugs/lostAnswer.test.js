// A write on the condition that nothing is there succeeds, its answer is lost, and the retry finds what the first attempt wrote: a 412 that means
// success. Clients that retry by themselves report a conflict with nobody:
//   https://github.com/aws/aws-sdk-java-v2/issues/6580
import assert from "node:assert/strict";
import { test } from "node:test";
import { HeadObjectCommand, PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { client, holdfast } from "./store.js";

const retrying = new S3Client({ ...holdfast.clientConfig(), maxAttempts: 3 });

function loseTheAnswer() {
  return holdfast.faults.add({
    match: { operations: ["PutObject"] },
    chance: { times: 1 },
    action: { kind: "disconnect", how: "reset" },
    stage: "afterCommit",
  });
}

test("careless: the SDK retries, and tells its caller that somebody else was first", async () => {
  await loseTheAnswer();
  const write = retrying.send(new PutObjectCommand({ Bucket: "bucket", Key: "lock", Body: "mine", IfNoneMatch: "*" }));
  await assert.rejects(write, { name: "PreconditionFailed" });
});

test("careful: the writer leaves its mark, and looks whose the object is before it gives up", async () => {
  const take = async (owner) => {
    try {
      const lock = { Bucket: "bucket", Key: "lock", Body: "lock", Metadata: { owner }, IfNoneMatch: "*" };
      await retrying.send(new PutObjectCommand(lock));
      return true;
    } catch (cause) {
      if (cause.name !== "PreconditionFailed") throw cause;
      const { Metadata } = await client.send(new HeadObjectCommand({ Bucket: "bucket", Key: "lock" }));
      return Metadata.owner === owner;
    }
  };
  await loseTheAnswer();
  assert.equal(await take("first"), true);
  assert.equal(await take("second"), false);
  const writes = await holdfast.requests({ operations: ["PutObject"], key: "lock" });
  assert.deepEqual(
    writes.map(({ errorCode }) => errorCode),
    [undefined, "PreconditionFailed", "PreconditionFailed"],
  );
});
