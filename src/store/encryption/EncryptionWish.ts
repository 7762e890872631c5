/** How an object is encrypted, as S3 calls it; `customer` is with a key that the customer brings each time. */
export type EncryptionKind = "AES256" | "aws:kms" | "aws:kms:dsse" | "customer";

/** A customer's key, as a request brings it; checked by its form. */
export interface CustomerKey {
  /** 32 bytes. */
  readonly bytes: Buffer;
  /** Base64, as sent. */
  readonly md5: string;
}

/** How a write wants its object to be encrypted, once its headers and the defaults of its bucket and of the store are looked at. */
export type EncryptionWish =
  /** Not at all: the store's default is off, and nobody asked. */
  | { readonly kind: "none" }
  | { readonly kind: "AES256" }
  | {
      readonly kind: "aws:kms" | "aws:kms:dsse";
      /** As sent or as the bucket's default says; `undefined` is the key service's default key for S3. */
      readonly keyId: string | undefined;
      /** What the caller says of it, as parsed from JSON; the bucket's or object's ARN is added when it is used. */
      readonly context: Readonly<Record<string, string>>;
      /** Whether the bucket has one key of the service's for all its objects for a while. */
      readonly bucketKey: boolean;
    }
  | { readonly kind: "customer"; readonly key: CustomerKey };
