import type { RequestRecord } from "../RequestRecord.ts";

/** Why two texts that were to be signed alike differ in one part, and what to do. */
export interface LikelyCause {
  readonly cause: string;
  readonly remedy: string;
}

const SDK_PATH =
  "S3's paths are encoded once and not normalised; other services' signers do both (doubleUrlEncode, uriEscapePath, normalizePath).";

/** Paths that differ. */
export function pathCause(client: string, server: string, { bucket }: RequestRecord): LikelyCause {
  if (decoded(client) === server)
    return {
      cause: "The client signed the path encoded twice, and sent it encoded once.",
      remedy: `Encode it once. ${SDK_PATH}`,
    };
  if (decoded(server) === client)
    return {
      cause:
        "The path that arrived is encoded once more than the one that was signed: by the client after it signed, or by a proxy.",
      remedy: "Sign the path as it is sent, and let no proxy encode it again.",
    };
  if (decoded(client) === decoded(server))
    return {
      cause: `Both are the same path, encoded otherwise${firstOther(client, server)}: S3 leaves A-Z a-z 0-9 - . _ ~ / alone and writes each other byte as % and two capital digits.`,
      remedy: `Encode the UTF-8 bytes of the key so. ${SDK_PATH}`,
    };
  if (bucket !== undefined && (server === `/${bucket}${client}` || `${server}/` === `/${bucket}${client}`))
    return {
      cause:
        "The client signed the path without the bucket, as for a bucket in the host name, and the bucket arrived in the path.",
      remedy:
        "Use one style in both places: forcePathStyle in the SDKs, addressing_style in boto3. A proxy must not move the bucket.",
    };
  if (bucket !== undefined && client === `/${bucket}${server}`)
    return {
      cause: "The client signed the bucket in the path, and the request arrived with the bucket in its host name.",
      remedy:
        "Use one style in both places: forcePathStyle in the SDKs, addressing_style in boto3. A proxy must not move the bucket.",
    };
  if (normalised(client) === normalised(server))
    return {
      cause: 'The paths differ only in "//", "/./", "/../" or the slash at the end: a client or a proxy tidied one of them up.',
      remedy: `Switch that off (nginx: merge_slashes off, and proxy_pass without a path). ${SDK_PATH}`,
    };
  if (server.endsWith(client))
    return {
      cause: `Something put ${server.slice(0, -client.length)} in front of the path after it was signed.`,
      remedy: PROXY_PATH,
    };
  if (client.endsWith(server))
    return {
      cause: `Something took ${client.slice(0, -server.length)} off the front of the path after it was signed.`,
      remedy: PROXY_PATH,
    };
  if (client.toLowerCase() === server.toLowerCase())
    return { cause: "The paths differ in capitals only: something changed them after signing.", remedy: PROXY_PATH };
  return {
    cause: "The client signed another path than arrived.",
    remedy: "Look whether it is the text of this request, and what is between client and server.",
  };
}

const PROXY_PATH =
  "Let the proxy pass paths on unchanged (nginx: proxy_pass without a path), or have the client sign the path that arrives.";

/** Where two texts begin to differ, in words. */
function firstOther(client: string, server: string): string {
  let index = 0;
  while (index < client.length && client[index] === server[index]) index += 1;
  // From the beginning of an escape.
  const start =
    Math.max(client.lastIndexOf("%", index), index - 2) === client.lastIndexOf("%", index) &&
    index - client.lastIndexOf("%", index) < 3
      ? client.lastIndexOf("%", index)
      : index;
  const from = start < 0 ? index : start;
  return ` (${client.slice(from, from + 6) || "nothing"} by the client, ${server.slice(from, from + 6) || "nothing"} here)`;
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

function normalised(path: string): string {
  const kept: string[] = [];
  for (const segment of path.split("/")) {
    if (segment === "" || segment === ".") continue;
    if (segment === "..") kept.pop();
    else kept.push(segment);
  }
  return kept.join("/");
}

/** Queries that differ. */
export function queryCause(client: string, server: string): LikelyCause {
  const theirs = client === "" ? [] : client.split("&");
  const ours = server === "" ? [] : server.split("&");
  if (theirs.toSorted().join("&") === ours.toSorted().join("&"))
    return {
      cause: "The parameters are the same in another order.",
      remedy: "Sort them by name, byte by byte, after they were encoded; of equal names, by value.",
    };
  const names = (pairs: readonly string[]): Set<string> => new Set(pairs.map((pair) => pair.split("=", 1)[0]!));
  const added = [...names(ours)].filter((name) => !names(theirs).has(name));
  const lost = [...names(theirs)].filter((name) => !names(ours).has(name));
  const isSame = (one: string): string => decoded(one.replaceAll("+", " ")).replace(/=$/, "");
  if (theirs.map(isSame).toSorted().join("&") === ours.map(isSame).toSorted().join("&"))
    return {
      cause:
        "The parameters are the same, encoded otherwise: a space is %20 and not +, digits of escapes are capitals, and a name without a value is followed by =.",
      remedy: "Write the canonical query so: each name and value encoded, a = between them in any case.",
    };
  if (added.length > 0)
    return {
      cause: `The parameter ${added.join(", ")} arrived and was not signed: it was added after signing.`,
      remedy: "Sign all parameters that are sent. A presigned URL takes none that were not there when it was made.",
    };
  if (lost.length > 0)
    return {
      cause: `The parameter ${lost.join(", ")} was signed and did not arrive: a client, a proxy or a shortened link lost it.`,
      remedy: "Pass the whole query on unchanged; a URL belongs between quotes in a shell.",
    };
  return { cause: "A parameter has another value than was signed.", remedy: "Look what changes the query after signing." };
}

/** What usually changes a header on its way. */
const HEADER_CAUSES: Readonly<Record<string, LikelyCause>> = {
  host: {
    cause: "Host is another one than was signed: a proxy or load balancer put its own in, or the client signed without the port.",
    remedy:
      "Let the proxy pass Host on (nginx: proxy_set_header Host $http_host), or have the client sign for the name it really sends to, with a port that is not the usual one.",
  },
  "content-type": {
    cause: "Content-Type is another one than was signed: an HTTP library or a proxy set or completed it, such as by a charset.",
    remedy:
      "Set Content-Type before signing, as exactly the text that is sent; of a presigned URL, send the very type it was made with.",
  },
  "content-length": {
    cause: "Content-Length is another one than was signed: the body was compressed, chunked or rewritten after signing.",
    remedy: "Sign when the length is known, or leave Content-Length out of the signed headers; SDKs do.",
  },
  "content-encoding": {
    cause: "Content-Encoding is another one than was signed: something compresses or unpacks bodies on the way.",
    remedy: "Switch compression of requests off in the proxy or the client.",
  },
  "accept-encoding": {
    cause: "Accept-Encoding is another one than was signed: proxies and HTTP libraries write their own.",
    remedy:
      "Do not sign Accept-Encoding, or switch off what changes it (Go's transport, CDNs and Google's load balancers are known for it).",
  },
  "user-agent": {
    cause: "User-Agent is another one than was signed: the HTTP library or a proxy wrote its own.",
    remedy: "Do not sign User-Agent.",
  },
  "x-amz-date": {
    cause:
      "X-Amz-Date is another one than was signed: the request was dated once for the signature and once more when it was sent.",
    remedy: "Take one time for all of a request; sign each retry anew.",
  },
  "x-amz-content-sha256": {
    cause: "The hash of the body that was signed is another one than was sent.",
    remedy: "Compute it once, of the bytes that are sent, and put the same text into header and signature.",
  },
  "x-amz-security-token": {
    cause: "The session token that was signed is another one than was sent: the credentials changed in between.",
    remedy: "Take access key, secret and token from the same set, at one time.",
  },
};

/** A header that has another value here than the client signed; "" where it did not arrive. */
export function headerCause(name: string, client: string, server: string): LikelyCause {
  const lowerName = name.toLowerCase();
  if (lowerName !== name && client === server)
    return { cause: "Names of headers are signed in small letters.", remedy: `Write ${lowerName}.` };
  if (spaceless(client) === spaceless(server))
    return {
      cause: `The value of ${name} differs in white space only.`,
      remedy: "Trim values, and make one space of each run of them, before signing.",
    };
  if (server === "")
    return {
      cause: `The header ${name} was signed and did not arrive: a client library or a proxy left it out.`,
      remedy: HEADER_CAUSES[lowerName]?.remedy ?? `Do not sign ${name}, or have it passed on.`,
    };
  if (Object.hasOwn(HEADER_CAUSES, lowerName)) return HEADER_CAUSES[lowerName]!;
  return {
    cause: `The header ${name} has another value here than was signed: something changed it on the way, or the client after it signed.`,
    remedy: `Set ${name} before signing, pass it on unchanged, or do not sign it where S3 does not ask for that (host and x-amz-… have to be signed).`,
  };
}

function spaceless(text: string): string {
  return text.replaceAll(/\s/g, "");
}

/** A line of a string to sign of version 4, from 0. */
export function stringToSignCause(line: number, client: string, server: string): LikelyCause & { readonly part: string } {
  if (line === 0)
    return {
      part: "the algorithm",
      cause: "The client signs by another algorithm.",
      remedy: "Sign with AWS4-HMAC-SHA256.",
    };
  if (line === 1)
    return {
      part: "the time",
      cause:
        "The time that was signed is not the one in X-Amz-Date (or Date): two readings of a clock, or a retry under the first signature.",
      remedy: "Take one time for the header and the signature, in UTC, as YYYYMMDDTHHMMSSZ.",
    };
  if (line === 2) return scopeCause(client, server);
  return {
    part: "the hash of the canonical request",
    cause: "All else is equal, so the canonical requests differ: what was signed is not the request that arrived.",
    remedy: "Give the client's canonical request to --canonical: it shows the line.",
  };
}

const SCOPE_PARTS: readonly (LikelyCause & { readonly part: string })[] = [
  {
    part: "the scope's date",
    cause: "The day of the scope is another one: local time in place of UTC, or a signing key kept from the day before.",
    remedy: "Make the scope's day of the first eight digits of X-Amz-Date, and a new signing key each day.",
  },
  {
    part: "the scope's region",
    cause: "The region that was signed is not the one in Credential.",
    remedy: "Set one region for the client, that of the server; name it in Credential and in the signing key alike.",
  },
  {
    part: "the scope's service",
    cause: "The service that was signed is not the one in Credential.",
    remedy: 'Sign for "s3" (IAM and STS: "iam", "sts").',
  },
  {
    part: "the scope's end",
    cause: "The scope does not end as version 4 has it.",
    remedy: 'End it with "aws4_request".',
  },
];

function scopeCause(client: string, server: string): LikelyCause & { readonly part: string } {
  const theirs = client.split("/");
  const ours = server.split("/");
  const index = ours.findIndex((part, place) => part !== theirs[place]);
  return SCOPE_PARTS[index] ?? SCOPE_PARTS.at(-1)!;
}
