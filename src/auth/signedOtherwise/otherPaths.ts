import { quoted } from "../../errors/quoted.ts";
import { percentDecode, percentEncode } from "../../protocol/rest/percent.ts";
import type { WireRequest } from "../../protocol/WireRequest.ts";
import type { Otherwise } from "./Otherwise.ts";

const ONCE =
  "Signers for other services do that (doubleUrlEncode, uriEscapePath, normalizePath); S3's paths are encoded once and not tidied up.";

const UNCHANGED = "Let proxies pass the path on unchanged (nginx: proxy_pass without a path).";

/** Ways of writing the path of a request, for which `path` is right, that clients sign by mistake or before something changes it. */
export function* otherPaths(request: WireRequest, path: string): Generator<Otherwise> {
  for (const [text, said] of waysToWrite(request, path))
    if (text !== path) yield [text, `${said} It was signed as ${quoted(text)}.`];
}

/** Some are `path` itself. */
function* waysToWrite({ rawPath, address, headers }: WireRequest, path: string): Generator<Otherwise> {
  const bytes = percentDecode(rawPath);
  const text = bytes.toString("utf8");
  yield [percentEncode(bytes, true), "The path was signed percent-encoded as S3 does it, and sent otherwise."];
  yield [percentEncode(Buffer.from(path), true), `The path was signed encoded twice, and sent encoded once. ${ONCE}`];
  yield [
    percentEncode(percentDecode(text.replaceAll("+", "%2B")), true),
    "The path that arrived is encoded once more than the one that was signed, by the client or by a proxy.",
  ];
  yield [text, "The path was signed without being percent-encoded."];
  yield [
    rawPath,
    "The path was signed as it was sent, and S3 signs it percent-encoded: all bytes but A-Z a-z 0-9 - . _ ~ / as % and two capital digits.",
  ];
  yield [
    unencoded(path, "!'()*"),
    "The path was signed with ! ' ( ) * left alone, as encodeURIComponent does, and S3 encodes them too.",
  ];
  yield [
    unencoded(path, "!'()*;,?:@&=+$#"),
    "The path was signed with ; , / ? : @ & = + $ # left alone, as encodeURI does, and S3 encodes all but the slash.",
  ];
  yield [withSmallDigits(path), "The path was signed with small digits after the %, and S3 has capital ones."];
  yield [path.replaceAll("%20", "+"), "The path was signed with + for a space, and S3 has %20."];
  yield [
    percentEncode(percentDecode(rawPath.replaceAll("+", "%2B")), true),
    "The path was sent with a bare +, which S3 reads as a space, and signed with it as %2B: send it as %2B.",
  ];
  for (const form of ["NFC", "NFD"] as const)
    yield [
      percentEncode(Buffer.from(text.normalize(form)), true),
      `The path was signed in Unicode's form ${form} and sent in another one, as file names of macOS change it.`,
    ];
  yield [path.replace(/\/{2,}/g, "/"), `The path was signed with one slash for several. ${UNCHANGED}`];
  yield [tidied(path), `The path was signed with "//", "." and ".." resolved. ${ONCE}`];
  if (path.length > 1 && path.endsWith("/")) yield [path.slice(0, -1), "The path was signed without the slash at its end."];
  yield [`${path}/`, "The path was signed with a slash at its end."];
  yield [
    `/${path.slice(1).replaceAll("/", "%2F")}`,
    "The path was signed with its slashes encoded, and S3 leaves slashes alone.",
  ];
  const { bucket } = address;
  if (address.style === "virtual")
    yield [
      `/${bucket}${path}`,
      "The path was signed with the bucket in it, and the bucket arrived in the host name: use one style in both places (forcePathStyle in the SDKs, addressing_style in boto3).",
    ];
  else {
    const second = path.indexOf("/", 1);
    yield [
      second < 0 ? "/" : path.slice(second),
      `The path was signed without ${quoted(second < 0 ? path : path.slice(0, second))} in front: as for a bucket in the host name, or something put it there after signing. Use one style in both places, and let no proxy change paths.`,
    ];
  }
  const prefix = headers.get("x-forwarded-prefix");
  if (prefix !== undefined)
    yield [
      `${prefix.endsWith("/") ? prefix.slice(0, -1) : prefix}${path}`,
      `A proxy took ${quoted(prefix)} off the front of the path after it was signed. ${UNCHANGED}`,
    ];
}

/** Of what is percent-encoded, these ASCII characters left alone. */
export function unencoded(text: string, characters: string): string {
  return text.replace(/%[0-7][0-9A-F]/g, (escape) => {
    const character = String.fromCharCode(Number.parseInt(escape.slice(1), 16));
    return characters.includes(character) ? character : escape;
  });
}

/** The same with small letters among the digits behind each %. */
export function withSmallDigits(text: string): string {
  return text.replace(/%[0-9A-F]{2}/g, (escape) => escape.toLowerCase());
}

/** As URLs are resolved. */
function tidied(path: string): string {
  const kept: string[] = [];
  for (const segment of path.split("/")) {
    if (segment === "" || segment === ".") continue;
    if (segment === "..") kept.pop();
    else kept.push(segment);
  }
  return `/${kept.join("/")}${path.endsWith("/") && kept.length > 0 ? "/" : ""}`;
}
