import { invalidArgument } from "../../errors/invalidArgument.ts";
import { quoted } from "../../errors/quoted.ts";
import { S3Error } from "../../errors/S3Error.ts";
import type { OperationName } from "../generated/types.ts";
import { headMembers } from "../rest/decode.ts";
import { encodedWords, inEncodedWords } from "../rest/encodedWords.ts";
import { isHeaderValue } from "../rest/headerTexts.ts";
import type { HeaderLines } from "../WireRequest.ts";
import { taggingText } from "./taggingText.ts";

/** What a form does. */
export const FORM_OPERATION: OperationName = "PutObject";

const USER_PREFIX = "x-amz-meta-";
const CHECKSUM_PREFIX = "x-amz-checksum-";

/** Fields that are not called as the header of the same meaning. */
const RENAMED: ReadonlyMap<string, string> = new Map([
  ["acl", "x-amz-acl"],
  ["tagging", "x-amz-tagging"],
  ["x-amz-checksum-algorithm", "x-amz-sdk-checksum-algorithm"],
]);

/** A customer's key for encryption, which never comes back in an answer. */
const CUSTOMER_KEY = "x-amz-server-side-encryption-customer-key";

/** The headers that say what a PUT stores; how many bytes come, a form's file says by its end. */
const HEADERS: ReadonlySet<string> = new Set(
  [...headMembers(FORM_OPERATION).values()]
    .filter((member) => member.in === "header" && member.wire !== "content-length")
    .map(({ wire }) => wire!),
);

/**
 * The fields of a form that a PUT has headers for, as those headers: "Parameters that are passed to PUT through HTTP headers are instead passed
 * as form fields to POST". All other fields, if the policy has them, mean nothing.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/RESTObjectPOST.html
 */
export class FormHeaders {
  readonly lines: ReadonlyMap<string, string>;
  readonly #fields: ReadonlyMap<string, string>;
  /** What is wrong with the tags. */
  #taggingError: S3Error | undefined;

  /** `fields` by their names in lower case. */
  constructor(fields: ReadonlyMap<string, string>) {
    this.#fields = fields;
    const lines = new Map<string, string>();
    for (const [field, value] of fields) {
      const name = RENAMED.get(field) ?? field;
      if (field === "tagging") lines.set(name, this.#tagging(value));
      else if (name.startsWith(USER_PREFIX)) lines.set(name, isHeaderValue(value) ? encodedWords(value) : inEncodedWords(value));
      else if (HEADERS.has(name) || name.startsWith(CHECKSUM_PREFIX)) lines.set(name, value);
    }
    this.lines = lines;
  }

  #tagging(document: string): string {
    try {
      return taggingText(document);
    } catch (error) {
      if (!(error instanceof S3Error)) throw error;
      // Told once it is known who asks; whoever sends tags needs the permission for them in any case.
      this.#taggingError = error;
      return "";
    }
  }

  /** Throws MalformedXML for tags that cannot be read, and InvalidArgument for a value that no header can have. */
  check(): void {
    if (this.#taggingError !== undefined) throw this.#taggingError;
    const key = this.#fields.get(CUSTOMER_KEY);
    if (key !== undefined && Buffer.from(key, "base64").toString("base64") !== key) {
      throw invalidArgument("x-amz-server-side-encryption", undefined, {
        message: "The secret key was improperly encoded. The secret key must be Base64 encoded.",
        explanation: `The field ${CUSTOMER_KEY} is not the base64 of a key.`,
      });
    }
    for (const [name, value] of this.lines) {
      if (isHeaderValue(value)) continue;
      throw invalidArgument(name, value, {
        explanation: `The value of the field ${quoted(name)} is sent in a header of HTTP when the object is read, which cannot hold all of its characters.`,
      });
    }
  }

  /**
   * Holds the form against the head that it came with. A header says nothing of the object: the policy would not know of it. Throws
   * InvalidRequest for one that says something else than the form.
   */
  checkAgainst(headers: HeaderLines): void {
    for (const name of headers.names()) {
      if (!isAboutObject(name) || headers.get(name) === this.lines.get(name)) continue;
      throw new S3Error("InvalidRequest", {
        message: "Conflicting values provided in HTTP headers and POST form fields.",
        explanation: `The header ${name} is ${quoted(headers.get(name)!)}, and the form does not say so: what is to be said of the object stands in its fields.`,
      });
    }
  }
}

/** Headers without S3's prefix describe the body that the form is, and come from browsers as they like. */
function isAboutObject(name: string): boolean {
  return name.startsWith(USER_PREFIX) || (HEADERS.has(name) && (name.startsWith("x-amz-") || name.startsWith("if-")));
}
