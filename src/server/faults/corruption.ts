/** Bytes with one of them changed, in memory of their own; the same bytes where it is none of theirs. */
export function corruptedBytes(bytes: Buffer, atByte: number): Buffer {
  if (atByte < 0 || atByte >= bytes.length) return bytes;
  const changed = Buffer.from(bytes);
  changed[atByte]! ^= 0xff;
  return changed;
}

type Headers = readonly (readonly [name: string, value: string])[];

/** The base64 of a checksum, with the number of parts behind it where it is made of theirs. */
const CHECKSUM = /^([A-Za-z0-9+/]+=*)(-\d+)?$/;
/** The ETag that is the MD5 of a body. */
const MD5_ETAG = /^"[0-9a-f]{32}"$/;

/**
 * Headers whose checksums are of other bytes: every x-amz-checksum-…, or, where there is none, an ETag that is an MD5. `undefined` where the
 * answer has neither, so that nothing is wrong with it.
 */
export function withWrongChecksums(
  headers: Headers,
): { readonly headers: Headers; readonly names: readonly string[] } | undefined {
  const isChecksum = (name: string): boolean => /^x-amz-checksum-(?!type$)/i.test(name);
  const hasChecksums = headers.some(([name]) => isChecksum(name));
  const names: string[] = [];
  const wrong = headers.map(([name, value]) => {
    const other = hasChecksums ? isChecksum(name) && wrongChecksum(value) : name.toLowerCase() === "etag" && wrongETag(value);
    if (other === false) return [name, value] as const;
    names.push(name);
    return [name, other] as const;
  });
  return names.length === 0 ? undefined : { headers: wrong, names };
}

function wrongChecksum(value: string): string | false {
  const [, base64, parts = ""] = CHECKSUM.exec(value) ?? [];
  return base64 !== undefined && corruptedBytes(Buffer.from(base64, "base64"), 0).toString("base64") + parts;
}

function wrongETag(value: string): string | false {
  return MD5_ETAG.test(value) && `"${corruptedBytes(Buffer.from(value.slice(1, -1), "hex"), 0).toString("hex")}"`;
}
