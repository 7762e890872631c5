import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import type { Asked } from "./AnswerServer.ts";
import { AnswerServer } from "./AnswerServer.ts";
import type { Refusal, Row } from "./refusals.ts";
import { invalidArgument, invalidRequest, malformedXml, refusals } from "./refusals.ts";

/** PutBucketWebsite, GetBucketWebsite and DeleteBucketWebsite over the wire. */

const NAMESPACE = "http://s3.amazonaws.com/doc/2006-03-01/";
const INDEX = "<IndexDocument><Suffix>index.html</Suffix></IndexDocument>";

function put(inside: string): Asked {
  return {
    method: "PUT",
    path: "/bucket",
    query: { website: "" },
    body: `<WebsiteConfiguration>${inside}</WebsiteConfiguration>`,
  };
}

function refused(cause: string, inside: string, answer: Refusal): Row {
  return { cause, asked: put(inside), stage: "operation", readsBody: true, answer };
}

function withRule(rule: string): string {
  return `${INDEX}<RoutingRules><RoutingRule>${rule}</RoutingRule></RoutingRules>`;
}

refusals("PutBucketWebsite", [
  refused(
    "neither pages nor a redirect",
    "",
    invalidArgument(
      "A value for IndexDocument Suffix must be provided if RedirectAllRequestsTo is empty",
      "IndexDocument",
      "null",
      "A website has an IndexDocument, whose Suffix is the object shown for its root and its folders, or a RedirectAllRequestsTo.",
    ),
  ),
  refused(
    "an index document with a slash",
    "<IndexDocument><Suffix>/index.html</Suffix></IndexDocument>",
    invalidArgument(
      "The IndexDocument Suffix is not well formed",
      "IndexDocument",
      "/index.html",
      'The Suffix of IndexDocument is "/index.html"; it names the page of every folder, such as index.html, and so is not empty and has no slash.',
    ),
  ),
  refused(
    "an empty index document",
    "<IndexDocument><Suffix/></IndexDocument>",
    invalidArgument(
      "The IndexDocument Suffix is not well formed",
      "IndexDocument",
      undefined,
      'The Suffix of IndexDocument is ""; it names the page of every folder, such as index.html, and so is not empty and has no slash.',
    ),
  ),
  refused("an index document without its suffix", "<IndexDocument/>", malformedXml("IndexDocument lacks its element Suffix.")),
  refused(
    "an empty error document",
    `${INDEX}<ErrorDocument><Key/></ErrorDocument>`,
    invalidArgument(
      "The ErrorDocument Key is not well formed",
      "ErrorDocument",
      undefined,
      "The Key of ErrorDocument is empty; name the object that visitors see for an error, or leave ErrorDocument out.",
    ),
  ),
  refused(
    "a redirect of all beside pages",
    `${INDEX}<RedirectAllRequestsTo><HostName>a</HostName></RedirectAllRequestsTo>`,
    invalidArgument(
      "RedirectAllRequestsTo cannot be provided in conjunction with other Routing Rules.",
      "RedirectAllRequestsTo",
      "not null",
      "RedirectAllRequestsTo sends every visitor to another host, so that nothing else can stand beside it.",
    ),
  ),
  refused(
    "another protocol",
    "<RedirectAllRequestsTo><HostName>a</HostName><Protocol>gopher</Protocol></RedirectAllRequestsTo>",
    invalidRequest(
      "Invalid protocol, protocol can be http or https. If not defined the protocol will be selected automatically.",
      'Protocol is "gopher"; it can be http or https, and is the one that the visitor used where it is left out.',
    ),
  ),
  refused(
    "no rule",
    `${INDEX}<RoutingRules/>`,
    malformedXml("RoutingRules has no RoutingRule; leave it out where there are none."),
  ),
  refused("a rule that does nothing", withRule(""), malformedXml("RoutingRule lacks its element Redirect.")),
  refused(
    "an empty condition",
    withRule("<Condition/><Redirect><HostName>a</HostName></Redirect>"),
    invalidRequest(
      "Condition cannot be empty. To redirect all requests without a condition, the condition element shouldn't be present.",
      "A Condition has neither KeyPrefixEquals nor HttpErrorCodeReturnedEquals; leave the element out for a rule that always applies.",
    ),
  ),
  refused(
    "a code of no redirect",
    withRule("<Redirect><HttpRedirectCode>300</HttpRedirectCode></Redirect>"),
    invalidRequest(
      "The provided HTTP redirect code (300) is not valid. Valid codes are 3XX except 300.",
      "HttpRedirectCode is 300; it can be 301, 302, 303, 307 or another of 301 to 399, and is 301 where it is left out.",
    ),
  ),
  {
    cause: "a document of more than 128 KiB",
    asked: put("x".repeat(128 * 1024)),
    stage: "operation",
    answer: {
      status: 400,
      code: "MaxMessageLengthExceeded",
      message: "Your request was too big.",
      details: { MaxMessageLengthBytes: "131072" },
      says: "The body has 131117 bytes; this operation takes 131072 at most.",
    },
  },
]);

let answers: AnswerServer;
before(async () => (answers = await AnswerServer.start()));
after(() => answers[Symbol.asyncDispose]());

async function done(asked: Asked, status = 200): Promise<string> {
  const answer = await answers.send(asked, "header");
  assert.equal(answer.status, status, answer.body);
  return answer.body;
}

test("GetBucketWebsite: shows what was put, without a checksum as s3cmd does, in the order of AWS's reference", async () => {
  const condition = "<HttpErrorCodeReturnedEquals>404</HttpErrorCodeReturnedEquals><KeyPrefixEquals>a&amp;b/</KeyPrefixEquals>";
  const redirect =
    "<HostName>example.com</HostName><HttpRedirectCode>302</HttpRedirectCode><Protocol>https</Protocol><ReplaceKeyWith></ReplaceKeyWith>";
  const rule = `<RoutingRule><Condition>${condition}</Condition><Redirect>${redirect}</Redirect></RoutingRule>`;
  const whole = `${INDEX}<ErrorDocument><Key>404.html</Key></ErrorDocument><RoutingRules>${rule}</RoutingRules>`;
  const all = "<RedirectAllRequestsTo><HostName>example.com</HostName></RedirectAllRequestsTo>";
  const get: Asked = { method: "GET", path: "/bucket", query: { website: "" } };
  for (const inside of [whole, INDEX, all]) {
    assert.equal(await done(put(inside)), "");
    assert.equal(
      await done(get),
      `<?xml version="1.0" encoding="UTF-8"?>\n<WebsiteConfiguration xmlns="${NAMESPACE}">${inside}</WebsiteConfiguration>`,
    );
  }
  await done({ ...get, method: "DELETE" }, 204);
  await done(get, 404);
});
