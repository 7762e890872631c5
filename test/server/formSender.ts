import { createHash, createHmac } from "node:crypto";
import { ACCESS_KEY_ID, SECRET_ACCESS_KEY } from "./TestServer.ts";
import type { TestServer } from "./TestServer.ts";

/** What a test may make different about a signed form. */
export interface FormVariant {
  readonly service?: string;
  readonly region?: string;
  readonly accessKeyId?: string;
  readonly secretAccessKey?: string;
  readonly nowMs?: number;
  /** Of the credential's scope; the request's day if not given. */
  readonly day?: string;
  readonly terminal?: string;
  readonly signedHeaders?: readonly string[];
  readonly contentType?: string;
  /** Sent in place of the body that was signed. */
  readonly sentBody?: string | Buffer;
  /** Sent as well, without a signature. */
  readonly headers?: Readonly<Record<string, string>>;
  /** What becomes of the Authorization header; `undefined` for none. */
  readonly authorization?: (header: string) => string | undefined;
}

/** An answer to a form. */
export interface FormAnswer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: string;
  /** Code and message of an error. */
  readonly code: string | undefined;
  readonly message: string | undefined;
}

/** Sends a form, signed by these tests themselves: an opinion that owes nothing to the server's. */
export async function sendForm(server: TestServer, body: string | Buffer, variant: FormVariant = {}): Promise<FormAnswer> {
  const { service = "iam", region = "us-east-1", nowMs = Date.now(), terminal = "aws4_request", sentBody = body } = variant;
  const { accessKeyId = ACCESS_KEY_ID, secretAccessKey = SECRET_ACCESS_KEY, authorization = (header) => header } = variant;
  const time = new Date(nowMs).toISOString().replace(/[:-]|\.\d{3}/g, "");
  const { day = time.slice(0, 8), signedHeaders = ["host", "x-amz-date"] } = variant;
  const sent = { host: `127.0.0.1:${server.port}`, "x-amz-date": time } as Readonly<Record<string, string>>;
  const lines = signedHeaders.map((name) => `${name}:${sent[name]}\n`).join("");
  const canonical = `POST\n/\n\n${lines}\n${signedHeaders.join(";")}\n${sha256(body)}`;
  const scope = `${day}/${region}/${service}/${terminal}`;
  const toSign = `AWS4-HMAC-SHA256\n${time}\n${scope}\n${sha256(canonical)}`;
  let key: Buffer = Buffer.from(`AWS4${secretAccessKey}`);
  for (const part of scope.split("/")) key = hmac(key, part);
  const header = authorization(
    `AWS4-HMAC-SHA256 Credential=${accessKeyId}/${scope}, SignedHeaders=${signedHeaders.join(";")}, Signature=${hmac(key, toSign).toString("hex")}`,
  );
  const answer = await fetch(`http://127.0.0.1:${server.port}/`, {
    method: "POST",
    headers: {
      "Content-Type": variant.contentType ?? "application/x-www-form-urlencoded; charset=utf-8",
      "X-Amz-Date": time,
      ...(header !== undefined && { Authorization: header }),
      ...variant.headers,
    },
    body: sentBody,
  });
  const text = await answer.text();
  return {
    status: answer.status,
    headers: answer.headers,
    body: text,
    code: /<Code>([^<]*)</.exec(text)?.[1],
    message: /<Message>([^<]*)</.exec(text)?.[1],
  };
}

/** What a test may make different about a presigned address. */
export interface AddressVariant {
  readonly signedAtMs?: number;
  readonly expiresSeconds?: number;
  /** Parameters to be taken out once it is signed. */
  readonly without?: string;
}

/** The address of a GET to STS, presigned by these tests themselves. */
export function presignedAddress(
  server: TestServer,
  query: Readonly<Record<string, string>>,
  variant: AddressVariant = {},
): string {
  const { signedAtMs = Date.now(), expiresSeconds = 900, without } = variant;
  const time = new Date(signedAtMs).toISOString().replace(/[:-]|\.\d{3}/g, "");
  const scope = `${time.slice(0, 8)}/us-east-1/sts/aws4_request`;
  const host = `127.0.0.1:${server.port}`;
  const parameters: Record<string, string> = {
    ...query,
    "X-Amz-Algorithm": "AWS4-HMAC-SHA256",
    "X-Amz-Credential": `${ACCESS_KEY_ID}/${scope}`,
    "X-Amz-Date": time,
    "X-Amz-Expires": String(expiresSeconds),
    "X-Amz-SignedHeaders": "host",
  };
  const pairs = (): string[] => Object.entries(parameters).map(([name, value]) => `${name}=${encodeURIComponent(value)}`);
  const canonical = `GET\n/\n${pairs().toSorted().join("&")}\nhost:${host}\n\nhost\n${sha256("")}`;
  let key: Buffer = Buffer.from(`AWS4${SECRET_ACCESS_KEY}`);
  for (const part of scope.split("/")) key = hmac(key, part);
  parameters["X-Amz-Signature"] = hmac(key, `AWS4-HMAC-SHA256\n${time}\n${scope}\n${sha256(canonical)}`).toString("hex");
  if (without !== undefined) delete parameters[without];
  return `http://${host}/?${pairs().join("&")}`;
}

function sha256(text: string | Buffer): string {
  return createHash("sha256").update(text).digest("hex");
}

function hmac(key: Buffer, text: string): Buffer {
  return createHmac("sha256", key).update(text).digest();
}
