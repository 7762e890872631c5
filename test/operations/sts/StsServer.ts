import assert from "node:assert/strict";
import {
  CreateAccessKeyCommand,
  CreatePolicyCommand,
  CreateRoleCommand,
  CreateUserCommand,
  IAMClient,
  PutRolePolicyCommand,
  PutUserPermissionsBoundaryCommand,
  PutUserPolicyCommand,
} from "@aws-sdk/client-iam";
import { S3Client } from "@aws-sdk/client-s3";
import type { Credentials } from "@aws-sdk/client-sts";
import { STSClient } from "@aws-sdk/client-sts";
import { addAccount } from "../../../src/store/accounts/accounts.ts";
import { accountIdOf } from "../../../src/store/accounts/accountIds.ts";
import { addMfaDevice, enableMfaDevice } from "../../../src/store/accounts/mfaDevices.ts";
import { codesOf, STEP_MS } from "../../store/accounts/authenticator.ts";
import type { TestServerOptions } from "../../server/TestServer.ts";
import { ACCESS_KEY_ID, SECRET_ACCESS_KEY, TestServer } from "../../server/TestServer.ts";

/** What the SDK's clients sign with. */
export interface Keys {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
}

/** When tests begin. */
export const START_MS: number = Date.UTC(2026, 2, 1, 12);

/** A server in this process, asked by the real clients of STS, IAM and S3; its time is the test's. */
export class StsServer implements AsyncDisposable {
  readonly server: TestServer;
  readonly root: Keys = { accessKeyId: ACCESS_KEY_ID, secretAccessKey: SECRET_ACCESS_KEY };
  readonly accountId: string;
  readonly #time: { nowMs: number };
  readonly #clients: { destroy(): void }[] = [];

  private constructor(server: TestServer, accountId: string, time: { nowMs: number }) {
    this.server = server;
    this.accountId = accountId;
    this.#time = time;
  }

  static async start(options: TestServerOptions = {}): Promise<StsServer> {
    const time = { nowMs: START_MS };
    const server = await TestServer.start({ clock: () => time.nowMs, realClock: Date.now, mfaWithoutTls: true, ...options });
    const { accountId } = (await server.service.credentials.find(ACCESS_KEY_ID))!.caller;
    return new StsServer(server, accountId, time);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const client of this.#clients) client.destroy();
    await this.server[Symbol.asyncDispose]();
  }

  get nowMs(): number {
    return this.#time.nowMs;
  }

  /** Moves the server's time on; that of clients stays real. */
  pass(seconds: number): void {
    this.#time.nowMs += seconds * 1000;
  }

  sts(credentials: Keys = this.root): STSClient {
    return this.#keep(new STSClient(this.#options(credentials)));
  }

  iam(credentials: Keys = this.root): IAMClient {
    return this.#keep(new IAMClient(this.#options(credentials)));
  }

  s3(credentials: Keys = this.root): S3Client {
    return this.#keep(new S3Client({ ...this.#options(credentials), forcePathStyle: true }));
  }

  #options(credentials: Keys): Options {
    const endpoint = `http://127.0.0.1:${this.server.port}`;
    return { endpoint, region: "us-east-1", credentials, maxAttempts: 1 };
  }

  #keep<Client extends { destroy(): void }>(client: Client): Client {
    this.#clients.push(client);
    return client;
  }

  /** Makes a user with a key and these statements for a policy. */
  user(name: string, ...statements: readonly object[]): Promise<User> {
    return StsServer.user(this, this.root, name, ...statements);
  }

  /** The same in another account, by its root. */
  static async user(server: StsServer, root: Keys, name: string, ...statements: readonly object[]): Promise<User> {
    const iam = server.iam(root);
    const { User } = await iam.send(new CreateUserCommand({ UserName: name }));
    if (statements.length > 0) {
      await iam.send(new PutUserPolicyCommand({ UserName: name, PolicyName: "own", PolicyDocument: policy(...statements) }));
    }
    const { AccessKey } = await iam.send(new CreateAccessKeyCommand({ UserName: name }));
    return {
      accessKeyId: AccessKey!.AccessKeyId!,
      secretAccessKey: AccessKey!.SecretAccessKey!,
      arn: User!.Arn!,
      userId: User!.UserId!,
    };
  }

  /** Makes a role with a trust policy of these statements, which may read the test's bucket. */
  async role(
    name: string,
    trusted: readonly object[],
    options: RoleOptions = {},
  ): Promise<{ readonly arn: string; readonly roleId: string }> {
    const { allow: allowed = ["s3:GetObject", "s3:ListBucket"], ...more } = options;
    const iam = this.iam();
    const { Role } = await iam.send(
      new CreateRoleCommand({ RoleName: name, AssumeRolePolicyDocument: policy(...trusted), ...more }),
    );
    if (allowed.length > 0) {
      const document = policy(allow(...allowed));
      await iam.send(new PutRolePolicyCommand({ RoleName: name, PolicyName: "own", PolicyDocument: document }));
    }
    return { arn: Role!.Arn!, roleId: Role!.RoleId! };
  }

  /** Makes a managed policy. */
  async managedPolicy(name: string, ...statements: readonly object[]): Promise<string> {
    const made = await this.iam().send(new CreatePolicyCommand({ PolicyName: name, PolicyDocument: policy(...statements) }));
    return made.Policy!.Arn!;
  }

  /** Gives a role these statements, in place of those it has. */
  async rolePolicy(name: string, ...statements: readonly object[]): Promise<void> {
    const document = policy(...statements);
    await this.iam().send(new PutRolePolicyCommand({ RoleName: name, PolicyName: "own", PolicyDocument: document }));
  }

  /** Bounds what a user may. */
  async bound(name: string, arn: string): Promise<void> {
    await this.iam().send(new PutUserPermissionsBoundaryCommand({ UserName: name, PermissionsBoundary: arn }));
  }

  /** Gives the root, or a user, an MFA device in use; `code` is always the next one that counts, until it is used. */
  async mfaDevice(userName?: string): Promise<{ readonly serial: string; readonly code: () => string }> {
    const { store } = this.server;
    const { serial, secret } = await addMfaDevice(store, "tester", userName);
    await enableMfaDevice(store, "tester", codesOf(secret, Date.now()), userName);
    // The one after those that enabled it, which is within the drift of clocks.
    return { serial, code: () => codesOf(secret, Date.now() + STEP_MS)[1] };
  }

  /** Makes another account, with its root's key. */
  async account(name: string): Promise<Keys & { readonly accountId: string }> {
    const { accessKeyId, secretAccessKey, canonicalId } = await addAccount(this.server.store, { name });
    return { accessKeyId, secretAccessKey, accountId: accountIdOf(canonicalId) };
  }
}

/** A user, with a key. */
export interface User extends Keys {
  readonly arn: string;
  /** AIDA… */
  readonly userId: string;
}

interface Options {
  readonly endpoint: string;
  readonly region: string;
  readonly credentials: Keys;
  readonly maxAttempts: number;
}

interface RoleOptions {
  readonly allow?: readonly string[];
  readonly MaxSessionDuration?: number;
  readonly Path?: string;
  readonly Tags?: { readonly Key: string; readonly Value: string }[];
}

/** A policy's document. */
export function policy(...statements: readonly object[]): string {
  return JSON.stringify({ Version: "2012-10-17", Statement: statements });
}

/** A statement that allows these actions on everything. */
export function allow(...actions: readonly string[]): object {
  return { Effect: "Allow", Action: actions, Resource: "*" };
}

/** A statement of a trust policy. */
export function trust(principal: object, actions: readonly string[] = ["sts:AssumeRole"], condition?: object): object {
  return { Effect: "Allow", Principal: principal, Action: actions, ...(condition !== undefined && { Condition: condition }) };
}

/** What clients make of the credentials of an answer. */
export function keysOf(credentials: Credentials | undefined): Required<Keys> {
  assert.ok(credentials !== undefined);
  const { AccessKeyId, SecretAccessKey, SessionToken } = credentials;
  return { accessKeyId: AccessKeyId!, secretAccessKey: SecretAccessKey!, sessionToken: SessionToken! };
}

/** What an answer has to say that refuses. */
export interface ExpectedRefusal {
  /** As the SDK calls it: for some codes with "Exception" behind. */
  readonly name: string;
  readonly status: number;
  readonly message: string | RegExp;
}

/** Makes sure that a request of the SDK's is refused like this. */
export async function refused(sent: Promise<unknown>, { name, status, message }: ExpectedRefusal): Promise<void> {
  const error = await sent.then(
    () => assert.fail(`expected ${name}`),
    (cause: unknown) => cause as Error & { readonly $metadata?: { readonly httpStatusCode?: number } },
  );
  assert.deepEqual([error.name, error.$metadata?.httpStatusCode], [name, status], error.message);
  if (typeof message === "string") assert.equal(error.message, message);
  else assert.match(error.message, message);
}
