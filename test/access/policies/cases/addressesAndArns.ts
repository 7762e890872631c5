import type { ConditionBlock, Theme } from "./PolicyCase.ts";
import { fails, holds } from "./PolicyCase.ts";

const IP = "aws:SourceIp";
const inside = (...ranges: string[]): ConditionBlock => ({ IpAddress: { [IP]: ranges } });
const outside = (...ranges: string[]): ConditionBlock => ({ NotIpAddress: { [IP]: ranges } });
const from = (address: string): Record<string, string> => ({ [IP]: address });
/** The documentation's bucket: everybody of a range but one. */
const ALL_BUT_ONE: ConditionBlock = { IpAddress: { [IP]: "54.240.143.0/24" }, NotIpAddress: { [IP]: "54.240.143.188/32" } };

export const ADDRESSES: Theme = {
  title: "IP address operators",
  page: "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html#Conditions_IPAddress",
  cases: [
    holds("the first of a range", inside("203.0.113.0/24"), from("203.0.113.0")),
    holds("the last of a range", inside("203.0.113.0/24"), from("203.0.113.255")),
    fails("the next after a range", inside("203.0.113.0/24"), from("203.0.114.0")),
    fails("the last before a range", inside("203.0.113.0/24"), from("203.0.112.255")),
    holds("an address without a range is itself", inside("203.0.113.7"), from("203.0.113.7")),
    fails("an address without a range is no other", inside("203.0.113.7"), from("203.0.113.8")),
    holds("a range of one", inside("203.0.113.7/32"), from("203.0.113.7")),
    fails("a range of one is no other", inside("203.0.113.7/32"), from("203.0.113.6")),
    holds("a range of two", inside("203.0.113.6/31"), from("203.0.113.7")),
    fails("a range of two is not three", inside("203.0.113.6/31"), from("203.0.113.8")),
    holds("a range within a byte", inside("203.0.113.64/26"), from("203.0.113.127")),
    fails("a range within a byte ends there", inside("203.0.113.64/26"), from("203.0.113.128")),
    holds("a range of a byte", inside("10.0.0.0/8"), from("10.255.255.255")),
    fails("a range of a byte ends there", inside("10.0.0.0/8"), from("11.0.0.0")),
    holds("half of all", inside("128.0.0.0/1"), from("203.0.113.1")),
    fails("the other half of all", inside("0.0.0.0/1"), from("203.0.113.1")),
    holds("all", inside("0.0.0.0/0"), from("203.0.113.1")),
    holds("one of several ranges", inside("198.51.100.0/24", "203.0.113.0/24"), from("203.0.113.1")),
    fails("none of several ranges", inside("198.51.100.0/24", "203.0.113.0/24"), from("192.0.2.1")),
    holds("IPv6 in a range", inside("2001:DB8:1234:5678::/64"), from("2001:db8:1234:5678::1")),
    fails("IPv6 in another range", inside("2001:DB8:1234:5678::/64"), from("2001:db8:1234:5679::1")),
    holds("IPv6 written at length", inside("2001:db8::/32"), from("2001:0db8:0000:0000:0000:0000:0000:0001")),
    holds("IPv6 in a range that is written at length", inside("2001:0db8:0000:0000:0000:0000:0000:0000/32"), from("2001:db8::1")),
    holds("IPv6 without a range is itself", inside("2001:db8::1"), from("2001:db8:0::1")),
    fails("IPv6 without a range is no other", inside("2001:db8::1"), from("2001:db8::2")),
    holds("IPv6 within a group", inside("2001:db8:8000::/33"), from("2001:db8:ffff::1")),
    fails("IPv6 within a group ends there", inside("2001:db8:8000::/33"), from("2001:db8:7fff::1")),
    holds("IPv6 of all", inside("::/0"), from("2001:db8::1")),
    fails("IPv6 is in no range of IPv4", inside("0.0.0.0/0"), from("2001:db8::1")),
    fails("IPv4 is in no range of IPv6", inside("::/0"), from("203.0.113.1")),
    holds("both kinds, an address of IPv4", inside("203.0.113.0/24", "2001:DB8:1234:5678::/64"), from("203.0.113.9")),
    holds("both kinds, an address of IPv6", inside("203.0.113.0/24", "2001:DB8:1234:5678::/64"), from("2001:db8:1234:5678:9::")),
    holds("NotIpAddress: outside", outside("203.0.113.0/24"), from("198.51.100.1")),
    fails("NotIpAddress: inside", outside("203.0.113.0/24"), from("203.0.113.1")),
    fails("NotIpAddress: inside one of several", outside("198.51.100.0/24", "203.0.113.0/24"), from("203.0.113.1")),
    holds("NotIpAddress: inside none of several", outside("198.51.100.0/24", "203.0.113.0/24"), from("192.0.2.1")),
    holds("NotIpAddress: IPv6 is outside what is of IPv4", outside("203.0.113.0/24"), from("2001:db8::1")),
    holds("a range but one: another of it", ALL_BUT_ONE, from("54.240.143.187")),
    fails("a range but one: the one", ALL_BUT_ONE, from("54.240.143.188")),
    fails("a range but one: outside", ALL_BUT_ONE, from("54.240.144.1")),
  ],
};

const SOURCE = "aws:SourceArn";
const ROLE = "aws:PrincipalArn";
const FINANCE = "arn:aws:someservice:*:111122223333:finance/*";
const FINANCE_REQUEST = { [SOURCE]: "arn:aws:someservice:us-east-2:999999999999:store/abc:111122223333:finance/document.txt" };
const TOPIC = { [SOURCE]: "arn:aws:sns:us-east-1:123456789012:alerts" };
const role = (name: string, account = "111122223333"): Record<string, string> => ({
  [ROLE]: `arn:aws:iam::${account}:role/${name}`,
});
const roles = (operator: string, ...patterns: string[]): ConditionBlock => ({ [operator]: { [ROLE]: patterns } });

export const ARNS: Theme = {
  title: "ARN operators",
  page: "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html#Conditions_ARN",
  cases: [
    holds("ArnEquals: the same", { ArnEquals: { [SOURCE]: "arn:aws:sns:us-east-1:123456789012:alerts" } }, TOPIC),
    fails("ArnEquals: another resource", { ArnEquals: { [SOURCE]: "arn:aws:sns:us-east-1:123456789012:alarms" } }, TOPIC),
    fails("ArnEquals: another region", { ArnEquals: { [SOURCE]: "arn:aws:sns:us-west-1:123456789012:alerts" } }, TOPIC),
    fails("ArnEquals: another account", { ArnEquals: { [SOURCE]: "arn:aws:sns:us-east-1:999999999999:alerts" } }, TOPIC),
    fails("ArnEquals: another case", { ArnEquals: { [SOURCE]: "arn:aws:sns:us-east-1:123456789012:Alerts" } }, TOPIC),
    holds("ArnEquals: a star in the region", { ArnEquals: { [SOURCE]: "arn:aws:sns:*:123456789012:alerts" } }, TOPIC),
    holds(
      "ArnEquals: a star in the resource, as ArnLike",
      { ArnEquals: { [SOURCE]: "arn:aws:sns:us-east-1:123456789012:*" } },
      TOPIC,
    ),
    holds("ArnLike: the same", { ArnLike: { [SOURCE]: "arn:aws:sns:us-east-1:123456789012:alerts" } }, TOPIC),
    holds("ArnLike: stars in several parts", { ArnLike: { [SOURCE]: "arn:aws:sns:*:*:alert*" } }, TOPIC),
    holds("ArnLike: a question mark", { ArnLike: { [SOURCE]: "arn:aws:sns:us-east-?:123456789012:alerts" } }, TOPIC),
    fails("ArnLike: another service", { ArnLike: { [SOURCE]: "arn:aws:sqs:*:*:*" } }, TOPIC),
    fails("ArnLike: a star crosses no colon", { ArnLike: { [SOURCE]: FINANCE } }, FINANCE_REQUEST),
    holds("StringLike: a star crosses colons", { StringLike: { [SOURCE]: FINANCE } }, FINANCE_REQUEST),
    holds(
      "ArnLike: each part for itself",
      { ArnLike: { [SOURCE]: FINANCE } },
      { [SOURCE]: "arn:aws:someservice:us-east-2:111122223333:finance/document.txt" },
    ),
    holds(
      "ArnLike: colons in the resource are its own",
      { ArnLike: { [SOURCE]: "arn:aws:sns:us-east-1:123456789012:*" } },
      { [SOURCE]: "arn:aws:sns:us-east-1:123456789012:alerts:sub" },
    ),
    holds("a role by name", roles("ArnEquals", "arn:aws:iam::111122223333:role/admin"), role("admin")),
    fails("another role", roles("ArnEquals", "arn:aws:iam::111122223333:role/admin"), role("reader")),
    holds("roles whose names begin so", roles("ArnLike", "arn:aws:iam::111122223333:role/team-*"), role("team-a")),
    holds("roles of a path, across slashes", roles("ArnLike", "arn:aws:iam::111122223333:role/team/*"), role("team/a/reader")),
    holds("roles of any account", roles("ArnLike", "arn:aws:iam::*:role/admin"), role("admin", "999999999999")),
    fails("users are no roles", roles("ArnLike", "arn:aws:iam::*:role/*"), { [ROLE]: "arn:aws:iam::111122223333:user/admin" }),
    holds("one of several", roles("ArnLike", "arn:aws:iam::*:role/a", "arn:aws:iam::*:role/b"), role("b")),
    fails("none of several", roles("ArnLike", "arn:aws:iam::*:role/a", "arn:aws:iam::*:role/b"), role("c")),
    holds("ArnNotEquals: another", roles("ArnNotEquals", "arn:aws:iam::111122223333:role/admin"), role("reader")),
    fails("ArnNotEquals: the same", roles("ArnNotEquals", "arn:aws:iam::111122223333:role/admin"), role("admin")),
    fails("ArnNotEquals: like it, as ArnNotLike", roles("ArnNotEquals", "arn:aws:iam::111122223333:role/a*"), role("admin")),
    holds("ArnNotLike: nothing like it", roles("ArnNotLike", "arn:aws:iam::111122223333:role/a*"), role("reader")),
    fails(
      "ArnNotLike: like one of several",
      roles("ArnNotLike", "arn:aws:iam::*:role/a*", "arn:aws:iam::*:role/r*"),
      role("reader"),
    ),
    holds(
      "ArnNotLike: like none of several",
      roles("ArnNotLike", "arn:aws:iam::*:role/a*", "arn:aws:iam::*:role/r*"),
      role("writer"),
    ),
    fails("what is no ARN is like none", { ArnLike: { [SOURCE]: "arn:aws:sns:*:*:*" } }, { [SOURCE]: "alerts" }),
  ],
};
