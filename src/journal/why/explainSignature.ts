import type { RequestRecord } from "../RequestRecord.ts";
import { compareSigned } from "./compareSigned.ts";
import type { ExplainedSignature } from "./Explained.ts";

/** What was signed, and what a comparison with the client's text found. */
export interface SignatureExplanation {
  readonly signature: ExplainedSignature;
  readonly why: readonly string[];
  readonly change: readonly string[];
}

/** Headers that HTTP libraries and proxies write anew; to sign one is to ask for trouble. */
const FRAGILE: readonly string[] = [
  "accept-encoding",
  "connection",
  "content-length",
  "expect",
  "transfer-encoding",
  "user-agent",
];

/** Headers that proxies leave behind. */
const OF_PROXIES: readonly string[] = ["via", "x-forwarded-for", "x-forwarded-host", "forwarded", "x-real-ip", "cf-ray"];

/** How the signature of a request was judged, with the client's text where there is one. */
export function explainSignature(record: RequestRecord, canonical: string | undefined): SignatureExplanation {
  const { canonicalRequest, stringToSign } = record.story ?? {};
  const texts = {
    ...(canonicalRequest !== undefined && { canonicalRequest }),
    ...(stringToSign !== undefined && { stringToSign }),
  };
  if (canonical === undefined) {
    const told = suspicions(record);
    if (stringToSign === undefined) return { signature: texts, why: told, change: [] };
    const which = canonicalRequest === undefined ? "its string to sign" : "its canonical request or its string to sign";
    const next = `Give what the client signed to "--canonical FILE" (${which}): the first difference is shown with its likely cause.`;
    return { signature: texts, why: told, change: [next] };
  }
  const comparison = compareSigned(record, canonical);
  const { compared, difference } = comparison;
  const signature = { ...texts, ...comparison };
  const name = compared === "stringToSign" ? "string to sign" : "canonical request";
  if (difference === undefined)
    return {
      signature,
      why: [
        `The record has no ${name} of this request to compare with: the request was not signed, or its signature had no form that can be read.`,
      ],
      change: [],
    };
  if (difference === null) return { signature, ...equalTexts(record, name) };
  const { line, part, cause, remedy } = difference;
  return {
    signature,
    why: [`The client's ${name} differs from the server's first in line ${line}, ${part}. ${cause}`],
    change: [remedy],
  };
}

function equalTexts(record: RequestRecord, name: string): Pick<SignatureExplanation, "why" | "change"> {
  if (record.errorCode !== "SignatureDoesNotMatch")
    return {
      why: [`The client's ${name} is the same as the server's: it is not the signature that stopped this request.`],
      change: [],
    };
  const isAll = name === "string to sign";
  return {
    why: [
      isAll
        ? "The client's string to sign is the same as the server's. So only the key that signs it can differ: the secret access key is another one, or the signing key was derived for another day, region or service."
        : "The client's canonical request is the same as the server's. So the secret access key is another one, or the strings to sign differ (time, region, service).",
    ],
    change: [
      `Compare the secret access key of ${record.accessKeyId ?? "this access key"} with the server's: no space or line end around it, no key of another profile, no character lost in a shell or a URL.`,
      ...(isAll ? [] : ["Give the client's string to sign to --canonical as well."]),
    ],
  };
}

/** What the record alone lets one guess. */
function suspicions({ story, target }: RequestRecord): readonly string[] {
  const found: string[] = [];
  const names = new Set((story?.headers ?? []).map(([name]) => name.toLowerCase()));
  const proxies = OF_PROXIES.filter((name) => names.has(name));
  if (proxies.length > 0)
    found.push(
      `The request came through a proxy (${proxies.join(", ")}), which may have changed its Host, its path or a header after it was signed.`,
    );
  const lines = story?.canonicalRequest?.split("\n") ?? [];
  const signed = new Set((lines.at(-2) ?? "").split(";"));
  const fragile = FRAGILE.filter((name) => signed.has(name));
  if (fragile.length > 0)
    found.push(`The client signs ${fragile.join(", ")}, which HTTP libraries and proxies change on the way.`);
  const bare = target
    .split("?")
    .slice(1)
    .flatMap((query) => query.split("&"))
    .filter((pair) => pair !== "" && !pair.includes("="));
  if (bare.length > 0)
    found.push(
      `The query has ${bare.join(", ")} without a value, which is signed with a = behind it: "${bare[0]!}=". Some clients, older versions of curl among them, sign the name alone; send "${bare[0]!}=".`,
    );
  if (lines[1]?.includes("%25") === true) found.push("The path has %25: perhaps the key was encoded twice before it was sent.");
  return found;
}
