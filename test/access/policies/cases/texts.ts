import type { Theme } from "./PolicyCase.ts";
import { fails, holds } from "./PolicyCase.ts";

const PREFIX = "s3:prefix";
const equals = (...values: string[]) => ({ StringEquals: { [PREFIX]: values.length === 1 ? values[0]! : values } });
const notEquals = (...values: string[]) => ({ StringNotEquals: { [PREFIX]: values } });
const like = (...values: string[]) => ({ StringLike: { [PREFIX]: values } });
const notLike = (...values: string[]) => ({ StringNotLike: { [PREFIX]: values } });
const prefix = (value: string) => ({ [PREFIX]: value });

export const TEXTS: Theme = {
  title: "string operators",
  page: "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html#Conditions_String",
  cases: [
    holds("StringEquals: the same", equals("home/"), prefix("home/")),
    fails("StringEquals: another", equals("home/"), prefix("work/")),
    fails("StringEquals: another case", equals("home/"), prefix("Home/")),
    fails("StringEquals: only the beginning", equals("home"), prefix("home/")),
    fails("StringEquals: only the end", equals("/"), prefix("home/")),
    holds("StringEquals: one of several", equals("", "home/", "work/"), prefix("work/")),
    fails("StringEquals: none of several", equals("", "home/", "work/"), prefix("play/")),
    holds("StringEquals: nothing is nothing", equals(""), prefix("")),
    fails("StringEquals: nothing is not something", equals(""), prefix("home/")),
    fails("StringEquals: a star is a star", equals("home/*"), prefix("home/a")),
    holds("StringEquals: a star is that star", equals("home/*"), prefix("home/*")),
    fails("StringEquals: a question mark is a question mark", equals("hom?/"), prefix("home/")),
    holds("StringEquals: a number written as one", { StringEquals: { "s3:max-keys": 10 } }, { "s3:max-keys": "10" }),
    holds(
      "StringEquals: a boolean written as one",
      { StringEquals: { "aws:SecureTransport": true } },
      { "aws:SecureTransport": "true" },
    ),
    holds("StringEquals: what is beyond ASCII", equals("für/"), prefix("für/")),
    holds("StringNotEquals: another", notEquals("home/"), prefix("work/")),
    fails("StringNotEquals: the same", notEquals("home/"), prefix("home/")),
    holds("StringNotEquals: another case", notEquals("home/"), prefix("HOME/")),
    holds("StringNotEquals: none of several", notEquals("home/", "work/"), prefix("play/")),
    fails("StringNotEquals: one of several", notEquals("home/", "work/"), prefix("work/")),
    holds("StringNotEquals: a star is a star", notEquals("home/*"), prefix("home/a")),
    holds("StringEqualsIgnoreCase: the same", { StringEqualsIgnoreCase: { "aws:username": "john" } }, { "aws:username": "john" }),
    holds(
      "StringEqualsIgnoreCase: another case",
      { StringEqualsIgnoreCase: { "aws:username": "john" } },
      { "aws:username": "John" },
    ),
    holds(
      "StringEqualsIgnoreCase: another case in the policy",
      { StringEqualsIgnoreCase: { "aws:username": "JOHN" } },
      { "aws:username": "john" },
    ),
    fails(
      "StringEqualsIgnoreCase: another name",
      { StringEqualsIgnoreCase: { "aws:username": "john" } },
      { "aws:username": "Joan" },
    ),
    holds(
      "StringEqualsIgnoreCase: one of several",
      { StringEqualsIgnoreCase: { "aws:username": ["ann", "john"] } },
      { "aws:username": "JOHN" },
    ),
    fails(
      "StringEqualsIgnoreCase: a star is a star",
      { StringEqualsIgnoreCase: { "aws:username": "j*" } },
      { "aws:username": "John" },
    ),
    fails(
      "StringNotEqualsIgnoreCase: another case",
      { StringNotEqualsIgnoreCase: { "aws:username": "john" } },
      { "aws:username": "John" },
    ),
    holds(
      "StringNotEqualsIgnoreCase: another name",
      { StringNotEqualsIgnoreCase: { "aws:username": "john" } },
      { "aws:username": "Joan" },
    ),
    fails(
      "StringNotEqualsIgnoreCase: one of several",
      { StringNotEqualsIgnoreCase: { "aws:username": ["ann", "john"] } },
      { "aws:username": "Ann" },
    ),
    holds("StringLike: the same", like("home/"), prefix("home/")),
    fails("StringLike: another case", like("home/*"), prefix("Home/a")),
    holds("StringLike: a star at the end", like("home/*"), prefix("home/a/b")),
    holds("StringLike: a star may be nothing", like("home/*"), prefix("home/")),
    fails("StringLike: not without a star", like("home/"), prefix("home/a")),
    holds("StringLike: a star at the beginning", like("*.jpg"), prefix("a/b.jpg")),
    holds("StringLike: a star in the middle", like("a*c"), prefix("abbbc")),
    fails("StringLike: a star in the middle, and another end", like("a*c"), prefix("abbbd")),
    holds("StringLike: a star alone is anything", like("*"), prefix("home/")),
    holds("StringLike: a star alone is nothing, too", like("*"), prefix("")),
    holds("StringLike: a question mark is one character", like("home/?"), prefix("home/a")),
    fails("StringLike: a question mark is not none", like("home/?"), prefix("home/")),
    fails("StringLike: a question mark is not two", like("home/?"), prefix("home/ab")),
    holds("StringLike: one of several", like("", "home/", "home/ann/*"), prefix("home/ann/x")),
    fails("StringLike: none of several", like("", "home/", "home/ann/*"), prefix("home/bob/x")),
    holds("StringLike: a line's end is a character", like("a*c"), prefix("a\nc")),
    fails("StringLike: a dot is a dot", like("a.c"), prefix("abc")),
    holds("StringNotLike: nothing like it", notLike("home/*"), prefix("work/a")),
    fails("StringNotLike: like it", notLike("home/*"), prefix("home/a")),
    fails("StringNotLike: like one of several", notLike("home/*", "work/*"), prefix("work/a")),
    holds("StringNotLike: like none of several", notLike("home/*", "work/*"), prefix("play/a")),
    holds("names of keys have no case", { StringEquals: { "AWS:UserName": "ann" } }, { "aws:username": "ann" }),
    fails("names of keys have no case, and values have", { StringEquals: { "AWS:UserName": "ann" } }, { "aws:username": "Ann" }),
    holds(
      "names of tags in keys have no case",
      { StringEquals: { "aws:PrincipalTag/Department": "hr" } },
      { "aws:PrincipalTag/department": "hr" },
    ),
  ],
};
