import assert from "node:assert/strict";
import { test } from "node:test";
import { ALLOW_ALL, IamServer, refusal, trusting } from "./IamServer.ts";

/** Whose policies a test is about: the same operations are there for each. */
type Kind = "Group" | "Role" | "User";

type Answer = Readonly<Record<string, unknown>>;

const READ_ONLY = JSON.stringify({ Version: "2012-10-17", Statement: [{ Effect: "Allow", Action: "iam:Get*", Resource: "*" }] });

/** A server with a policy, and a user, group or role called "one", unless `isThere` is false. */
class Holding {
  readonly server: IamServer;
  readonly policyArn: string;
  readonly #kind: Kind;

  private constructor(server: IamServer, kind: Kind, policyArn: string) {
    this.server = server;
    this.#kind = kind;
    this.policyArn = policyArn;
  }

  static async start(kind: Kind, isThere: boolean = true): Promise<Holding> {
    const server = await IamServer.start();
    const { iam, accountId } = server;
    const { Policy } = await iam.createPolicy({ PolicyName: "p", PolicyDocument: ALLOW_ALL });
    if (isThere && kind === "User") await iam.createUser({ UserName: "one" });
    if (isThere && kind === "Group") await iam.createGroup({ GroupName: "one" });
    if (isThere && kind === "Role") await iam.createRole({ RoleName: "one", AssumeRolePolicyDocument: trusting(accountId) });
    return new Holding(server, kind, Policy!.Arn!);
  }

  /** Asks for an operation by its name, in which KIND stands for whose it is. */
  ask(operation: string, input: Answer = {}): Promise<Answer> {
    const methods = this.server.iam as unknown as Readonly<Record<string, (input: Answer) => Promise<Answer>>>;
    const name = operation.replace("KIND", this.#kind);
    return methods[name]!.call(this.server.iam, { [`${this.#kind}Name`]: "one", ...input });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.server[Symbol.asyncDispose]();
  }
}

async function attaches(kind: Kind): Promise<void> {
  await using holding = await Holding.start(kind);
  const PolicyArn = holding.policyArn;
  await holding.ask("attachKINDPolicy", { PolicyArn });
  await holding.ask("attachKINDPolicy", { PolicyArn });
  assert.deepEqual((await holding.ask("listAttachedKINDPolicies"))["AttachedPolicies"], [{ PolicyName: "p", PolicyArn }]);
  const other = holding.ask("attachKINDPolicy", { PolicyArn: holding.server.arn("policy/other") });
  assert.deepEqual((await refusal(other)).slice(0, 2), [404, "NoSuchEntityException"]);
}

async function detaches(kind: Kind): Promise<void> {
  await using holding = await Holding.start(kind);
  const PolicyArn = holding.policyArn;
  await holding.ask("attachKINDPolicy", { PolicyArn });
  await holding.ask("detachKINDPolicy", { PolicyArn });
  assert.deepEqual((await holding.ask("listAttachedKINDPolicies"))["AttachedPolicies"], []);
  const again = await refusal(holding.ask("detachKINDPolicy", { PolicyArn }));
  assert.deepEqual(again.slice(0, 2), [404, "NoSuchEntityException"]);
}

async function listsAttached(kind: Kind): Promise<void> {
  await using holding = await Holding.start(kind);
  await holding.server.iam.createPolicy({ PolicyName: "q", Path: "/x/", PolicyDocument: ALLOW_ALL });
  await holding.ask("attachKINDPolicy", { PolicyArn: holding.policyArn });
  await holding.ask("attachKINDPolicy", { PolicyArn: holding.server.arn("policy/x/q") });
  const first = await holding.ask("listAttachedKINDPolicies", { MaxItems: 1 });
  assert.equal(first["IsTruncated"], true);
  const second = await holding.ask("listAttachedKINDPolicies", { MaxItems: 1, Marker: first["Marker"] });
  assert.equal(second["IsTruncated"], false);
  const below = await holding.ask("listAttachedKINDPolicies", { PathPrefix: "/x/" });
  assert.deepEqual(below["AttachedPolicies"], [{ PolicyName: "q", PolicyArn: holding.server.arn("policy/x/q") }]);
}

async function puts(kind: Kind): Promise<void> {
  await using holding = await Holding.start(kind);
  const put = (PolicyDocument: string): Promise<Answer> => holding.ask("putKINDPolicy", { PolicyName: "own", PolicyDocument });
  await put(ALLOW_ALL);
  await put(READ_ONLY);
  const { PolicyDocument } = await holding.ask("getKINDPolicy", { PolicyName: "own" });
  assert.equal(decodeURIComponent(PolicyDocument as string), READ_ONLY);
  assert.deepEqual((await refusal(put("{}"))).slice(0, 2), [400, "MalformedPolicyDocumentException"]);
}

async function shows(kind: Kind): Promise<void> {
  await using holding = await Holding.start(kind);
  await holding.ask("putKINDPolicy", { PolicyName: "own", PolicyDocument: READ_ONLY });
  const shown = await holding.ask("getKINDPolicy", { PolicyName: "own" });
  assert.deepEqual([shown["PolicyName"], shown[`${kind}Name`]], ["own", "one"]);
  assert.match(shown["PolicyDocument"] as string, /^%7B%22Version%22%3A.*iam%3AGet%2A/);
  const other = await refusal(holding.ask("getKINDPolicy", { PolicyName: "other" }));
  assert.deepEqual(other.slice(0, 2), [404, "NoSuchEntityException"]);
}

async function deletes(kind: Kind): Promise<void> {
  await using holding = await Holding.start(kind);
  await holding.ask("putKINDPolicy", { PolicyName: "own", PolicyDocument: READ_ONLY });
  await holding.ask("deleteKINDPolicy", { PolicyName: "own" });
  assert.deepEqual((await holding.ask("listKINDPolicies"))["PolicyNames"], []);
  const again = await refusal(holding.ask("deleteKINDPolicy", { PolicyName: "own" }));
  assert.deepEqual(again.slice(0, 2), [404, "NoSuchEntityException"]);
}

async function lists(kind: Kind): Promise<void> {
  await using holding = await Holding.start(kind);
  for (const PolicyName of ["b", "a"]) await holding.ask("putKINDPolicy", { PolicyName, PolicyDocument: READ_ONLY });
  const first = await holding.ask("listKINDPolicies", { MaxItems: 1 });
  assert.deepEqual([first["PolicyNames"], first["IsTruncated"]], [["a"], true]);
  const second = await holding.ask("listKINDPolicies", { Marker: first["Marker"] });
  assert.deepEqual([second["PolicyNames"], second["IsTruncated"]], [["b"], false]);
}

async function refusesStrangers(kind: Kind): Promise<void> {
  await using holding = await Holding.start(kind, false);
  for (const [operation, input] of [
    ["attachKINDPolicy", { PolicyArn: holding.policyArn }],
    ["detachKINDPolicy", { PolicyArn: holding.policyArn }],
    ["listAttachedKINDPolicies", {}],
    ["putKINDPolicy", { PolicyName: "own", PolicyDocument: READ_ONLY }],
    ["getKINDPolicy", { PolicyName: "own" }],
    ["deleteKINDPolicy", { PolicyName: "own" }],
    ["listKINDPolicies", {}],
  ] as const) {
    assert.deepEqual((await refusal(holding.ask(operation, input))).slice(0, 2), [404, "NoSuchEntityException"], operation);
  }
}

test("AttachUserPolicy: attaches a policy that is there, once", () => attaches("User"));
test("DetachUserPolicy: detaches what is attached", () => detaches("User"));
test("ListAttachedUserPolicies: lists them in pages, and below a path", () => listsAttached("User"));
test("PutUserPolicy: sets a policy in place of one of its name, once it is read", () => puts("User"));
test("GetUserPolicy: shows a document percent-encoded", () => shows("User"));
test("DeleteUserPolicy: deletes what is there", () => deletes("User"));
test("ListUserPolicies: lists names in pages", () => lists("User"));
test("PutUserPolicy: and its kin refuse a user that is not there", () => refusesStrangers("User"));

test("AttachGroupPolicy: attaches a policy that is there, once", () => attaches("Group"));
test("DetachGroupPolicy: detaches what is attached", () => detaches("Group"));
test("ListAttachedGroupPolicies: lists them in pages, and below a path", () => listsAttached("Group"));
test("PutGroupPolicy: sets a policy in place of one of its name, once it is read", () => puts("Group"));
test("GetGroupPolicy: shows a document percent-encoded", () => shows("Group"));
test("DeleteGroupPolicy: deletes what is there", () => deletes("Group"));
test("ListGroupPolicies: lists names in pages", () => lists("Group"));
test("PutGroupPolicy: and its kin refuse a group that is not there", () => refusesStrangers("Group"));

test("AttachRolePolicy: attaches a policy that is there, once", () => attaches("Role"));
test("DetachRolePolicy: detaches what is attached", () => detaches("Role"));
test("ListAttachedRolePolicies: lists them in pages, and below a path", () => listsAttached("Role"));
test("PutRolePolicy: sets a policy in place of one of its name, once it is read", () => puts("Role"));
test("GetRolePolicy: shows a document percent-encoded", () => shows("Role"));
test("DeleteRolePolicy: deletes what is there", () => deletes("Role"));
test("ListRolePolicies: lists names in pages", () => lists("Role"));
test("PutRolePolicy: and its kin refuse a role that is not there", () => refusesStrangers("Role"));
