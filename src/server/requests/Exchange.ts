import type { ServerResponse } from "node:http";
import type { ServiceError } from "../../errors/ServiceError.ts";
import type { Stage } from "../../journal/RequestRecord.ts";
import { STAGES } from "../../journal/RequestRecord.ts";
import type { RequestUnderWay } from "../../journal/RequestsUnderWay.ts";
import type { Dialect, Routed } from "../../protocol/Dialect.ts";
import type { AnyOperationName } from "../../protocol/operations.ts";
import { rest } from "../../protocol/rest/rest.ts";
import type { Address, WireRequest } from "../../protocol/WireRequest.ts";
import type { CountedRequest } from "../http/CountedRequest.ts";
import type { Sender } from "../http/TrustedProxies.ts";
import { connectionSender } from "../http/TrustedProxies.ts";
import type { RequestSubject, Service } from "../Service.ts";
import type { RequestIds } from "./requestIds.ts";
import type { Strikes } from "../faults/Strikes.ts";
import type { RequestLife } from "./RequestLife.ts";

/**
 * One request and its answer: made once, when the head of the request has been read, and handed to each station on the way, which writes
 * down here what the others need to know. What operations see of it is its `life`.
 */
export class Exchange implements RequestUnderWay {
  readonly service: Service;
  /** As its dialect has them, once that is chosen. */
  ids: RequestIds;
  readonly incoming: CountedRequest;
  readonly response: ServerResponse;
  /** The client waits for "100 Continue" before it sends the body. */
  readonly expectsContinue: boolean;
  /** REST until its address is understood, and for most requests then too. */
  dialect: Dialect = rest;
  /** Once its address is understood. */
  request: WireRequest | undefined;
  /** Once it is found worth asking who sent it. */
  life: RequestLife | undefined;
  /** The name of its operation, once known. */
  operation: AnyOperationName | undefined;
  /** What its dialect made of it, once that is known. */
  routed: Routed | undefined;
  /** When its answer began, by `performance.now()`, where a log may want to know. */
  answerBeganAt: number | undefined;
  /** What the bucket's CORS rules tell the web page that sends it: names and values of headers in turn. */
  corsHeaders: readonly string[] | undefined;
  /** True when it takes one of the places for requests under way. */
  holdsPlace = false;
  /** True from when the last bytes of its answer are handed on, where its end comes only later. */
  hasWholeAnswer = false;
  /** Once its record is entered. */
  isRecorded = false;
  /** What is planned to go wrong; nothing, for nearly all. */
  faults: Strikes | undefined;
  /** Where it was refused, or failed. */
  refusal: Refusal | undefined;
  /** When its turn came, by `performance.now()`. */
  startedAt = 0;
  /** Milliseconds in each of the stages that it has been through. */
  readonly stageTimes: number[] = [];
  #stageBeganAt = 0;
  #sender: Sender | undefined;

  constructor(service: Service, ids: RequestIds, incoming: CountedRequest, response: ServerResponse, expectsContinue: boolean) {
    this.service = service;
    this.ids = ids;
    this.incoming = incoming;
    this.response = response;
    this.expectsContinue = expectsContinue;
  }

  /** Who sends it, as far as can be believed. */
  get sender(): Sender {
    const { proxies } = this.service;
    return (this.#sender ??= proxies === undefined ? connectionSender(this.incoming.socket) : proxies.senderOf(this.incoming));
  }

  /** Whether its client may have all of the answer, and its record is still to be entered. */
  get awaitsRecord(): boolean {
    const { response } = this;
    return !this.isRecorded && (this.hasWholeAnswer || response.writableEnded || response.destroyed);
  }

  /** Its turn has come. */
  begin(): void {
    this.startedAt = performance.now();
    this.#stageBeganAt = this.startedAt;
  }

  /** The station it has come to. */
  get stage(): Stage {
    return STAGES[this.stageTimes.length] ?? "answer";
  }

  /** It comes to a station; those between took no time. */
  enter(stage: Stage): void {
    const { stageTimes } = this;
    const index = STAGES.indexOf(stage);
    if (index <= stageTimes.length) return;
    const now = performance.now();
    stageTimes.push(now - this.#stageBeganAt);
    while (stageTimes.length < index) stageTimes.push(0);
    this.#stageBeganAt = now;
  }

  /** It goes no further than here: it is answered with an error. */
  stop(error: ServiceError, cause: unknown): void {
    this.refusal = { error, cause, stage: this.stage };
    this.enter("answer");
  }

  /** It has ended; returns how many milliseconds it took. */
  leaveStage(): number {
    const now = performance.now();
    this.stageTimes.push(now - this.#stageBeganAt);
    return now - this.startedAt;
  }

  /** Its answer begins. The time is not read for buckets that never had a setting, and so no log: to read it costs more than to note it. */
  beginAnswer(): void {
    if (this.life?.bucket?.configurationRevision !== 0) this.answerBeganAt ??= performance.now();
  }

  /** What it addresses, as its dialect understood it: its body may tell, also where it is not known who asks. */
  get address(): Address | undefined {
    const { life, request, routed } = this;
    const told = routed?.operation === undefined ? undefined : routed.request;
    return (told ?? life?.request ?? request)?.address;
  }

  /** What it is about, as far as it got. */
  get subject(): RequestSubject {
    const { operation, request } = this;
    const { bucket, key } = this.address ?? {};
    const versionId = request === undefined || request.rawQuery === "" ? undefined : request.query.get("versionId");
    const copySource = request?.headers.get("x-amz-copy-source");
    return { method: this.incoming.method ?? "", operation, bucket, key, versionId, copySource };
  }
}

/** Where an exchange was refused, or failed: the error that it is answered with, and what was thrown. */
export interface Refusal {
  readonly error: ServiceError;
  readonly cause: unknown;
  readonly stage: Stage;
}

/** What became of an exchange, for metrics and the access log. */
export interface Outcome {
  /** Of its answer; 0 where a planned fault ended the connection in place of one. */
  readonly status: number;
  readonly errorCode: string | undefined;
  /** What the system has taken of the body, as far as pieces were taken whole. */
  readonly sentSizeBytes: number;
}
