import type { Tag } from "../../store/records/ObjectRecord.ts";

/** What the document in a request's body says that conditions of policies can ask for. */
export interface DocumentFacts {
  /** `s3:LocationConstraint`. */
  readonly locationConstraint: string;
  /** Of a bucket: `aws:RequestTag` and `aws:TagKeys`. */
  readonly tags: readonly Tag[];
  /** Of an object: `s3:RequestObjectTag` and `s3:RequestObjectTagKeys`. */
  readonly objectTags: readonly Tag[];
  /** `s3:object-lock-mode`. */
  readonly lockMode: string;
  /** `s3:object-lock-retain-until-date` and `s3:object-lock-remaining-retention-days`. */
  readonly retainUntil: Date;
  /** `s3:object-lock-legal-hold`. */
  readonly legalHold: string;
  /** `s3:x-amz-server-side-encryption`. */
  readonly encryption: string;
  /** `s3:x-amz-server-side-encryption-aws-kms-key-id`. */
  readonly encryptionKey: string;
  /** `s3:InventoryAccessibleOptionalFields`. */
  readonly optionalFields: readonly string[];
}

/** How an operation's input, once its document is read, says each of the facts that it can say. */
export type DocumentReaders<Input> = {
  readonly [Fact in keyof DocumentFacts]?: (input: Input) => DocumentFacts[Fact] | undefined;
};

/**
 * The document in the body of one request, as policies see it. Before it is read, whoever asks for one of its facts is told nothing, and the
 * asking is noted: an answer that was found in this way is none, and the question is to be asked again.
 */
export class RequestDocument {
  readonly #readers: DocumentReaders<never>;
  #input: unknown;
  #isRead = false;
  #unanswered = 0;

  constructor(readers: DocumentReaders<never>) {
    this.#readers = readers;
  }

  /** How often something was asked for that the document may say, before it was read. */
  get unanswered(): number {
    return this.#unanswered;
  }

  /** A fact; `undefined` where the document does not say it, or cannot, or is not read yet. */
  get<Fact extends keyof DocumentFacts>(fact: Fact): DocumentFacts[Fact] | undefined {
    const reader = this.#readers[fact];
    if (reader === undefined) return undefined;
    if (!this.#isRead) {
      this.#unanswered += 1;
      return undefined;
    }
    return reader(this.#input as never);
  }

  /** Takes the operation's input, in which the document is decoded. */
  read(input: unknown): void {
    this.#input = input;
    this.#isRead = true;
  }
}

/** That of a request whose body says nothing for conditions. */
export const NO_DOCUMENT: RequestDocument = new RequestDocument({});
