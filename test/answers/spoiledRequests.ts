import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import type { Asked } from "./AnswerServer.ts";
import { AnswerServer } from "./AnswerServer.ts";
import type { Refusal } from "./refusals.ts";
import { assertRefusal } from "./refusals.ts";
import type { Sendable } from "./signing.ts";

/** Requests that are signed as they should be, and then changed in one place. */

/** What is asked for, whoever asks. */
export const GET: Asked = { method: "GET", path: "/bucket/key" };

/** One way to spoil a signed request. */
export interface Spoiled {
  readonly cause: string;
  readonly spoil: (request: Sendable) => Sendable;
  readonly answer: Refusal;
}

/** Declares a test for each row: the spoiled request gets exactly its answer, and the store stays as it was. */
export function refuses(how: string, sender: "header" | "presigned" | "anonymous", rows: readonly Spoiled[]): void {
  let answers: AnswerServer;
  before(async () => (answers = await AnswerServer.start()));
  after(() => answers[Symbol.asyncDispose]());
  for (const { cause, spoil, answer } of rows) {
    test(`${how}: ${cause} answers ${answer.status} ${answer.code}`, async () => {
      const fingerprint = await answers.fingerprint();
      const request = spoil(answers.signed(GET, sender));
      assertRefusal(answers, { cause, asked: request, answer }, await answers.sendSigned(request));
      assert.equal(await answers.fingerprint(), fingerprint);
    });
  }
}

/** Sets headers; `undefined` takes one away. */
export function headers(changes: Readonly<Record<string, string | undefined>>): Spoiled["spoil"] {
  return (request) => ({ ...request, headers: changed(request.headers, changes) });
}

/** Sets parameters; `undefined` takes one away. */
export function query(changes: Readonly<Record<string, string | undefined>>): Spoiled["spoil"] {
  return (request) => ({ ...request, query: changed(request.query, changes) });
}

function changed(
  texts: Readonly<Record<string, string>>,
  changes: Readonly<Record<string, string | undefined>>,
): Record<string, string> {
  return Object.fromEntries(
    Object.entries({ ...texts, ...changes }).flatMap(([name, text]) => (text === undefined ? [] : [[name, text]])),
  );
}

/** Replaces text in the Authorization header. */
export function authorization(from: string | RegExp, to: string): Spoiled["spoil"] {
  return (request) => headers({ Authorization: request.headers["Authorization"]!.replace(from, to) })(request);
}

/** What Details says of a signature that nothing explains but another secret; the host is masked, as answers are compared. */
export function otherSecret(asked: string, texts: string): string {
  return (
    "The access key exists, but its secret is most likely another one: none of the usual slips and changes on the way explains the signature. " +
    `The server was asked ${asked} at the host "{host}". If the secret is right, compare ${texts} with the client's line by line.`
  );
}
