import { hash } from "node:crypto";
import type { WireRequest } from "../protocol/WireRequest.ts";
import { canonicalRequest } from "./canonicalRequest.ts";
import { basicTime, parseBasicTime, parseTime } from "./requestTime.ts";
import { stringToSignV2 } from "./signatureV2.ts";
import { ALGORITHM_V4, headerFields, namesIn } from "./signatureV4.ts";

/** What a signature is made over. */
export interface SignedTexts {
  /** Version 2 has none. */
  readonly canonicalRequest?: string;
  readonly stringToSign: string;
}

const PAYLOAD_HASH_HEADER = "x-amz-content-sha256";

/**
 * What the head of a request would have to be signed over, whoever sent it and whenever: for requests that were refused before their signature
 * was looked at, or after it was found right. `hoisted` has the headers that a presigner moved into the query. `undefined` for a request that is
 * not signed, or whose signature has a form that says too little. Never throws.
 */
export function signedTexts(sent: WireRequest, hoisted: WireRequest): SignedTexts | undefined {
  try {
    return textsOf(sent, hoisted);
  } catch {
    // Its form was wrong, and the refusal says how.
    return undefined;
  }
}

function textsOf(sent: WireRequest, hoisted: WireRequest): SignedTexts | undefined {
  const { headers } = sent;
  const header = headers.get("authorization");
  if (header?.startsWith(`${ALGORITHM_V4} `) === true) {
    const { credential, signedHeaders } = headerFields(header);
    const time = timeOf(headers.get("x-amz-date") ?? headers.get("date"));
    const payloadHash = headers.get(PAYLOAD_HASH_HEADER);
    if (time === undefined || payloadHash === undefined) return undefined;
    return textsV4(canonicalRequest(sent, namesIn(signedHeaders), payloadHash, false), time, credential);
  }
  if (header?.startsWith("AWS ") === true) {
    const date = headers.has("x-amz-date") ? "" : (headers.get("date") ?? "");
    return { stringToSign: stringToSignV2(sent, sent.rawPath, date) };
  }
  if (header !== undefined || sent.rawQuery === "") return undefined;
  const { query } = sent;
  const signedHeaders = query.get("X-Amz-SignedHeaders");
  const credential = query.get("X-Amz-Credential");
  const time = query.get("X-Amz-Date");
  if (signedHeaders !== undefined && credential !== undefined && time !== undefined) {
    const names = namesIn(signedHeaders);
    const sentHash = names.has(PAYLOAD_HASH_HEADER) ? headers.get(PAYLOAD_HASH_HEADER) : undefined;
    const payloadHash = sentHash ?? query.get("X-Amz-Content-Sha256") ?? "UNSIGNED-PAYLOAD";
    return textsV4(canonicalRequest(hoisted, names, payloadHash, true), time, credential);
  }
  const expires = query.get("Expires");
  if (expires === undefined || !query.has("Signature") || !query.has("AWSAccessKeyId")) return undefined;
  return { stringToSign: stringToSignV2(sent, sent.rawPath, expires) };
}

/** `credential` begins with the access key id, and the scope follows it. */
function textsV4(canonical: string, time: string, credential: string): SignedTexts {
  const scope = credential.split("/").slice(-4).join("/");
  return { canonicalRequest: canonical, stringToSign: `${ALGORITHM_V4}\n${time}\n${scope}\n${hash("sha256", canonical)}` };
}

function timeOf(sent: string | undefined): string | undefined {
  if (sent === undefined || parseBasicTime(sent) !== undefined) return sent;
  const sentMs = parseTime(sent);
  return sentMs === undefined ? undefined : basicTime(sentMs);
}
