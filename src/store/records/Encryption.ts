import type { EncryptionKind } from "../encryption/EncryptionWish.ts";
import type { FieldReader, FieldWriter } from "./fields.ts";
import type { Draft, Field, NumberedNames } from "./recordCodec.ts";
import { numberedNames } from "./recordCodec.ts";

/**
 * How the bytes of an object, or of the parts of an upload, are encrypted, and what opens them again: a data key that lies here sealed.
 * docs/durability.md says how to decrypt with it by hand.
 */
export interface Encryption {
  readonly kind: EncryptionKind;
  /** `AES256`: the name of the master key; KMS: the key's ARN; `customer`: the MD5 of the key, in base64, as it was sent. */
  readonly keyName: string;
  /** KMS: what the service makes the key again of that the data key is sealed with. */
  readonly serviceKey: Buffer | undefined;
  /** KMS: what the caller says of it, as JSON; "" for nothing. */
  readonly context: string;
  /** KMS: whether the key that seals is one of the bucket. */
  readonly bucketKey: boolean;
  /** The data key, sealed: a nonce (12 bytes), the key (32), a tag (16). */
  readonly sealedKey: Buffer;
  /** `customer`: what a key is compared by before it opens anything. */
  readonly checkValue: Buffer | undefined;
  /** How often the bytes are encrypted, one over the other. */
  readonly layers: 1 | 2;
}

/** Kinds of encryption as stored. */
const KINDS: NumberedNames<EncryptionKind> = numberedNames({ AES256: 1, "aws:kms": 2, "aws:kms:dsse": 3, customer: 4 });

const KIND_TAG = 50;

type Encrypted = { readonly encryption: Encryption | undefined };

/** The member `encryption`, which objects and uploads hold under the same tags. What is not encrypted takes no room. */
export function encryptionFields<Record extends Encrypted>(): Field<Record>[] {
  const table: Field<Encrypted>[] = [
    {
      tag: KIND_TAG,
      write: ({ encryption }, out) => out.integer(KIND_TAG, encryption && KINDS.numbers[encryption.kind]),
      read(fields, draft) {
        // One of a later version has no name here, and stays: its bytes must not be taken for plain ones.
        draft.encryption = { ...NOTHING, kind: KINDS.names[fields.integer] as EncryptionKind };
      },
    },
    part(
      51,
      (out, { keyName }) => out.text(51, keyName),
      (fields, draft) => void (draft.keyName = fields.text()),
    ),
    part(
      52,
      (out, { serviceKey }) => out.bytes(52, serviceKey),
      (fields, draft) => void (draft.serviceKey = fields.bytes()),
    ),
    part(
      53,
      (out, { context }) => out.text(53, context || undefined),
      (fields, draft) => void (draft.context = fields.text()),
    ),
    part(
      54,
      (out, { bucketKey }) => out.integer(54, bucketKey ? 1 : undefined),
      (fields, draft) => void (draft.bucketKey = fields.integer === 1),
    ),
    part(
      55,
      (out, { sealedKey }) => out.bytes(55, sealedKey),
      (fields, draft) => void (draft.sealedKey = fields.bytes()),
    ),
    part(
      56,
      (out, { checkValue }) => out.bytes(56, checkValue),
      (fields, draft) => void (draft.checkValue = fields.bytes()),
    ),
    part(
      57,
      (out, { layers }) => out.integer(57, layers === 1 ? undefined : layers),
      (fields, draft) => void (draft.layers = fields.integer as 1 | 2),
    ),
  ];
  return table;
}

const NOTHING: Omit<Encryption, "kind"> = {
  keyName: "",
  serviceKey: undefined,
  context: "",
  bucketKey: false,
  sealedKey: Buffer.alloc(0),
  checkValue: undefined,
  layers: 1,
};

function part(
  tag: number,
  write: (out: FieldWriter, encryption: Encryption) => void,
  read: (fields: FieldReader, draft: Draft<Encryption>) => void,
): Field<Encrypted> {
  return {
    tag,
    write({ encryption }, out) {
      if (encryption !== undefined) write(out, encryption);
    },
    read(fields, { encryption }) {
      // Damage to a record without a checksum may leave the rest without its beginning.
      if (encryption !== undefined) read(fields, encryption);
    },
  };
}
