import { createHash } from "node:crypto";
import { createBucket } from "../../src/store/buckets/buckets.ts";
import type { RawAnswer } from "../server/RawConnection.ts";
import { AnswerServer, NOW_MS } from "./AnswerServer.ts";
import { presigned, signedByHeader } from "./signing.ts";

/** Longer ago than the global host name takes to know a bucket. */
const LONG_AGO_MS = NOW_MS - 48 * 60 * 60 * 1000;

/** What is asked of which host, and for which region it is signed; without one it is not. */
export interface AskedAt {
  readonly method?: string;
  readonly path?: string;
  readonly query?: Readonly<Record<string, string>>;
  readonly body?: string;
  readonly region?: string;
  /** Signed by query. */
  readonly isPresigned?: boolean;
}

/** A server of three regions, with a bucket in each: "east", "west" (eu-west-1), "south" (af-south-1), and of a day's age "old-west". */
export class RegionServer {
  readonly answers: AnswerServer;

  private constructor(answers: AnswerServer) {
    this.answers = answers;
  }

  static async start(regions: readonly string[] = ["us-east-1", "eu-west-1", "af-south-1"]): Promise<RegionServer> {
    const answers = await AnswerServer.startEmpty({ region: regions, domains: ["s3.test"] });
    const server = new RegionServer(answers);
    await server.make("east", "us-east-1");
    await server.make("west", "eu-west-1");
    await server.make("south", "af-south-1");
    await server.make("old-west", "eu-west-1", LONG_AGO_MS);
    await server.make("old.west", "eu-west-1", LONG_AGO_MS);
    return server;
  }

  /** A bucket of the owner's. */
  async make(name: string, region: string, createdAtMs: number = NOW_MS): Promise<void> {
    const { canonicalId: ownerId, displayName: ownerName } = await this.answers.owner();
    await createBucket(this.answers.server.store, { name, region, ownerId, ownerName, createdAtMs });
  }

  /** Sends a request to this host, whose port is said by "*". */
  async ask(hostForm: string, asked: AskedAt = {}): Promise<RawAnswer> {
    const { method = "GET", path = "/", query = {}, body = "", region, isPresigned } = asked;
    const host = this.host(hostForm);
    const headers: Record<string, string> = body === "" ? {} : { "content-md5": createHash("md5").update(body).digest("base64") };
    const request = { method, path, query, headers, body };
    const scope = { ...this.answers.scope(), host, region: region ?? "" };
    const signed =
      region === undefined ? request : isPresigned === true ? presigned(request, scope) : signedByHeader(request, scope);
    return this.answers.sendSigned({ ...signed, headers: { ...signed.headers, Host: host } });
  }

  host(form: string): string {
    return form.replace("*", String(this.answers.server.port));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.answers[Symbol.asyncDispose]();
  }
}
