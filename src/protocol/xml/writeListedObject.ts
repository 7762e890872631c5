import { escapeXml } from "../../errors/escapeXml.ts";
import type { Object as ListedObject } from "../generated/types.ts";
import { formatDateTime } from "../rest/timestamps.ts";

/**
 * What stands inside a list's element of one object. A page has a thousand of these, and they are nearly all of its time, so they are not
 * written by the interpreter of the shapes. `undefined` for objects with members that are not written here: those are left to it.
 * A test compares what both write.
 */
export function writeListedObject(object: ListedObject): string | undefined {
  const { ChecksumAlgorithm: algorithms, ChecksumType: type, Owner: owner } = object;
  if (object.RestoreStatus !== undefined || (algorithms !== undefined && algorithms.length !== 1)) return undefined;
  let text = "";
  if (object.Key !== undefined) text += `<Key>${escapeXml(object.Key)}</Key>`;
  if (object.LastModified !== undefined) text += `<LastModified>${formatDateTime(object.LastModified.getTime())}</LastModified>`;
  if (object.ETag !== undefined) text += `<ETag>${writeETag(object.ETag)}</ETag>`;
  if (algorithms !== undefined) text += `<ChecksumAlgorithm>${escapeXml(algorithms[0]!)}</ChecksumAlgorithm>`;
  if (type !== undefined) text += `<ChecksumType>${escapeXml(type)}</ChecksumType>`;
  if (object.Size !== undefined) text += `<Size>${object.Size}</Size>`;
  if (owner !== undefined) {
    if (owner.ID === undefined || owner.DisplayName !== undefined) return undefined;
    text += `<Owner><ID>${escapeXml(owner.ID)}</ID></Owner>`;
  }
  if (object.StorageClass !== undefined) text += `<StorageClass>${escapeXml(object.StorageClass)}</StorageClass>`;
  return text;
}

/** What stands between its quotes needs no escapes, as a rule. */
function writeETag(etag: string): string {
  const last = etag.length - 1;
  return last > 0 && etag[0] === '"' && etag[last] === '"' ? `&quot;${escapeXml(etag.slice(1, last))}&quot;` : escapeXml(etag);
}
