import assert from "node:assert/strict";
import { test } from "node:test";
import { isWithin, readAddress, readRange } from "../../../src/access/policies/addresses.ts";

test("readAddress: four numbers to 255, of three digits at most", () => {
  assert.deepEqual(readAddress("1.2.3.4"), [0x01020304]);
  assert.deepEqual(readAddress("255.255.255.255"), [0xffffffff]);
  assert.deepEqual(readAddress("001.010.100.000"), [0x010a6400]);
  for (const text of [
    "",
    "1.2.3",
    "1.2.3.",
    "1.2.3.4.",
    "1.2.3.4.5",
    ".1.2.3",
    "1..2.3",
    "256.1.1.1",
    "0001.2.3.4",
    "1.2.3.0004",
  ])
    assert.equal(readAddress(text), undefined, text);
  for (const text of ["1.2.3.a", "1.2.3.-4", " 1.2.3.4", "1.2.3.4/8", "1.2.3.4%1"])
    assert.equal(readAddress(text), undefined, text);
});

test("readAddress: IPv6 in all its forms, without its zone, and as IPv4 where it is that", () => {
  assert.deepEqual(readAddress("2001:db8:1:2:3:4:5:6"), [0x20010db8, 0x00010002, 0x00030004, 0x00050006]);
  assert.deepEqual(readAddress("2001:DB8::6"), [0x20010db8, 0, 0, 6]);
  assert.deepEqual(readAddress("::"), [0, 0, 0, 0]);
  assert.deepEqual(readAddress("fe80::1%eth0"), [0xfe800000, 0, 0, 1]);
  assert.deepEqual(readAddress("1::192.0.2.1"), [0x00010000, 0, 0, 0xc0000201]);
  assert.deepEqual(readAddress("::ffff:192.0.2.1"), [0xc0000201]);
  assert.deepEqual(readAddress("::ffff:c000:201"), [0xc0000201]);
  for (const text of [
    ":",
    ":::",
    "1::2::3",
    "1:2:3:4:5:6:7",
    "1:2:3:4:5:6:7:8:9",
    "1:2:3:4:5:6:7::8",
    "12345::",
    "g::",
    "192.0.2.1::",
  ])
    assert.equal(readAddress(text), undefined, text);
});

test("readRange: an address with as many bits as it can have, or alone", () => {
  assert.deepEqual(readRange("10.0.0.0/8"), { address: [0x0a000000], prefixBits: 8 });
  assert.deepEqual(readRange("10.0.0.1"), { address: [0x0a000001], prefixBits: 32 });
  assert.deepEqual(readRange("10.0.0.1/32"), { address: [0x0a000001], prefixBits: 32 });
  assert.deepEqual(readRange("0.0.0.0/0"), { address: [0], prefixBits: 0 });
  assert.deepEqual(readRange("::/128"), { address: [0, 0, 0, 0], prefixBits: 128 });
  assert.deepEqual(readRange("::ffff:10.0.0.0/104"), { address: [0x0a000000], prefixBits: 8 });
  assert.deepEqual(readRange("::ffff:10.0.0.0/96"), { address: [0x0a000000], prefixBits: 0 });
  for (const text of [
    "/8",
    "10.0.0.0/",
    "10.0.0.0/33",
    "10.0.0.0/-1",
    "10.0.0.0/8x",
    "10.0.0.0/0008",
    "::/129",
    "::ffff:10.0.0.0/95",
  ])
    assert.equal(readRange(text), undefined, text);
});

test("isWithin: the fixed bits decide, in each group of an address, and no family is in the other", () => {
  const within = (range: string, address: string): boolean => isWithin(readRange(range)!, readAddress(address)!);
  assert.ok(within("10.0.0.0/8", "10.255.0.1"));
  assert.ok(!within("10.0.0.0/8", "11.0.0.0"));
  assert.ok(within("192.0.2.128/25", "192.0.2.129"));
  assert.ok(!within("192.0.2.128/25", "192.0.2.127"));
  assert.ok(!within("192.0.2.1/32", "192.0.2.0"));
  assert.ok(within("0.0.0.0/0", "255.1.2.3"));
  assert.ok(within("2001:db8::/33", "2001:db8:7fff::1"));
  assert.ok(!within("2001:db8::/33", "2001:db8:8000::1"));
  assert.ok(!within("2001:db8::/64", "2001:db8:0:1::"));
  assert.ok(!within("2001:db8::1/128", "2001:db8::2"));
  assert.ok(!within("0.0.0.0/0", "::1"));
  assert.ok(!within("::/0", "1.2.3.4"));
  assert.ok(within("::/0", "ffff::"));
});
