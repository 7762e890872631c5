import type { ServerResponse } from "node:http";
import type { Dialect } from "../../protocol/Dialect.ts";
import type { OperationName } from "../../protocol/generated/types.ts";
import { rest } from "../../protocol/rest/rest.ts";
import type { WireRequest } from "../../protocol/WireRequest.ts";
import type { CountedRequest } from "../http/CountedRequest.ts";
import type { RequestSubject, Service } from "../Service.ts";
import type { RequestIds } from "./requestIds.ts";
import type { RequestLife } from "./RequestLife.ts";

/**
 * One request and its answer: made once, when the head of the request has been read, and handed to each station on the way, which writes
 * down here what the others need to know. What operations see of it is its `life`.
 */
export class Exchange {
  readonly service: Service;
  readonly ids: RequestIds;
  readonly incoming: CountedRequest;
  readonly response: ServerResponse;
  /** The client waits for "100 Continue" before it sends the body. */
  readonly expectsContinue: boolean;
  /** Chosen once; every request is REST's so far. */
  readonly dialect: Dialect = rest;
  /** Once its address is understood. */
  request: WireRequest | undefined;
  /** Once it is found worth asking who sent it. */
  life: RequestLife | undefined;
  /** The name of its operation, once known. */
  operation: OperationName | undefined;
  /** True when it takes one of the places for requests under way. */
  holdsPlace = false;

  constructor(service: Service, ids: RequestIds, incoming: CountedRequest, response: ServerResponse, expectsContinue: boolean) {
    this.service = service;
    this.ids = ids;
    this.incoming = incoming;
    this.response = response;
    this.expectsContinue = expectsContinue;
  }

  /** What it is about, as far as it got. */
  get subject(): RequestSubject {
    const { bucket, key } = this.request?.address ?? {};
    return { method: this.incoming.method ?? "", bucket, key, copySource: this.request?.headers.get("x-amz-copy-source") };
  }
}

/** What became of an exchange, for metrics and the access log. */
export interface Outcome {
  readonly status: number;
  readonly errorCode: string | undefined;
  readonly sentSizeBytes: number;
}
