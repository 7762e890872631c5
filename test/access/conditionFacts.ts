import type { RequestFacts, ResourceFacts } from "../../src/access/conditionKeys/ConditionKey.ts";
import { NO_DOCUMENT } from "../../src/access/conditionKeys/RequestDocument.ts";
import { NO_RESOURCE_FACTS, RequestConditions } from "../../src/access/conditions.ts";
import { ANONYMOUS } from "../../src/auth/authenticate.ts";
import type { SignedCaller } from "../../src/auth/Caller.ts";
import { rootCaller } from "../../src/auth/rootCaller.ts";
import type { Session } from "../../src/auth/Session.ts";
import type { OperationName } from "../../src/protocol/generated/types.ts";
import { RestRequest } from "../../src/protocol/rest/RestRequest.ts";
import { wireRequest } from "../protocol/wireRequest.ts";

/** Requests, callers and resources that conditions are asked about. */

export const NOW_MS: number = Date.UTC(2026, 2, 1, 12, 0, 0, 250);

/** What is known of an unsigned request for an operation. */
export function factsOf(
  operation: OperationName,
  target: string,
  headers: Readonly<Record<string, string>> = {},
  more: Partial<RequestFacts> = {},
): RequestFacts {
  const request = { ...wireRequest("GET", target, headers), secure: true, remoteAddress: "192.0.2.1" };
  const sent = new RestRequest(operation, request, undefined);
  const facts = { caller: ANONYMOUS, signature: undefined, nowMs: NOW_MS, region: "eu-west-1", document: NO_DOCUMENT };
  return { request, sent, createsObject: true, ...facts, ...more };
}

/** The values of a key, spelled as AWS spells it. */
export function valuesOf(
  key: string,
  facts: RequestFacts,
  action: string,
  resource: Partial<ResourceFacts> = {},
): readonly string[] | undefined {
  return new RequestConditions(facts, action, { ...NO_RESOURCE_FACTS, ...resource }).values(key.toLowerCase());
}

export const ROOT: SignedCaller = rootCaller(
  { accountId: "111122223333", canonicalId: "a".repeat(64), displayName: "ann" },
  "AKIATESTTESTTEST",
);

export const USER: SignedCaller = {
  ...ROOT,
  kind: "user",
  arn: "arn:aws:iam::111122223333:user/team/bob",
  principalArn: "arn:aws:iam::111122223333:user/team/bob",
  userId: "AIDATESTTESTTEST",
  userName: "bob",
  tags: { Team: "blue", "cost/center": "7" },
};

export const SESSION: Session = {
  kind: "AssumeRole",
  issuedAtMs: Date.UTC(2026, 2, 1, 11),
  expiresAtMs: Date.UTC(2026, 2, 1, 13),
  mfaAtMs: undefined,
  sourceIdentity: undefined,
  transitiveTagKeys: [],
  federatedProvider: undefined,
  policies: undefined,
  policyArns: [],
};

export const ROLE: SignedCaller = {
  ...ROOT,
  kind: "assumed-role",
  arn: "arn:aws:sts::111122223333:assumed-role/reader/session",
  principalArn: "arn:aws:iam::111122223333:role/reader",
  userId: "AROATESTTESTTEST:session",
  session: SESSION,
};

export const FEDERATED: SignedCaller = {
  ...ROOT,
  kind: "federated-user",
  arn: "arn:aws:sts::111122223333:federated-user/guest",
  principalArn: "arn:aws:sts::111122223333:federated-user/guest",
  userId: "111122223333:guest",
  userName: "bob",
  session: { ...SESSION, kind: "GetFederationToken" },
};
