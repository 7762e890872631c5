import { createHmac } from "node:crypto";
import type { RawAnswer } from "./RawConnection.ts";
import { ACCESS_KEY_ID, SECRET_ACCESS_KEY } from "./TestServer.ts";
import type { TestServer } from "./TestServer.ts";

/** The file of a form. */
export interface FormFile {
  readonly content: string | Buffer;
  /** As a browser sends it; without one where it is `undefined`. */
  readonly name?: string | undefined;
}

export type Fields = readonly (readonly [name: string, value: string])[];

/** What a form may differ in from one that is signed with the test server's key, at the server's time, in version 4. */
export interface FormOptions {
  /** Beside the signature's and the key. */
  readonly fields?: Fields;
  /** Of the object; a form without one where it is `undefined`. Default: "uploads/${filename}". */
  readonly key?: string | undefined;
  readonly signing?: "v4" | "v2" | "none";
  /** In place of a condition for each field and the bucket. */
  readonly conditions?: readonly unknown[];
  /** Beside those. */
  readonly moreConditions?: readonly unknown[];
  readonly expiration?: string;
  /** In place of the whole policy, before it is encoded. */
  readonly policy?: string;
  /** In place of the policy's base64. */
  readonly encodedPolicy?: string;
  readonly accessKeyId?: string;
  readonly secretAccessKey?: string;
  readonly sessionToken?: string;
  readonly region?: string;
  readonly date?: string;
  /** What becomes of the fields once they are signed. */
  readonly spoil?: (fields: Fields) => Fields;
  readonly file?: FormFile | undefined;
  /** Fields behind the file. */
  readonly behind?: Fields;
}

/** The boundary of these forms. */
export const BOUNDARY = "----WebKitFormBoundary7MA4YWxkTrZu0gW";
/** What a browser says of such a form. */
export const FORM_TYPE: string = `multipart/form-data; boundary=${BOUNDARY}`;
/** The file of a form where nothing else is said. */
export const FILE: Required<FormFile> = { content: "hello world", name: "hello.txt" };

/** The fields of a form to a bucket, signed by these tests themselves: an opinion that owes nothing to the server's. */
export function signedFields(bucket: string, nowMs: number, options: FormOptions = {}): Fields {
  const { fields = [], signing = "v4", accessKeyId = ACCESS_KEY_ID, secretAccessKey = SECRET_ACCESS_KEY } = options;
  const key = "key" in options ? options.key : "uploads/${filename}";
  const said: Fields = [...(key === undefined ? [] : [["key", key] as const]), ...fields];
  const date = options.date ?? new Date(nowMs).toISOString().replace(/[:-]|\.\d{3}/g, "");
  const scope = [date.slice(0, 8), options.region ?? "us-east-1", "s3", "aws4_request"];
  const proof: Fields = [
    ...(signing === "v4"
      ? ([
          ["X-Amz-Algorithm", "AWS4-HMAC-SHA256"],
          ["X-Amz-Credential", [accessKeyId, ...scope].join("/")],
          ["X-Amz-Date", date],
        ] as const)
      : []),
    ...(options.sessionToken === undefined ? [] : [["X-Amz-Security-Token", options.sessionToken] as const]),
  ];
  if (signing === "none" && options.policy === undefined && options.conditions === undefined) return said;
  const conditions = options.conditions ?? [
    { bucket },
    ...[...said, ...proof].map(([name, value]) => ["starts-with", `$${name}`, value.split("${filename}")[0]]),
    ...(options.moreConditions ?? []),
  ];
  const expiration = options.expiration ?? new Date(nowMs + 60_000).toISOString();
  const document = options.policy ?? JSON.stringify({ expiration, conditions });
  const policy = options.encodedPolicy ?? Buffer.from(document).toString("base64");
  const all: Fields = [...said, ...proof, ["Policy", policy]];
  if (signing === "none") return all;
  if (signing === "v2") {
    const signature = createHmac("sha1", secretAccessKey).update(policy).digest("base64");
    return [...all, ["AWSAccessKeyId", accessKeyId], ["Signature", signature]];
  }
  let signingKey: Buffer = Buffer.from(`AWS4${secretAccessKey}`);
  for (const part of scope) signingKey = createHmac("sha256", signingKey).update(part).digest();
  return [...all, ["X-Amz-Signature", createHmac("sha256", signingKey).update(policy).digest("hex")]];
}

/** A form as a browser sends it. */
export function formBody(fields: Fields, file: FormFile | undefined, behind: Fields = []): Buffer {
  const parts = [...fields.map(fieldPart), ...(file === undefined ? [] : [filePart(file)]), ...behind.map(fieldPart)];
  return Buffer.concat([...parts, Buffer.from(`--${BOUNDARY}--\r\n`)]);
}

/** A field of a form. */
export function fieldPart([name, value]: Fields[number]): Buffer {
  return Buffer.from(`--${BOUNDARY}\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`);
}

/** The file of a form. */
export function filePart({ content, name }: FormFile, field = "file"): Buffer {
  const fileName = name === undefined ? "" : `; filename="${name}"`;
  const head = `--${BOUNDARY}\r\nContent-Disposition: form-data; name="${field}"${fileName}\r\nContent-Type: image/jpeg\r\n\r\n`;
  return Buffer.concat([Buffer.from(head), Buffer.from(content), Buffer.from("\r\n")]);
}

/** Sends a form to the bucket called "bucket". */
export async function postForm(server: TestServer, options: FormOptions = {}): Promise<RawAnswer> {
  const { spoil = (fields) => fields, behind } = options;
  const file = "file" in options ? options.file : FILE;
  const fields = spoil(signedFields("bucket", server.store.clock(), options));
  return await postBody(server, formBody(fields, file, behind));
}

/** Sends a body to the bucket called "bucket", on a connection of its own. */
export async function postBody(
  server: TestServer,
  body: Buffer,
  headers: Readonly<Record<string, string>> = {},
  path = "/bucket",
): Promise<RawAnswer> {
  using connection = await server.connect();
  await connection.sendHead(`POST ${path}`, { "Content-Type": FORM_TYPE, "Content-Length": String(body.length), ...headers });
  await connection.send(body);
  return await connection.answer();
}
