import { S3Error } from "../../errors/S3Error.ts";
import type { ServiceError } from "../../errors/ServiceError.ts";
import { toServiceError } from "../../errors/toServiceError.ts";
import { checkKeyLength, isKeyTooLong } from "../../operations/objects/keyLength.ts";
import type { OperationResult } from "../../operations/Operation.ts";
import type { BucketContext } from "../../operations/RequestContext.ts";
import type { SiteRedirect, Visit, Website } from "../../operations/settings/websiteRules.ts";
import { findWebsite, MOVED_PERMANENTLY, redirectByRule, redirectOfAll } from "../../operations/settings/websiteRules.ts";
import type { OutputBody } from "../../protocol/Payload.ts";
import { locationText } from "../../protocol/website/headerText.ts";
import { documentRequest, pageRequest, routeVisit } from "../../protocol/website/visitors.ts";
import { errorHeaders } from "../../protocol/website/WebsiteDialect.ts";
import { WebsiteFailure } from "../../protocol/website/WebsiteFailure.ts";
import type { WireRequest } from "../../protocol/WireRequest.ts";
import { isPossibleBucketName } from "../../store/buckets/bucketNames.ts";
import { findBucket, noSuchBucket } from "../../store/buckets/buckets.ts";
import type { Soon } from "../../store/metadata/MetadataEngine.ts";
import { findObject } from "../../store/objects/objects.ts";
import type { BucketRecord } from "../../store/records/BucketRecord.ts";
import type { ObjectRecord } from "../../store/records/ObjectRecord.ts";
import { commonHeaders, leavesBodyUnread, writeOutput, writeWithoutReading } from "../http/respond.ts";
import { dispatch } from "./dispatch.ts";
import type { Exchange, Outcome } from "./Exchange.ts";
import { AMAZON_S3_SITE } from "./welcome.ts";
import { reportFailure } from "./refuse.ts";
import { RequestLife } from "./RequestLife.ts";

/**
 * Answers a visitor of a website, in S3's order: what sends everybody elsewhere, rules that ask for no error, the page itself; failing that, the
 * folder of its name, rules that ask for the error, the error document. Throws what a page of S3's own tells.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/WebsiteHosting.html
 */
export async function answerWebsite(exchange: Exchange, sent: WireRequest): Promise<Outcome> {
  const { service, response } = exchange;
  const { key } = sent.address;
  const request = pageRequest(sent, key);
  const life = new RequestLife(service, exchange.ids, request, request);
  exchange.life = life;
  response.on("close", () => life.leave());
  // Logs and metrics call it so, whatever becomes of it.
  const routed = routeVisit(request);
  exchange.routed = routed;
  exchange.operation = routed.operation;
  if (routed.operation === undefined) throw routed.refusal;
  const bucket = await siteBucket(exchange, life);
  life.bucket = bucket;
  const website = await findWebsite(service.store, bucket);
  if (website === undefined) {
    throw new S3Error("NoSuchWebsiteConfiguration", {
      details: [["BucketName", bucket.name]],
      explanation: `The bucket "${bucket.name}" is no website; whoever owns it can make it one.`,
    });
  }
  checkNobodyPays(bucket);
  const { secure, rawPath, rawQuery } = sent;
  const visit = { secure, host: life.host, key: key ?? "", rawPath, rawQuery };
  const redirect = redirectOfAll(website, visit) ?? redirectByRule(website, visit);
  if (redirect !== undefined) return writeRedirect(exchange, redirect);
  return new Visitor(exchange, life, bucket, website, sent, visit).answer();
}

/** The bucket that is visited. Throws WebsiteRedirect, NoSuchBucket and IncorrectEndpoint. */
async function siteBucket({ service }: Exchange, { host, request, store }: RequestLife): Promise<BucketRecord> {
  const { bucket: name } = request.address;
  if (name === undefined) {
    throw new S3Error("WebsiteRedirect", {
      headers: { Location: AMAZON_S3_SITE },
      explanation: "A website stands under a host name of its own, which begins with the name of its bucket.",
    });
  }
  const bucket = isPossibleBucketName(name) ? await findBucket(store, name) : undefined;
  if (bucket === undefined) throw noSuchBucket(name);
  const isServed = service.regions.includes(bucket.region);
  const hostRegion = request.endpoint?.region ?? bucket.region;
  if (isServed && hostRegion === bucket.region) return bucket;
  const domain = service.domains.find((known) => host.toLowerCase().includes(`.${known}`))!;
  throw new S3Error("IncorrectEndpoint", {
    message: "The specified bucket exists in another region. Please direct requests to the specified endpoint.",
    details: [["Endpoint", `${name}.s3-website-${bucket.region}.${domain}`]],
    explanation: isServed
      ? `The bucket is in ${bucket.region}, and this host name is for ${hostRegion}.`
      : `The bucket is in ${bucket.region}, and this server serves ${service.regions.join(", ")}: its operator can start it with --region ${bucket.region}.`,
  });
}

/** Visitors cannot agree to pay. Throws AccessDenied. */
function checkNobodyPays({ name, requesterPays }: BucketRecord): void {
  if (!requesterPays) return;
  throw new S3Error("AccessDenied", {
    explanation: `Who asks for objects of "${name}" pays for it, and a website's visitors cannot: it can be no website as long as that is so.`,
  });
}

/** A page: what reading an object answers. */
type Page = OperationResult<"GetObject">;

/** A visitor of a website that has pages. */
class Visitor {
  readonly #exchange: Exchange;
  readonly #life: RequestLife;
  readonly #bucket: BucketRecord;
  readonly #website: Website;
  readonly #sent: WireRequest;
  readonly #visit: Visit;

  constructor(exchange: Exchange, life: RequestLife, bucket: BucketRecord, website: Website, sent: WireRequest, visit: Visit) {
    this.#exchange = exchange;
    this.#life = life;
    this.#bucket = bucket;
    this.#website = website;
    this.#sent = sent;
    this.#visit = visit;
  }

  async answer(): Promise<Outcome> {
    const key = this.#isOfFolder ? this.#visit.key + this.#indexDocument : this.#visit.key;
    this.#life.request = pageRequest(this.#sent, key);
    let page: Page;
    try {
      page = await this.#read(key);
    } catch (cause) {
      return this.#answerFailure(key, cause);
    }
    return this.#show(page);
  }

  /** Whether what is asked for is a folder, or the root of all of them. */
  get #isOfFolder(): boolean {
    const { key } = this.#visit;
    return key === "" || key.endsWith("/");
  }

  get #indexDocument(): string {
    return this.#website.IndexDocument!.Suffix;
  }

  /** Reads the object that the life's request names, as everybody may who does not sign. Throws what GetObject throws. */
  async #read(key: string): Promise<Page> {
    checkKeyLength(key);
    const { operation, input } = await dispatch(this.#exchange, this.#life);
    return (await operation.handle(input as never, this.#life as BucketContext)) as Page;
  }

  /** Writes a page, or sends the visitor where its object says. With an error it is the page that tells of that. */
  async #show({ output, ...beside }: Page, error?: ServiceError): Promise<Outcome> {
    const exchange = this.#exchange;
    if (output.WebsiteRedirectLocation !== undefined) {
      await leaveUnread(output.Body);
      return writeRedirect(exchange, { status: MOVED_PERMANENTLY, location: output.WebsiteRedirectLocation });
    }
    const page = await exchange.dialect.encode(exchange.operation!, output, beside, exchange.ids);
    const answer =
      error === undefined ? page : { ...page, status: error.status, headers: [...errorHeaders(error), ...page.headers] };
    const sentSizeBytes = await writeOutput(exchange, answer);
    return { status: answer.status, errorCode: error?.code, sentSizeBytes };
  }

  async #answerFailure(key: string, cause: unknown): Promise<Outcome> {
    const exchange = this.#exchange;
    const error = await this.#asTold(key, cause);
    if (error.code === "NoSuchKey" && (await this.#isFolderWithoutSlash())) throw found(this.#visit);
    const redirect = redirectByRule(this.#website, this.#visit, error.status);
    if (redirect !== undefined) {
      reportFailure(exchange, error, cause);
      return writeRedirect(exchange, redirect);
    }
    const { ErrorDocument: document } = this.#website;
    const isForDocuments = error.status >= 400 && error.status < 500;
    if (!isForDocuments) throw cause;
    if (document === undefined || this.#sent.method === "HEAD") throw error;
    // Behind a body that nobody has read the connection ends, and a page of S3's own says so.
    if (await leavesBodyUnread(exchange.incoming)) throw error;
    return this.#showDocument(document.Key, error);
  }

  /**
   * What a visitor is told of a failure. S3 tells them which objects there are: what is not there is missing, and not forbidden.
   * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/WebsiteAccessPermissionsReqd.html
   */
  async #asTold(key: string, cause: unknown): Promise<ServiceError> {
    const error = toServiceError(cause);
    if (error.code !== "AccessDenied" || (await this.#find(key)) !== undefined) return error;
    return new S3Error("NoSuchKey", {
      details: [["Key", key]],
      explanation: `The bucket "${this.#bucket.name}" has no object under exactly this key.`,
    });
  }

  async #isFolderWithoutSlash(): Promise<boolean> {
    if (this.#isOfFolder) return false;
    const key = `${this.#visit.key}/${this.#indexDocument}`;
    return !isKeyTooLong(key) && (await this.#find(key)) !== undefined;
  }

  #find(key: string): Soon<ObjectRecord | undefined> {
    return findObject(this.#life.store, this.#bucket, key);
  }

  async #showDocument(key: string, error: ServiceError): Promise<Outcome> {
    const life = this.#life;
    const { request, objectSizeBytes } = life;
    life.request = documentRequest(this.#sent, key);
    let page: Page;
    try {
      page = await this.#read(key);
    } catch (cause) {
      const documentError = await this.#asTold(key, cause);
      reportFailure(this.#exchange, documentError, cause);
      throw new WebsiteFailure(error, documentError);
    } finally {
      // Logs are about what was asked for.
      life.request = request;
      life.objectSizeBytes = objectSizeBytes;
    }
    life.note("answered with the error document", { code: error.code, message: error.message });
    return this.#show(page, error);
  }
}

/** S3's answer to who asks for a folder without the slash: relative links of its index document need it. What was behind "?" is lost. */
function found({ rawPath }: Visit): S3Error {
  return new S3Error("Found", {
    headers: { Location: `${rawPath}/` },
    explanation: "There is no object of this key, but a folder with an index document.",
  });
}

/** Leaves a body that nobody will read, so that what it holds open is closed. */
async function leaveUnread(body: OutputBody | undefined): Promise<void> {
  if (body !== undefined && !Buffer.isBuffer(body.source)) await body.source[Symbol.asyncIterator]().return?.();
}

async function writeRedirect(exchange: Exchange, { status, location }: SiteRedirect): Promise<Outcome> {
  const headers = [...commonHeaders(exchange), "Location", locationText(location)];
  await writeWithoutReading(exchange, { status, headers, body: Buffer.alloc(0) });
  return { status, errorCode: undefined, sentSizeBytes: 0 };
}
