/** Percent-encoding as S3 does it (RFC 3986), on bytes. */

const PLAIN: readonly boolean[] = Array.from({ length: 256 }, (_, byte) => /[A-Za-z0-9\-._~]/.test(String.fromCharCode(byte)));
const ENCODED: readonly string[] = Array.from(
  { length: 256 },
  (_, byte) => `%${byte.toString(16).toUpperCase().padStart(2, "0")}`,
);
const SLASH = 0x2f;
const PERCENT = 0x25;
const PLUS = 0x2b;
const SPACE = 0x20;

/** True when percent-encoding would change nothing. */
export function isUnreserved(text: string, keepSlashes: boolean): boolean {
  for (let index = 0; index < text.length; index += 1) {
    const code = text.charCodeAt(index);
    if (PLAIN[code] !== true && !(keepSlashes && code === SLASH)) return false;
  }
  return true;
}

/** Writes every byte but the unreserved ones (and slashes, if kept) as %XX. */
export function percentEncode(bytes: Uint8Array, keepSlashes: boolean): string {
  let text = "";
  for (const byte of bytes)
    text += PLAIN[byte] === true || (keepSlashes && byte === SLASH) ? String.fromCharCode(byte) : ENCODED[byte];
  return text;
}

/**
 * The bytes a percent-encoded path stands for. S3 reads a plus as a space, in paths too. A "%" that begins no escape stands for itself; a character outside ASCII is one byte, as
 * Node hands over targets that were sent unescaped.
 */
export function percentDecode(text: string): Buffer {
  const source = Buffer.from(text, "latin1");
  const bytes = Buffer.allocUnsafe(source.length);
  let length = 0;
  for (let index = 0; index < source.length; index += 1) {
    const value = source[index] === PERCENT ? hexByte(source[index + 1], source[index + 2]) : undefined;
    bytes[length++] = value ?? (source[index] === PLUS ? SPACE : source[index]!);
    if (value !== undefined) index += 2;
  }
  return bytes.subarray(0, length);
}

function hexByte(high: number | undefined, low: number | undefined): number | undefined {
  const first = hexDigit(high);
  const second = hexDigit(low);
  return first === undefined || second === undefined ? undefined : first * 16 + second;
}

function hexDigit(code: number | undefined): number | undefined {
  if (code === undefined) return undefined;
  if (code >= 0x30 && code <= 0x39) return code - 0x30;
  const lower = code | 0x20;
  return lower >= 0x61 && lower <= 0x66 ? lower - 0x57 : undefined;
}
