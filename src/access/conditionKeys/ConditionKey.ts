import type { SignatureFacts } from "../../auth/Authentication.ts";
import type { Caller } from "../../auth/Caller.ts";
import type { SentMembers } from "../../protocol/SentMembers.ts";
import type { WireRequest } from "../../protocol/WireRequest.ts";
import type { Encryption } from "../../store/records/Encryption.ts";
import type { Tag } from "../../store/records/ObjectRecord.ts";
import type { DocumentFacts, RequestDocument } from "./RequestDocument.ts";

/** What the values of condition keys are made of: the same for everything that one request needs. */
export interface RequestFacts {
  /** With the headers that a presigned URL carries in its query. */
  readonly request: WireRequest;
  readonly sent: SentMembers;
  /** False where what it needs to write an object for is a step of an upload. */
  readonly createsObject: boolean;
  readonly caller: Caller;
  /** `undefined` for a request that is not signed. */
  readonly signature: SignatureFacts | undefined;
  /** Milliseconds since 1970. */
  readonly nowMs: number;
  /** The server's. */
  readonly region: string;
  /** What its body says, once that is read. */
  readonly document: RequestDocument;
}

/**
 * What conditions can ask of what is acted on: known to who finds it, and asked only for keys that some policy names. A reading that was
 * not done, because `readingOf` of no key asks for it, is `undefined`.
 */
export interface ResourceFacts {
  /** The account, twelve digits, that owns it; `undefined` for what nobody owns yet: whoever makes it will. */
  accountId(): string | undefined;
  /** Of an object that the request's members do not name, the version that is acted on: a copy's source, one of a list. */
  readonly versionId: string | undefined;
  /** The tags of the object's version; `undefined` where there is no such object. */
  objectTags(): readonly Tag[] | undefined;
  /**
   * The tags that `aws:ResourceTag` is about: those of the bucket, or of the bucket that holds the object; `undefined` where ABAC is not
   * enabled for it.
   */
  resourceTags(): readonly Tag[] | undefined;
  /** How the upload is encrypted that is gone on with; `undefined` where there is none, and where it is not encrypted. */
  uploadEncryption(): Encryption | undefined;
}

/** What has to be read of a resource before policies that name certain keys can be asked about it. */
export type ResourceReading = "objectTags" | "resourceTags" | "upload";

/** Everything a key's value is made of: the request, and what it does to what. */
export interface ConditionFacts extends RequestFacts {
  /** An IAM action, such as "s3:GetObject". */
  readonly action: string;
  readonly resource: ResourceFacts;
}

/** One of the keys that conditions of policies can name, or a family of them: one for each tag. */
export interface ConditionKey {
  /** As AWS spells it; of a family, such as "aws:PrincipalTag/", what stands before the key of a tag. */
  readonly name: string;
  /** What operators it is compared with, in AWS's words for the types. */
  readonly type: "String" | "Numeric" | "Date" | "Bool" | "IPAddress" | "ARN";
  /** True where a request can have several values: policies ask for them with ForAnyValue and ForAllValues. */
  readonly isList?: true;
  /** The actions whose requests have it; all of them where this is missing. */
  readonly actions?: ReadonlySet<string>;
  /** The reading of the resource that it takes. */
  readonly reads?: ResourceReading;
  /** The fact of the request's document that it takes, where its value may stand there. */
  readonly document?: keyof DocumentFacts;
  /** For people: what the value is, and where it comes from. */
  readonly source: string;
  /** For people: which requests have no such key; `undefined` where all have it. */
  readonly absent: string | undefined;
  /** The value, in this request; `tag` is the rest of the key behind a family's name, in lower case. */
  readonly valueOf: (facts: ConditionFacts, tag: string) => string | readonly string[] | undefined;
}

/** The values of the tags whose keys differ from `name`, which is in lower case, in case alone; `undefined` where there is none. */
export function tagValues(tags: Iterable<Tag> | undefined, name: string): readonly string[] | undefined {
  const values: string[] = [];
  for (const [key, value] of tags ?? []) if (key.toLowerCase() === name) values.push(value);
  return values.length === 0 ? undefined : values;
}

/** The keys of tags, each once; `undefined` where there is none. */
export function tagKeys(tags: Iterable<Tag> | undefined): readonly string[] | undefined {
  const keys = new Set<string>();
  for (const [key] of tags ?? []) keys.add(key);
  return keys.size === 0 ? undefined : [...keys];
}
