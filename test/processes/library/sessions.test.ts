import assert from "node:assert/strict";
import { test } from "node:test";
import { CreateBucketCommand, ListObjectsV2Command, S3Client } from "@aws-sdk/client-s3";
import { GetSessionTokenCommand, STSClient } from "@aws-sdk/client-sts";
import { Holdfast } from "../../../src/index.ts";
import { newFolder } from "../../newFolder.ts";

/** So many connections, each of which may reach another worker. */
const CONNECTIONS = 8;

for (const workers of [1, 2]) {
  test(`sessions: every worker knows them, and they outlive a restart (workers: ${workers})`, async (t) => {
    const data = newFolder(t);
    const options = { data, workers, accessKeyId: "HFTEST", secretAccessKey: "a-secret-for-tests" };
    const server = await Holdfast.start(options);
    const root = { ...server.clientConfig(), maxAttempts: 1 };
    await new S3Client(root).send(new CreateBucketCommand({ Bucket: "bucket" }));
    const asked = Array.from({ length: CONNECTIONS }, () => new STSClient(root).send(new GetSessionTokenCommand({})));
    const sessions = (await Promise.all(asked)).map(({ Credentials: made }) => ({
      accessKeyId: made!.AccessKeyId!,
      secretAccessKey: made!.SecretAccessKey!,
      sessionToken: made!.SessionToken!,
    }));
    const useAll = async (config: typeof root): Promise<void> => {
      const used = sessions.map((credentials) =>
        new S3Client({ ...config, credentials }).send(new ListObjectsV2Command({ Bucket: "bucket" })),
      );
      for (const { KeyCount } of await Promise.all(used)) assert.equal(KeyCount, 0);
    };
    await useAll(root);
    await server.stop();
    await using again = await Holdfast.start(options);
    await useAll({ ...again.clientConfig(), maxAttempts: 1 });
  });
}
