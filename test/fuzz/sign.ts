import { createHmac, hash } from "node:crypto";
import { canonicalRequest } from "../../src/auth/canonicalRequest.ts";
import { signingKeyV4 } from "../../src/auth/signingKeys.ts";
import { SIGNED_PARAMETERS } from "../../src/auth/signatureV2.ts";
import type { WireRequest as ServedRequest } from "../../src/protocol/WireRequest.ts";
import { HeaderList } from "../../src/protocol/HeaderList.ts";
import { QueryList } from "../../src/protocol/QueryList.ts";
import { frame } from "./chunks.ts";
import type { Draft } from "./Draft.ts";
import { headerOf, setHeader } from "./Draft.ts";
import type { Random } from "./Random.ts";
import type { Keys } from "./world.ts";
import { FUZZER, NOW_MS, REGION } from "./world.ts";

const DAY = new Date(NOW_MS).toISOString().slice(0, 10).replaceAll("-", "");
const TIME = `${DAY}T120000Z`;
const SCOPE = `${DAY}/${REGION}/s3/aws4_request`;
const HTTP_DATE = new Date(NOW_MS).toUTCString();
const EXPIRES_SECONDS = 3_600;
const ALGORITHM = "AWS4-HMAC-SHA256";
const ANOTHER_SECRET = "not-the-secret-of-anybody-0123456789abcd";

/**
 * Signs a draft as it stands, whatever was done to it: what a mutation made has to get past the signature to be tried at all. For that
 * reason the canonical request is the server's own; that it is S3's is shown elsewhere. Returns the body as it goes over the wire, before
 * HTTP's framing.
 */
export function sign(draft: Draft, random: Random, keys: Keys = FUZZER): Buffer {
  const secret = draft.signing === "forged" ? ANOTHER_SECRET : keys.secretAccessKey;
  switch (draft.signing) {
    case "anonymous":
      return draft.body;
    case "query":
      return signQuery(draft, keys.accessKeyId, secret);
    case "headerV2": {
      setHeader(draft, "Date", HTTP_DATE);
      draft.headers.push([
        "Authorization",
        `AWS ${keys.accessKeyId}:${signatureV2(draft, secret, headerOf(draft, "x-amz-date") === undefined ? HTTP_DATE : "")}`,
      ]);
      return draft.body;
    }
    case "queryV2": {
      const expires = String(NOW_MS / 1000 + EXPIRES_SECONDS);
      const signature = encodeURIComponent(signatureV2(draft, secret, expires));
      draft.query.push(["AWSAccessKeyId", keys.accessKeyId], ["Expires", expires], ["Signature", signature]);
      return draft.body;
    }
    default:
      return signHeader(draft, random, keys.accessKeyId, secret);
  }
}

function signHeader(draft: Draft, random: Random, accessKeyId: string, secret: string): Buffer {
  const { payload, body } = draft;
  const payloadHash = payload === "hashed" ? hash("sha256", body) : payload;
  setHeader(draft, "x-amz-content-sha256", payloadHash);
  setHeader(draft, "x-amz-date", TIME);
  const isStreamed = payload.startsWith("STREAMING");
  if (isStreamed) {
    draft.headers.push(["x-amz-decoded-content-length", String(body.length)]);
    if (payload.endsWith("TRAILER")) draft.headers.push(["x-amz-trailer", "x-amz-checksum-crc32"]);
  }
  const served = servedRequest(draft);
  const names = [...new Set(served.headers.names())].sort();
  const canonical = canonicalRequest(served, new Set(names), payloadHash, false);
  const key = signingKeyV4(accessKeyId, secret, DAY, REGION);
  const seed = key.sign(`${ALGORITHM}\n${TIME}\n${SCOPE}\n${hash("sha256", canonical)}`);
  const fields = [`Credential=${accessKeyId}/${SCOPE}`, `SignedHeaders=${names.join(";")}`, `Signature=${seed}`];
  draft.headers.push(["Authorization", `${ALGORITHM} ${fields.join(", ")}`]);
  if (!isStreamed) return body;
  const isSigned = payload !== "STREAMING-UNSIGNED-PAYLOAD-TRAILER";
  const signText = (algorithm: string, previous: string, hashes: string): string =>
    key.sign(`${algorithm}\n${TIME}\n${SCOPE}\n${previous}\n${hashes}`);
  return frame(draft, random, isSigned ? { seed, signText } : undefined);
}

function signQuery(draft: Draft, accessKeyId: string, secret: string): Buffer {
  const added: readonly (readonly [string, string])[] = [
    ["X-Amz-Algorithm", ALGORITHM],
    ["X-Amz-Credential", encodeURIComponent(`${accessKeyId}/${SCOPE}`)],
    ["X-Amz-Date", TIME],
    ["X-Amz-Expires", String(EXPIRES_SECONDS)],
  ];
  for (const [name, value] of added) draft.query.push([name, value]);
  const names = [...new Set(servedRequest(draft).headers.names())]
    .filter((name) => name === "host" || name.startsWith("x-amz-"))
    .sort();
  draft.query.push(["X-Amz-SignedHeaders", encodeURIComponent(names.join(";"))]);
  const canonical = canonicalRequest(
    servedRequest(draft),
    new Set(names),
    headerOf(draft, "x-amz-content-sha256") ?? "UNSIGNED-PAYLOAD",
    true,
  );
  const key = signingKeyV4(accessKeyId, secret, DAY, REGION);
  draft.query.push(["X-Amz-Signature", key.sign(`${ALGORITHM}\n${TIME}\n${SCOPE}\n${hash("sha256", canonical)}`)]);
  return draft.body;
}

function signatureV2(draft: Draft, secret: string, date: string): string {
  const { headers, query, rawPath } = servedRequest(draft);
  let text = `${draft.method}\n${headers.get("content-md5") ?? ""}\n${headers.get("content-type") ?? ""}\n${date}\n`;
  const inQuery = draft.signing === "queryV2" ? query.pairs().map(({ name }) => name.toLowerCase()) : [];
  const amzNames = new Set([...headers.names(), ...inQuery].filter((name) => name.startsWith("x-amz-")));
  for (const name of [...amzNames].toSorted()) {
    const value = headers.get(name) ?? query.pairs().find((pair) => pair.name.toLowerCase() === name)!.value;
    text += `${name}:${value.trim()}\n`;
  }
  const virtual = /^([^:]+)\.localhost$/.exec(headers.get("host") ?? "");
  const parameters = query.pairs().filter(({ name }) => SIGNED_PARAMETERS.has(name));
  const texts = parameters.map(({ name, value }) => (value === "" ? name : `${name}=${value}`)).toSorted();
  text += `${virtual === null ? "" : `/${virtual[1]}`}${rawPath}${texts.length === 0 ? "" : `?${texts.join("&")}`}`;
  return createHmac("sha1", secret).update(text).digest("base64");
}

/** The path and query as they go over the wire. */
export function targetOf({ path, query }: Draft): string {
  if (query.length === 0) return path;
  return `${path}?${query.map(([name, value]) => (value === undefined ? name : `${name}=${value}`)).join("&")}`;
}

/** The draft as the server will read it. */
function servedRequest(
  draft: Draft,
): Pick<ServedRequest, "method" | "rawPath" | "rawQuery" | "headers" | "query"> & ServedRequest {
  const target = targetOf(draft);
  const mark = target.indexOf("?");
  const rawQuery = mark < 0 ? "" : target.slice(mark + 1);
  const lines = draft.headers.flatMap(([name, value]) => [name, value.replace(/^[ \t]+|[ \t]+$/g, "")]);
  const read = {
    method: draft.method,
    rawPath: mark < 0 ? target : target.slice(0, mark),
    rawQuery,
    headers: new HeaderList(lines),
    query: queryOf(rawQuery),
  };
  // The rest of a request is nothing that a signature covers.
  return read as unknown as ServedRequest;
}

function queryOf(rawQuery: string): QueryList {
  try {
    return new QueryList(rawQuery);
  } catch {
    return new QueryList(""); // Refused before anybody looks at the signature.
  }
}
