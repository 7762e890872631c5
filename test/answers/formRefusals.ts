import assert from "node:assert/strict";
import type { FormOptions } from "../server/browserForms.ts";
import type { RawAnswer } from "../server/RawConnection.ts";
import type { AnswerServer } from "./AnswerServer.ts";

/** A refusal but for what every answer has, and its explanation. */
export interface Refusal {
  readonly status: number;
  readonly code: string;
  readonly message: string;
  readonly details: Readonly<Record<string, string>>;
}

const ELEMENT = /<([\w-]+)(?:\/>|>([^<]*)<\/\1>)/g;

function unescaped(text: string): string {
  return text.replaceAll("&quot;", '"').replaceAll("&lt;", "<").replaceAll("&gt;", ">").replaceAll("&amp;", "&");
}

/** What an answer says. It must be an error as REST has them, and explain itself. */
export function refusalIn({ status, headers, body }: RawAnswer): Refusal {
  assert.ok(body.startsWith('<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>'), `${status} ${body}`);
  assert.equal(headers.get("content-type"), "application/xml");
  const {
    Code: code,
    Message: message,
    Details: explanation,
    Resource,
    RequestId,
    HostId,
    ...details
  } = Object.fromEntries([...body.matchAll(ELEMENT)].map(([, name, text = ""]) => [name!, unescaped(text)]));
  assert.ok(explanation && !/undefined|NaN/.test(explanation), explanation);
  assert.ok(Resource && RequestId && HostId);
  return { status, code: code!, message: message!, details };
}

/** Sends what must be refused and change nothing. */
export async function refused(answers: AnswerServer, send: () => Promise<RawAnswer>): Promise<Refusal> {
  const fingerprint = await answers.fingerprint();
  const refusal = refusalIn(await send());
  assert.equal(await answers.fingerprint(), fingerprint, "the store has changed");
  return refusal;
}

export function invalidArgument(message: string, name: string, value: string, details = {}): Refusal {
  return { status: 400, code: "InvalidArgument", message, details: { ArgumentName: name, ArgumentValue: value, ...details } };
}

export function missing(name: string): Refusal {
  const message = `Bucket POST must contain a field named '${name}'.  If it is specified, please check the order of the fields.`;
  return invalidArgument(message, name, "");
}

export function invalidPolicy(message: string): Refusal {
  return { status: 400, code: "InvalidPolicyDocument", message, details: {} };
}

export function against(message: string): Refusal {
  return { status: 403, code: "AccessDenied", message, details: {} };
}

export function failing(condition: string): Refusal {
  return against(`Invalid according to Policy: Policy Condition failed: ${condition}`);
}

export function other(status: number, code: string, message: string, details = {}): Refusal {
  return { status, code, message, details };
}

export function without(...names: readonly string[]): FormOptions {
  return { spoil: (fields) => fields.filter(([name]) => !names.includes(name)) };
}

export function having(name: string, value: string): FormOptions {
  return { spoil: (fields) => fields.map((field) => (field[0] === name ? [name, value] : field)) };
}

/** A form whose policy has this condition beside what it needs. */
export function under(condition: unknown, more: FormOptions = {}): FormOptions {
  return { moreConditions: [condition], ...more };
}

/** A form whose policy is this text. */
export function policy(text: string): FormOptions {
  return { policy: text };
}
