import { createHash } from "node:crypto";
import type { Asked } from "./AnswerServer.ts";

/** A page of another origin. */
export const PAGE = "http://page.example";
/** What lets it read. */
export const RULE: string = `<CORSRule><AllowedOrigin>${PAGE}</AllowedOrigin><AllowedMethod>GET</AllowedMethod></CORSRule>`;
/** What documents of S3 are in. */
export const NAMESPACE = "http://s3.amazonaws.com/doc/2006-03-01/";

/** Gives a bucket rules. */
export function putCors(rules: string, bucket = "bucket"): Asked {
  const body = `<CORSConfiguration xmlns="${NAMESPACE}">${rules}</CORSConfiguration>`;
  const headers = { "Content-MD5": createHash("md5").update(body).digest("base64") };
  return { method: "PUT", path: `/${bucket}`, query: { cors: "" }, headers, body };
}
