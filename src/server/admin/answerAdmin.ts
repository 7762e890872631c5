import { authenticate } from "../../auth/authenticate.ts";
import { S3Error } from "../../errors/S3Error.ts";
import type { SentMembers } from "../../protocol/SentMembers.ts";
import type { Address, WireRequest } from "../../protocol/WireRequest.ts";
import { noteKeyUse } from "../../store/accounts/keyLastUsed.ts";
import { writeOutput } from "../http/respond.ts";
import { withHoistedHeaders } from "../http/wireRequest.ts";
import type { Exchange, Outcome } from "../requests/Exchange.ts";
import { askForBody } from "../requests/expectations.ts";
import { RequestLife } from "../requests/RequestLife.ts";
import { JSON_TYPE } from "./adminDialect.ts";
import { actionOf } from "./AdminOperation.ts";
import { checkAdministrator } from "./administrators.ts";
import { Parameters } from "./Parameters.ts";
import { readDocument } from "./readDocument.ts";
import { isDescriptionAsked, routeAdmin } from "./routeAdmin.ts";

/** What requests of the admin API address of S3's: nothing. */
const NOWHERE: Address = { style: "path", bucket: undefined, key: undefined };

/** They have no members that policies could ask for. */
const NO_MEMBERS: SentMembers = { text: () => undefined };

/**
 * Answers a request of the admin API: signed as any other, by an administrator, within the rates, with a verified body. Its description is
 * everybody's. Throws the error of the first check that fails, in the order in which S3's requests are checked.
 */
export async function answerAdmin(exchange: Exchange, sent: WireRequest): Promise<Outcome> {
  const { service, response } = exchange;
  const request = { ...sent, address: NOWHERE };
  exchange.request = request;
  const life = new RequestLife(service, exchange.ids, request, withHoistedHeaders(request));
  exchange.life = life;
  life.sent = NO_MEMBERS;
  response.on("close", () => life.leave());
  if (isDescriptionAsked(request)) {
    const { openApi } = await import("./description/openApi.ts");
    return write(exchange, openApi());
  }
  exchange.enter("authentication");
  const { store, credentials, region, regions: otherRegions } = service;
  const asked = { credentials, region, otherRegions, nowMs: life.nowMs, realClock: store.realClock };
  const { caller, payload, signature } = await authenticate(request, asked, life.request);
  life.caller = caller;
  life.signature = signature;
  life.region = signature?.region ?? region;
  if (caller.kind === "user" && caller.session === undefined) {
    noteKeyUse(store, caller.accessKeyId, { usedAtMs: life.nowMs, service: "s3", region: life.region });
  }
  exchange.enter("authorization");
  const { operation, path } = routeAdmin(request);
  await checkAdministrator(life, actionOf(operation), operation.resource);
  if (service.limiter !== undefined) await service.limiter.admit(life);
  exchange.enter("input");
  const body = await readDocument(request, payload, {
    idleTimeoutMs: service.limits.idleTimeoutMs,
    beforeFirstRead: exchange.expectsContinue ? () => askForBody(response) : undefined,
  });
  if (body.length > 0 && operation.takes === undefined) {
    throw new S3Error("InvalidRequest", { explanation: `${operation.name} takes no body, and ${body.length} bytes came.` });
  }
  const query = new Parameters(request.query, operation.parameters);
  exchange.enter("execution");
  const document = await operation.handle({ service, life, path, query, body });
  exchange.enter("answer");
  return write(exchange, document);
}

async function write(exchange: Exchange, document: unknown): Promise<Outcome> {
  const body = Buffer.from(JSON.stringify(document));
  const sentSizeBytes = await writeOutput(exchange, {
    status: 200,
    headers: [
      ["Content-Type", JSON_TYPE],
      // What is told here is its caller's alone, and changes.
      ["Cache-Control", "no-store"],
    ],
    body,
  });
  return { status: 200, errorCode: undefined, sentSizeBytes };
}
