import type { CustomerKey } from "../../store/encryption/EncryptionWish.ts";
import type { DataKey } from "../../store/encryption/DataKey.ts";
import type { SealedPlace } from "../../store/encryption/sealing.ts";
import { checkCustomerKey, unseal } from "../../store/encryption/sealing.ts";
import type { Soon } from "../../store/metadata/MetadataEngine.ts";
import type { ObjectRecord } from "../../store/records/ObjectRecord.ts";
import { checkReadKey } from "../headers/keyChecks.ts";
import { checkKmsRequest } from "../headers/kmsRequests.ts";
import type { RequestContext } from "../RequestContext.ts";

/** What the keys of reads depend on. */
type KeyContext = Pick<RequestContext, "store" | "takesKeys" | "signatureVersion">;

/** Refuses to tell of an object for which the customer's key is missing, or wrong, or not wanted. Throws InvalidRequest and AccessDenied. */
export function checkKeyOf({ encryption }: Pick<ObjectRecord, "encryption">, customerKey: CustomerKey | undefined): void {
  checkReadKey(encryption, customerKey);
  if (encryption !== undefined) checkCustomerKey(encryption, customerKey);
}

/**
 * The data key that opens the bytes of an object at a place; `undefined` for what is not encrypted. Throws InvalidRequest, AccessDenied,
 * InvalidArgument, what the key service throws, and `EncryptionDamagedError`.
 */
export function dataKeyOf(
  context: KeyContext,
  { encryption }: Pick<ObjectRecord, "encryption">,
  place: SealedPlace,
  customerKey: CustomerKey | undefined,
): Soon<DataKey | undefined> {
  checkReadKey(encryption, customerKey);
  if (encryption === undefined) return undefined;
  if (encryption.serviceKey !== undefined) checkKmsRequest(context);
  return unseal(context.store, encryption, place, customerKey);
}
