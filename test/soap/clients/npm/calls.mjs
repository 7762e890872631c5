/**
 * Makes the calls that come as JSON on standard input with npm's soap, as the WSDL at argv[2] describes them; prints the outcomes as JSON.
 * argv[3] is the folder where soap is installed.
 */
import { createHmac } from "node:crypto";
import { createRequire } from "node:module";
import { join } from "node:path";
import { json } from "node:stream/consumers";

const [, , wsdl, folder] = process.argv;
const soap = createRequire(join(folder, "package.json"))("soap");

/** An argument as soap wants it: a grantee with its type as an attribute, and its elements with the prefix that soap gives the schema. */
function argument(name, value) {
  if (name === "Grantee") {
    const { type, ...members } = value;
    const prefixed = Object.entries(members).map(([key, text]) => [`tns:${key}`, text]);
    return { attributes: { "xsi:type": `tns:${type}` }, ...Object.fromEntries(prefixed) };
  }
  if (Array.isArray(value)) return value.map((inside) => argument(name, inside));
  if (typeof value !== "object") return value;
  return Object.fromEntries(Object.entries(value).map(([key, inside]) => [key, argument(key, inside)]));
}

/** The three elements that say who asks; nothing for a call that nobody signs. */
function signature({ operation, as, ageSeconds = 0, timestamp }) {
  if (as === undefined) return {};
  const now = new Date(Date.now() - ageSeconds * 1000).toISOString();
  const mac = createHmac("sha1", as.secretAccessKey).update(`AmazonS3${operation}${now}`);
  return { AWSAccessKeyId: as.accessKeyId, Timestamp: timestamp ?? now, Signature: mac.digest("base64") };
}

/** What soap has read, as JSON can say it: a grantee's type beside its elements, and nothing of other attributes. */
function plain(value) {
  if (value instanceof Date) return value.toISOString();
  if (Array.isArray(value)) return value.map(plain);
  if (value === null || typeof value !== "object") return value;
  const { attributes, ...members } = value;
  const type = attributes?.["xsi:type"];
  const read = Object.entries(members).map(([key, inside]) => [key, plain(inside)]);
  return { ...(typeof type === "string" && { type }), ...Object.fromEntries(read) };
}

async function outcome(client, call) {
  const { operation, arguments: given, attachment } = call;
  const attachments = [{ mimetype: "text/plain", contentId: "attachment", name: "attachment", body: attachment }];
  const options =
    attachment === undefined
      ? {}
      : { attachments: attachments.map((one) => ({ ...one, body: Buffer.from(one.body, "base64") })) };
  try {
    const [answer] = await client[`${operation}Async`]({ ...argument("", given), ...signature(call) }, options);
    const attached = client.lastResponseAttachments?.parts[0]?.body;
    return {
      // The one element inside the response's; those that set something have none.
      result: plain(Object.values(answer ?? {})[0] ?? {}),
      ...(attached !== undefined && { attachment: attached.toString("base64") }),
    };
  } catch (error) {
    const fault = error.root?.Envelope?.Body?.Fault;
    if (fault === undefined) throw error;
    return { fault: { code: fault.faultcode, message: fault.faultstring, detail: fault.detail ?? {} } };
  }
}

const client = await soap.createClientAsync(wsdl, { parseReponseAttachments: true });
const outcomes = [];
for (const call of await json(process.stdin)) outcomes.push(await outcome(client, call));
process.stdout.write(JSON.stringify(outcomes));
