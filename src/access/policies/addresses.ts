/** An IP address: its bits in groups of 32, the first ones first; an IPv4 address has one group. */
type Address = readonly number[];

/** A range of IP addresses in CIDR notation. */
export interface AddressRange {
  readonly address: Address;
  /** How many bits are fixed. */
  readonly prefixBits: number;
}

const GROUP_BITS = 32;
const IPV4_BYTES = 4;
const IPV6_FIELDS = 8;
const DOT = 0x2e;
const DIGIT_ZERO = 0x30;
/** Where the IPv4 address begins in an IPv6 address that stands for one, ::ffff:192.0.2.1. */
const MAPPED_BITS = 96;
const MAPPED_GROUP = 0xffff;

/** An address, as IPv4 where it is one in IPv6's clothes; `undefined` for what is none. */
export function readAddress(text: string): Address | undefined {
  const ipv4 = readIpv4(text);
  if (ipv4 !== undefined) return [ipv4];
  const zone = text.indexOf("%");
  const ipv6 = readIpv6(zone < 0 ? text : text.slice(0, zone));
  return ipv6 !== undefined && isMapped(ipv6) ? [ipv6[3]!] : ipv6;
}

/** A range, or a single address; `undefined` for what is neither. */
export function readRange(text: string): AddressRange | undefined {
  const slash = text.indexOf("/");
  const written = slash < 0 ? text : text.slice(0, slash);
  const address = readAddress(written);
  if (address === undefined) return undefined;
  const bits = address.length * GROUP_BITS;
  if (slash < 0) return { address, prefixBits: bits };
  const prefix = text.slice(slash + 1);
  if (!/^\d{1,3}$/.test(prefix)) return undefined;
  const isMappedText = address.length === 1 && written.includes(":");
  const prefixBits = Number(prefix) - (isMappedText ? MAPPED_BITS : 0);
  return prefixBits < 0 || prefixBits > bits ? undefined : { address, prefixBits };
}

/** True when an address is of a range. */
export function isWithin({ address, prefixBits }: AddressRange, other: Address): boolean {
  if (address.length !== other.length) return false;
  for (let group = 0, bits = prefixBits; bits > 0; group++, bits -= GROUP_BITS) {
    const difference = address[group]! ^ other[group]!;
    if (bits >= GROUP_BITS ? difference !== 0 : difference >>> (GROUP_BITS - bits) !== 0) return false;
  }
  return true;
}

/** Read by hand, for it is done for every range of every condition. */
function readIpv4(text: string): number | undefined {
  let address = 0;
  let bytes = 1;
  let byte = 0;
  let digits = 0;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === DOT) {
      if (digits === 0 || bytes === IPV4_BYTES) return undefined;
      address = address * 256 + byte;
      bytes++;
      byte = 0;
      digits = 0;
    } else {
      const digit = code - DIGIT_ZERO;
      if (digit < 0 || digit > 9 || digits === 3) return undefined;
      byte = byte * 10 + digit;
      digits++;
      if (byte > 0xff) return undefined;
    }
  }
  return bytes === IPV4_BYTES && digits > 0 ? address * 256 + byte : undefined;
}

function readIpv6(text: string): Address | undefined {
  const [head, tail, more] = text.split("::", 3);
  if (head === undefined || more !== undefined) return undefined;
  const before = fieldsOf(head, tail === undefined);
  const after = tail === undefined ? [] : fieldsOf(tail, true);
  if (before === undefined || after === undefined) return undefined;
  const missing = IPV6_FIELDS - before.length - after.length;
  if (tail === undefined ? missing !== 0 : missing < 1) return undefined;
  const fields = [...before, ...Array<number>(missing).fill(0), ...after];
  return [0, 2, 4, 6].map((at) => fields[at]! * 0x10000 + fields[at + 1]!);
}

/** Groups of 16 bits; the last of an address may be written as an IPv4 address, which is two of them. */
function fieldsOf(text: string, isEnd: boolean): number[] | undefined {
  if (text === "") return [];
  const written = text.split(":", IPV6_FIELDS + 1);
  const fields: number[] = [];
  for (const [index, field] of written.entries()) {
    const ipv4 = isEnd && index === written.length - 1 ? readIpv4(field) : undefined;
    if (ipv4 !== undefined) fields.push(Math.floor(ipv4 / 0x10000), ipv4 % 0x10000);
    else if (/^[0-9a-f]{1,4}$/i.test(field)) fields.push(Number.parseInt(field, 16));
    else return undefined;
  }
  return fields;
}

function isMapped(address: Address): boolean {
  return address[0] === 0 && address[1] === 0 && address[2] === MAPPED_GROUP;
}
