import assert from "node:assert/strict";
import { test } from "node:test";
import { ipv4InIpv6, readNetwork } from "../../src/config/networks.ts";

test("Networks: addresses, and ranges of them", () => {
  assert.deepEqual(readNetwork("10.0.0.0/8"), { family: "ipv4", address: "10.0.0.0", prefixLength: 8 });
  assert.deepEqual(readNetwork("10.1.2.3"), { family: "ipv4", address: "10.1.2.3", prefixLength: 32 });
  assert.deepEqual(readNetwork("fd00::/8"), { family: "ipv6", address: "fd00::", prefixLength: 8 });
  assert.deepEqual(readNetwork("::1"), { family: "ipv6", address: "::1", prefixLength: 128 });
  assert.deepEqual(readNetwork("0.0.0.0/0"), { family: "ipv4", address: "0.0.0.0", prefixLength: 0 });
});

test("Networks: IPv4 in IPv6 is IPv4, unless the range is wider", () => {
  assert.deepEqual(readNetwork("::ffff:10.0.0.0/104"), { family: "ipv4", address: "10.0.0.0", prefixLength: 8 });
  assert.deepEqual(readNetwork("::FFFF:10.0.0.1"), { family: "ipv4", address: "10.0.0.1", prefixLength: 32 });
  assert.deepEqual(readNetwork("::ffff:10.0.0.0/95"), { family: "ipv6", address: "::ffff:10.0.0.0", prefixLength: 95 });
});

test("Networks: anything else is none", () => {
  for (const text of [
    "",
    "/8",
    "10.0.0.0/",
    "10.0.0.0/33",
    "::/129",
    "10.0.0/8",
    "10.0.0.0/8/8",
    "a/8",
    "fe80::1%eth0",
    " ::1",
    "1/-1",
  ])
    assert.equal(readNetwork(text), undefined, text);
});

test("Networks: an address of IPv4 in IPv6 is taken out of it", () => {
  assert.equal(ipv4InIpv6("::ffff:192.0.2.1"), "192.0.2.1");
  for (const address of ["192.0.2.1", "::1", "::ffff:1", "::ffff:192.0.2", "64:ff9b::192.0.2.1"])
    assert.equal(ipv4InIpv6(address), undefined, address);
});
