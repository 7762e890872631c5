import type { SignatureFacts } from "../auth/Authentication.ts";
import type { Caller } from "../auth/Caller.ts";
import type { SentMembers } from "../protocol/SentMembers.ts";
import type { WireRequest } from "../protocol/WireRequest.ts";
import type { ConditionFacts, ConditionKey, RequestFacts, ResourceFacts, ResourceReading } from "./conditionKeys/ConditionKey.ts";
import { GLOBAL_KEYS } from "./conditionKeys/globalKeys.ts";
import { IAM_KEYS } from "./conditionKeys/iamKeys.ts";
import type { RequestDocument } from "./conditionKeys/RequestDocument.ts";
import { S3_KEYS } from "./conditionKeys/s3Keys.ts";

/** What the conditions of policies can ask about a request. */
export interface Conditions {
  /**
   * The values of a condition key, whose name is in lower case ("aws:sourceip"); `undefined` where the request has no such key. Made when
   * somebody asks, for nobody asks for most of them.
   */
  values(key: string): readonly string[] | undefined;
}

/** Every condition key that a request can have, one entry for each family of tags. */
export const CONDITION_KEYS: readonly ConditionKey[] = [...GLOBAL_KEYS, ...S3_KEYS, ...IAM_KEYS];

const KEYS: ReadonlyMap<string, ConditionKey> = new Map(CONDITION_KEYS.map((key) => [key.name.toLowerCase(), key]));

/** What is known of a resource that has nothing to say: the service itself, a bucket yet to be made. */
export const NO_RESOURCE_FACTS: ResourceFacts = {
  accountId: () => undefined,
  versionId: undefined,
  objectTags: () => undefined,
  resourceTags: () => undefined,
  uploadEncryption: () => undefined,
};

/** The values of condition keys for one question about a request: for one action, on one resource. */
export class RequestConditions implements Conditions, ConditionFacts {
  readonly action: string;
  readonly resource: ResourceFacts;
  readonly #facts: RequestFacts;

  constructor(facts: RequestFacts, action: string, resource: ResourceFacts) {
    this.#facts = facts;
    this.action = action;
    this.resource = resource;
  }

  get request(): WireRequest {
    return this.#facts.request;
  }

  get sent(): SentMembers {
    return this.#facts.sent;
  }

  get createsObject(): boolean {
    return this.#facts.createsObject;
  }

  get caller(): Caller {
    return this.#facts.caller;
  }

  get signature(): SignatureFacts | undefined {
    return this.#facts.signature;
  }

  get nowMs(): number {
    return this.#facts.nowMs;
  }

  get region(): string {
    return this.#facts.region;
  }

  get document(): RequestDocument {
    return this.#facts.document;
  }

  values(key: string): readonly string[] | undefined {
    const found = KEYS.get(nameOf(key));
    if (found === undefined || !appliesTo(found, this.action)) return undefined;
    const value = found.valueOf(this, key.slice(found.name.length));
    return typeof value === "string" ? [value] : value;
  }
}

/** What of a resource must be read before a policy that names this key, in lower case, can be asked about the action. */
export function readingOf(key: string, action: string): ResourceReading | undefined {
  const found = KEYS.get(nameOf(key));
  return found !== undefined && appliesTo(found, action) ? found.reads : undefined;
}

/** The keys of a service are had by its own actions alone. */
function appliesTo({ name, actions }: ConditionKey, action: string): boolean {
  if (actions !== undefined) return actions.has(action);
  return !name.startsWith("s3:") || action.startsWith("s3:");
}

/** A key's name, or that of the family it is of: as far as the slash before the key of a tag. */
function nameOf(key: string): string {
  return key.slice(0, key.indexOf("/") + 1) || key;
}
