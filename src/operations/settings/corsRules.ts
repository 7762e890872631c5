import { Glob } from "../../access/policies/Glob.ts";
import { ANY_TEXT } from "../../access/policies/Piece.ts";
import { quoted } from "../../errors/quoted.ts";
import type { CORSRule, GetBucketCorsOutput } from "../../protocol/generated/types.ts";
import { parsedSetting } from "../../store/buckets/settings.ts";
import type { Soon } from "../../store/metadata/MetadataEngine.ts";
import type { BucketRecord } from "../../store/records/BucketRecord.ts";
import type { Store } from "../../store/Store.ts";

/** The word under which a bucket's CORS rules are stored, for ever: the document is what GetBucketCors answers. */
export const CORS_KIND = "cors";

/** The methods that a rule can allow. */
export const CORS_METHODS: ReadonlySet<string> = new Set(["GET", "HEAD", "PUT", "POST", "DELETE"]);

/** The request headers that an answer depends on. */
const VARY = "Origin, Access-Control-Request-Headers, Access-Control-Request-Method";

/** What a web page of another origin wants to do, or does. */
export interface CorsQuestion {
  readonly origin: string;
  readonly method: string;
  /** Names of the headers it asks for, in lower case. */
  readonly headers: readonly string[];
}

/** A rule, made ready to be asked. */
interface ReadyRule {
  readonly origins: readonly Glob[];
  readonly methods: readonly string[];
  readonly headers: readonly Glob[];
  allows(question: CorsQuestion): boolean;
  /** Header names and values in turn, for a question that the rule allows. */
  answer(question: CorsQuestion): readonly string[];
}

/** The rules of a bucket in their order, made ready to be asked. */
export type CorsRules = readonly ReadyRule[];

/** A bucket's rules; `undefined` where it has none. Read and parsed once for each revision of the bucket's settings. */
export function findCorsRules(store: Store, bucket: BucketRecord): Soon<CorsRules | undefined> {
  return parsedSetting(store, bucket, CORS_KIND, (document) =>
    readyRules((JSON.parse(document) as GetBucketCorsOutput).CORSRules!),
  );
}

/** Makes rules that were checked ready to be asked. */
export function readyRules(rules: readonly CORSRule[]): CorsRules {
  return rules.map(readyRule);
}

/**
 * The headers of the answer to a question, names and values in turn, by the first rule that allows it; `undefined` where none does, and then
 * S3's answer has nothing of CORS.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/cors.html
 */
export function corsHeaders(rules: CorsRules, question: CorsQuestion): readonly string[] | undefined {
  return rules.find((rule) => rule.allows(question))?.answer(question);
}

/** Which part of a question that no rule allows is to blame: a sentence. */
export function whyRefused(rules: CorsRules, { origin, method, headers }: CorsQuestion): string {
  const ofOrigin = rules.filter(({ origins }) => anyMatches(origins, origin));
  if (ofOrigin.length === 0) {
    return `No CORS rule of the bucket allows the origin ${quoted(origin)}; scheme, host and port must be those of an AllowedOrigin.`;
  }
  const ofMethod = ofOrigin.filter(({ methods }) => methods.includes(method));
  if (ofMethod.length === 0) return `The bucket's CORS rules for the origin ${quoted(origin)} do not allow ${method}.`;
  const refused = headers.find((name) => ofMethod.every((rule) => !anyMatches(rule.headers, name)));
  const what = refused === undefined ? "these request headers together" : `the request header ${quoted(refused)}`;
  return `No CORS rule of the bucket for this origin and ${method} allows ${what}; AllowedHeader lists what may be sent.`;
}

function readyRule(rule: CORSRule): ReadyRule {
  const { AllowedOrigins, AllowedMethods: methods, AllowedHeaders = [], ExposeHeaders = [], MaxAgeSeconds } = rule;
  const origins = AllowedOrigins.map(globOf);
  const headers = AllowedHeaders.map((name) => globOf(name.toLowerCase()));
  const isForAll = AllowedOrigins.includes("*");
  return {
    origins,
    methods,
    headers,
    allows: (asked) =>
      methods.includes(asked.method) &&
      anyMatches(origins, asked.origin) &&
      asked.headers.every((name) => anyMatches(headers, name)),
    answer: (asked) => [
      ...["Access-Control-Allow-Origin", isForAll ? "*" : asked.origin],
      ...["Access-Control-Allow-Methods", methods.join(", ")],
      ...(asked.headers.length === 0 ? [] : ["Access-Control-Allow-Headers", asked.headers.join(", ")]),
      ...(ExposeHeaders.length === 0 ? [] : ["Access-Control-Expose-Headers", ExposeHeaders.join(", ")]),
      ...(MaxAgeSeconds === undefined ? [] : ["Access-Control-Max-Age", String(MaxAgeSeconds)]),
      ...(isForAll ? [] : ["Access-Control-Allow-Credentials", "true"]),
      ...["Vary", VARY],
    ],
  };
}

function anyMatches(globs: readonly Glob[], text: string): boolean {
  return globs.some((glob) => glob.matches(text));
}

/** A text in which each `*` stands for any text, also none. */
function globOf(pattern: string): Glob {
  return new Glob(pattern.split("*").flatMap((text, index) => (index === 0 ? [text] : [ANY_TEXT, text])));
}
