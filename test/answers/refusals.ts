import assert from "node:assert/strict";
import { nodeHttp } from "../../src/server/http/nodeHttp.ts";
import { after, before, test } from "node:test";
import type { RawAnswer } from "../server/RawConnection.ts";
import type { Asked, Sender } from "./AnswerServer.ts";
import { AnswerServer } from "./AnswerServer.ts";

/**
 * A refusal, to the byte. Everything that is not said here follows from it: order of the elements, headers, the end of the connection.
 */
export interface Refusal {
  readonly status: number;
  readonly code: string;
  readonly message: string;
  /** The elements between Message and Details, in their order. */
  readonly details?: Readonly<Record<string, string>>;
  /** Details: what the answer says of this very request. */
  readonly says: string;
  /** Headers beyond those of every error, by lower-case name. */
  readonly headers?: Readonly<Record<string, string>>;
}

/**
 * When a request is refused, and so whom: "early" before it is known what its sender may do, "user" whoever signs, "operation" only who
 * may do it, while others are denied access.
 */
export type Stage = "early" | "user" | "operation";

/** One cause of a refusal. */
export interface Row {
  readonly cause: string;
  readonly asked: Asked;
  readonly stage?: Stage;
  readonly answer: Refusal;
  /** True when the body must be read to find the cause; the connection then goes on where the status lets it. */
  readonly readsBody?: boolean;
  /** False for the operations whose errors have no XML declaration. */
  readonly declaration?: boolean;
  /** What nobody is told who does not sign, where it is not that the bucket is not public. */
  readonly anonymous?: string;
  /** Senders for whom another row says what they get. */
  readonly except?: readonly Sender[];
}

/** Declares a test for each row: sent by everybody, it gets exactly its answer, and the store stays as it was. */
export function refusals(operation: string, rows: readonly Row[], region = "us-east-1"): void {
  let answers: AnswerServer;
  before(async () => (answers = await AnswerServer.start({ region })));
  after(() => answers[Symbol.asyncDispose]());
  for (const row of rows) {
    const { status, code } = row.answer;
    test(`${operation}: ${row.cause} answers ${status} ${code}`, async () => {
      const fingerprint = await answers.fingerprint();
      for (const sender of ["header", "presigned", "stranger", "anonymous"] as const) {
        if (row.except?.includes(sender) === true) continue;
        const answer = await answers.send(row.asked, sender);
        checkAnswer(answers, row, sender, answer);
      }
      assert.equal(await answers.fingerprint(), fingerprint, "the store has changed");
    });
  }
}

/** Most characters that Details may have: one or two sentences, whatever the request held. */
const MAX_DETAILS_CHARACTERS = 500;

function checkAnswer(answers: AnswerServer, row: Row, sender: Sender, answer: RawAnswer): void {
  const denied = sender === "stranger" || sender === "anonymous" ? deniedTo(row, sender) : undefined;
  const expected = denied === undefined ? row.answer : { ...denied, says: saidIn(answer) ?? "" };
  if (denied !== undefined && row.asked.method !== "HEAD") assert.match(expected.says, denied.says, sender);
  const readsBody = denied === undefined && row.readsBody === true;
  assertRefusal(answers, { ...row, answer: expected, readsBody }, answer, `sent by ${sender}`);
}

/** Compares an answer with a row's: status line, headers, body. */
export function assertRefusal(answers: AnswerServer, row: Row, answer: RawAnswer, message?: string): void {
  const { status } = row.answer;
  const headers = Object.fromEntries([...answer.headers].map(([name, value]) => [name, shownHeader(name, value)]));
  assert.deepEqual(
    { status: `${answer.status} ${answer.reason}`, headers, body: answers.masked(answer.body) },
    { status: `${status} ${nodeHttp.STATUS_CODES[status]}`, ...expectedAnswer(row) },
    message,
  );
  assert.ok(row.answer.says.length <= MAX_DETAILS_CHARACTERS, "Details is long");
}

/** What those get who may not do what the row does; `undefined` when they get the row's own answer. */
function deniedTo(row: Row, sender: "stranger" | "anonymous"): (Omit<Refusal, "says"> & { readonly says: RegExp }) | undefined {
  if (row.stage === "early" || (row.stage === "user" && sender === "stranger")) return undefined;
  const denial = { status: 403, code: "AccessDenied", message: "Access Denied" };
  if (sender === "stranger")
    return {
      ...denial,
      says: /^The bucket belongs to another account than stranger, to whom this is not allowed; this needs s3:\w+\.$/,
    };
  if (row.anonymous !== undefined) return { ...denial, message: row.anonymous, says: /not signed/ };
  return { ...denial, says: /^The request is not signed, and the bucket is not public; this needs s3:\w+\.$/ };
}

/** The headers and the body of a row's answer. */
function expectedAnswer(row: Row): { readonly headers: Readonly<Record<string, string>>; readonly body: string } {
  const { asked, answer, readsBody = false, declaration = true } = row;
  const bodiless = asked.method === "HEAD" || answer.status === 304;
  const path = decodeURIComponent(asked.path);
  const elements = { ...answer.details, Details: answer.says, Resource: path, RequestId: "*", HostId: "*" };
  const inner = Object.entries({ Code: answer.code, Message: answer.message, ...elements }).map(([name, text]) =>
    text === "" ? `<${name}/>` : `<${name}>${escaped(text)}</${name}>`,
  );
  const body = `${declaration ? '<?xml version="1.0" encoding="UTF-8"?>\n' : ""}<Error>${inner.join("")}</Error>`;
  const isUnread = (asked.body ?? "").length > 0 && !readsBody;
  const isClosed = answer.status === 400 || answer.status === 503 || isUnread || isRefusedWrite(answer, asked);
  const framing = isUnread ? { "content-length": "*" } : { "transfer-encoding": "chunked" };
  const headers = {
    "x-amz-id-2": "*",
    "x-amz-request-id": "*",
    date: "*",
    server: "AmazonS3",
    ...(answer.status === 304 ? {} : { "content-type": "application/xml", ...framing }),
    ...(isClosed ? { connection: "close" } : {}),
    ...answer.headers,
  };
  return { headers, body: bodiless ? "" : body };
}

function isRefusedWrite(answer: Refusal, { method }: Asked): boolean {
  return answer.status === 403 && method !== "GET" && method !== "HEAD";
}

/** Headers that differ from run to run. */
const VARYING_HEADERS: ReadonlyMap<string, RegExp> = new Map([
  ["x-amz-id-2", /^[A-Za-z0-9+/]{76}$/],
  ["x-amz-request-id", /^[0-9A-HJKMNP-TV-Z]{16}$/],
  ["date", /^\w{3}, \d\d \w{3} \d{4} \d\d:\d\d:\d\d GMT$/],
  ["content-length", /^\d+$/],
]);

function shownHeader(name: string, value: string): string {
  return VARYING_HEADERS.get(name)?.test(value) === true ? "*" : value;
}

function saidIn({ body }: RawAnswer): string | undefined {
  const text = /<Details>([^<]*)<\/Details>/.exec(body)?.[1];
  return text?.replaceAll("&lt;", "<").replaceAll("&gt;", ">").replaceAll("&quot;", '"').replaceAll("&amp;", "&");
}

function escaped(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;");
}

/** InvalidArgument, which names the argument, and its value where there is one to show. */
export function invalidArgument(message: string, name: string, value: string | undefined, says: string): Refusal {
  const details = { ArgumentName: name, ...(value === undefined ? {} : { ArgumentValue: value }) };
  return { status: 400, code: "InvalidArgument", message, details, says };
}

/** InvalidRequest, which has no details. */
export function invalidRequest(message: string, says: string): Refusal {
  return { status: 400, code: "InvalidRequest", message, says };
}

/** MalformedXML, which has one message for everything. */
export function malformedXml(says: string): Refusal {
  const message = "The XML you provided was not well-formed or did not validate against our published schema";
  return { status: 400, code: "MalformedXML", message, says };
}
