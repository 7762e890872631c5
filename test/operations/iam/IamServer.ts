import assert from "node:assert/strict";
import type { IAMClientConfig } from "@aws-sdk/client-iam";
import { IAM } from "@aws-sdk/client-iam";
import { ACCESS_KEY_ID, SECRET_ACCESS_KEY, TestServer } from "../../server/TestServer.ts";

/** A policy that allows everything. */
export const ALLOW_ALL: string = JSON.stringify({
  Version: "2012-10-17",
  Statement: [{ Effect: "Allow", Action: "*", Resource: "*" }],
});

/** A trust policy by which everybody of an account may assume a role. */
export function trusting(accountId: string): string {
  const Principal = { AWS: `arn:aws:iam::${accountId}:root` };
  return JSON.stringify({ Version: "2012-10-17", Statement: [{ Effect: "Allow", Principal, Action: "sts:AssumeRole" }] });
}

/** A server, and the SDK's client of IAM for the root of its account. */
export class IamServer {
  readonly server: TestServer;
  readonly iam: IAM;
  /** Of the root's account. */
  readonly accountId: string;

  private constructor(server: TestServer, iam: IAM, accountId: string) {
    this.server = server;
    this.iam = iam;
    this.accountId = accountId;
  }

  static async start(): Promise<IamServer> {
    const server = await TestServer.start();
    const iam = clientOf(server);
    const { User } = await iam.getUser({});
    return new IamServer(server, iam, User!.UserId!);
  }

  /** The ARN of something in the account, such as "user/bob". */
  arn(what: string): string {
    return `arn:aws:iam::${this.accountId}:${what}`;
  }

  /** A client for another access key, or with other settings. */
  client(config: Partial<IAMClientConfig>): IAM {
    return clientOf(this.server, config);
  }

  /** A user, and a client that signs with an access key of theirs. */
  async userWithKey(UserName: string): Promise<IAM> {
    await this.iam.createUser({ UserName });
    const { AccessKey } = await this.iam.createAccessKey({ UserName });
    return this.client({ credentials: { accessKeyId: AccessKey!.AccessKeyId!, secretAccessKey: AccessKey!.SecretAccessKey! } });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.iam.destroy();
    await this.server[Symbol.asyncDispose]();
    assert.deepEqual(this.server.failures, []);
  }
}

function clientOf({ port }: TestServer, config: Partial<IAMClientConfig> = {}): IAM {
  return new IAM({
    endpoint: `http://127.0.0.1:${port}`,
    region: "us-east-1",
    credentials: { accessKeyId: ACCESS_KEY_ID, secretAccessKey: SECRET_ACCESS_KEY },
    maxAttempts: 1,
    ...config,
  });
}

/** What IAM refuses: status, name as the SDK has it, and message. */
export async function refusal(
  asked: Promise<unknown>,
): Promise<readonly [status: number | undefined, name: string, message: string]> {
  try {
    await asked;
  } catch (cause) {
    const { name, message, $metadata } = cause as Error & { readonly $metadata?: { readonly httpStatusCode?: number } };
    return [$metadata?.httpStatusCode, name, message];
  }
  return assert.fail("nothing was refused");
}
