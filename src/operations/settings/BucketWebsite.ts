import { invalidArgument } from "../../errors/invalidArgument.ts";
import { quoted } from "../../errors/quoted.ts";
import { S3Error } from "../../errors/S3Error.ts";
import type { Condition, IndexDocument, Redirect, RedirectAllRequestsTo, RoutingRule } from "../../protocol/generated/types.ts";
import type { Operation } from "../Operation.ts";
import { bucketSetting } from "./bucketSetting.ts";
import type { Website } from "./websiteRules.ts";
import { WEBSITE_KIND } from "./websiteRules.ts";

const website = bucketSetting<"GetBucketWebsite">({ kind: WEBSITE_KIND, name: "website settings", put: "PutBucketWebsite" });

/**
 * Shows a bucket's website settings.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetBucketWebsite.html
 */
export const GetBucketWebsite: Operation<"GetBucketWebsite"> = website.get(
  "GetBucketWebsite",
  "s3:GetBucketWebsite",
  (options) => new S3Error("NoSuchWebsiteConfiguration", options),
);

/**
 * Makes a bucket a website, or changes the one it is.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutBucketWebsite.html
 */
export const PutBucketWebsite: Operation<"PutBucketWebsite"> = website.put(
  "PutBucketWebsite",
  "s3:PutBucketWebsite",
  ({ WebsiteConfiguration: wanted }) => {
    if (wanted.RedirectAllRequestsTo === undefined) checkPages(wanted);
    else checkRedirectOfAll(wanted.RedirectAllRequestsTo, wanted);
    return wanted;
  },
);

/**
 * Deletes a bucket's website settings. One without any is no error.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/API_DeleteBucketWebsite.html
 */
export const DeleteBucketWebsite: Operation<"DeleteBucketWebsite"> = website.delete(
  "DeleteBucketWebsite",
  "s3:DeleteBucketWebsite",
);

const MAX_ROUTING_RULES = 50;

/** Throws InvalidArgument, MalformedXML and InvalidRequest. */
function checkRedirectOfAll(target: RedirectAllRequestsTo, wanted: Website): void {
  if (Object.keys(wanted).length > 1) {
    throw invalidArgument("RedirectAllRequestsTo", "not null", {
      message: "RedirectAllRequestsTo cannot be provided in conjunction with other Routing Rules.",
      explanation: "RedirectAllRequestsTo sends every visitor to another host, so that nothing else can stand beside it.",
    });
  }
  checkTarget(target);
}

/** Throws InvalidArgument, MalformedXML and InvalidRequest. */
function checkPages({ IndexDocument: index, ErrorDocument: error, RoutingRules: rules }: Website): void {
  checkIndexDocument(index);
  if (error?.Key === "") {
    throw invalidArgument("ErrorDocument", undefined, {
      message: "The ErrorDocument Key is not well formed",
      explanation:
        "The Key of ErrorDocument is empty; name the object that visitors see for an error, or leave ErrorDocument out.",
    });
  }
  if (rules === undefined) return;
  if (rules.length === 0) throw malformed("RoutingRules has no RoutingRule; leave it out where there are none.");
  if (rules.length > MAX_ROUTING_RULES) {
    throw invalid(
      `${rules.length} routing rules provided, the number of routing rules in a website configuration is limited to ${MAX_ROUTING_RULES}.`,
      `RoutingRules has ${rules.length} rules; single objects can be redirected by x-amz-website-redirect-location, any number of them.`,
    );
  }
  for (const rule of rules) checkRule(rule);
}

function checkIndexDocument(index: IndexDocument | undefined): void {
  if (index === undefined) {
    throw invalidArgument("IndexDocument", "null", {
      message: "A value for IndexDocument Suffix must be provided if RedirectAllRequestsTo is empty",
      explanation:
        "A website has an IndexDocument, whose Suffix is the object shown for its root and its folders, or a RedirectAllRequestsTo.",
    });
  }
  const { Suffix: suffix } = index;
  if (suffix !== "" && !suffix.includes("/")) return;
  throw invalidArgument("IndexDocument", suffix === "" ? undefined : suffix, {
    message: "The IndexDocument Suffix is not well formed",
    explanation: `The Suffix of IndexDocument is ${quoted(suffix)}; it names the page of every folder, such as index.html, and so is not empty and has no slash.`,
  });
}

function checkRule({ Condition: condition, Redirect: redirect }: RoutingRule): void {
  if (condition !== undefined) checkCondition(condition);
  if (Object.keys(redirect).length === 0) {
    throw malformed(
      "A Redirect is empty; it has a HostName, a Protocol, a ReplaceKeyPrefixWith, a ReplaceKeyWith or an HttpRedirectCode.",
    );
  }
  if (redirect.ReplaceKeyPrefixWith !== undefined && redirect.ReplaceKeyWith !== undefined) {
    throw invalid(
      "You can only define ReplaceKeyPrefix or ReplaceKey but not both.",
      "A Redirect has ReplaceKeyWith, for the whole key, and ReplaceKeyPrefixWith, for its beginning; use one of the two.",
    );
  }
  checkTarget(redirect);
  const code = checkedCode("HttpRedirectCode", redirect.HttpRedirectCode);
  if (code === undefined || (code > 300 && code < 400)) return;
  throw invalid(
    `The provided HTTP redirect code (${code}) is not valid. Valid codes are 3XX except 300.`,
    `HttpRedirectCode is ${code}; it can be 301, 302, 303, 307 or another of 301 to 399, and is 301 where it is left out.`,
  );
}

function checkCondition({ HttpErrorCodeReturnedEquals, KeyPrefixEquals }: Condition): void {
  if (HttpErrorCodeReturnedEquals === undefined && KeyPrefixEquals === undefined) {
    throw invalid(
      "Condition cannot be empty. To redirect all requests without a condition, the condition element shouldn't be present.",
      "A Condition has neither KeyPrefixEquals nor HttpErrorCodeReturnedEquals; leave the element out for a rule that always applies.",
    );
  }
  const code = checkedCode("HttpErrorCodeReturnedEquals", HttpErrorCodeReturnedEquals);
  if (code === undefined || (code >= 400 && code < 600)) return;
  throw invalid(
    `The provided HTTP error code (${code}) is not valid. Valid codes are 4XX or 5XX.`,
    `HttpErrorCodeReturnedEquals is ${code}, which is the status of no error; a rule for all visitors leaves it out.`,
  );
}

/** S3 does not look at the rest of a host's name, and takes one with a path behind it. Throws MalformedXML and InvalidRequest. */
function checkTarget({ HostName: host, Protocol: protocol }: Pick<Redirect, "HostName" | "Protocol">): void {
  if (host === "") throw malformed("A HostName is empty; leave it out to send visitors to the host that they have asked.");
  if (protocol === undefined || protocol === "http" || protocol === "https") return;
  throw invalid(
    "Invalid protocol, protocol can be http or https. If not defined the protocol will be selected automatically.",
    `Protocol is ${quoted(protocol)}; it can be http or https, and is the one that the visitor used where it is left out.`,
  );
}

const STATUS_FORM = /^\d{1,9}$/;

/** Throws MalformedXML for what is no number. */
function checkedCode(element: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  if (STATUS_FORM.test(text)) return Number(text);
  throw malformed(`${element} is ${quoted(text)}, which is not a number.`);
}

function malformed(explanation: string): S3Error {
  return new S3Error("MalformedXML", { explanation });
}

function invalid(message: string, explanation: string): S3Error {
  return new S3Error("InvalidRequest", { message, explanation });
}
