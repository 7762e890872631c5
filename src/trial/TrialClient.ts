import { hash } from "node:crypto";
import { signingKeyV4 } from "../auth/signingKeys.ts";
import { percentDecode, percentEncode } from "../protocol/rest/percent.ts";

/** Where a store is, and who asks. */
export interface TrialEndpoint {
  readonly endpoint: string;
  readonly region: string;
  readonly credentials: { readonly accessKeyId: string; readonly secretAccessKey: string };
}

/** Nothing here takes longer. */
const TIMEOUT_MS = 30_000;

/** An item of a list, by the texts of its elements. */
export type ListedItem = Readonly<Record<string, string>>;

/** Looks a store over before and after a trial: the few requests that takes, without anything that tries again. */
export class TrialClient {
  readonly #target: TrialEndpoint;
  readonly #clock: () => number;

  constructor(target: TrialEndpoint, clock: () => number) {
    this.#target = target;
    this.#clock = clock;
  }

  async createBucket(bucket: string): Promise<void> {
    await (await this.#send("PUT", `/${bucket}`, {})).arrayBuffer();
  }

  /** Names. */
  async buckets(): Promise<string[]> {
    const items = itemsIn(await (await this.#send("GET", "/", {})).text(), "Bucket");
    return items.map((item) => item["Name"]!);
  }

  /** Keys, decoded, and sizes in bytes. */
  async *objects(bucket: string): AsyncGenerator<{ readonly key: string; readonly sizeBytes: number }> {
    let after = "";
    for (;;) {
      const query = { "list-type": "2", "encoding-type": "url", "start-after": after };
      const text = await (await this.#send("GET", `/${bucket}`, query)).text();
      for (const item of itemsIn(text, "Contents")) {
        after = percentDecode(item["Key"]!).toString();
        yield { key: after, sizeBytes: Number(item["Size"]) };
      }
      if (!text.includes("<IsTruncated>true<")) return;
    }
  }

  /** Uploads under way, keys decoded. */
  async *uploads(bucket: string): AsyncGenerator<{ readonly key: string; readonly uploadId: string; readonly parts: number }> {
    let markers = {};
    for (;;) {
      const text = await (await this.#send("GET", `/${bucket}`, { uploads: "", "encoding-type": "url", ...markers })).text();
      for (const item of itemsIn(text, "Upload")) {
        const key = percentDecode(item["Key"]!).toString();
        const uploadId = item["UploadId"]!;
        markers = { "key-marker": key, "upload-id-marker": uploadId };
        const listed = await this.#send("GET", pathOf(bucket, key), { uploadId });
        yield { key, uploadId, parts: itemsIn(await listed.text(), "Part").length };
      }
      if (!text.includes("<IsTruncated>true<")) return;
    }
  }

  /** The bytes of an object, as a stream. */
  async bytes(bucket: string, key: string): Promise<ReadableStream<Uint8Array>> {
    return (await this.#send("GET", pathOf(bucket, key), {})).body!;
  }

  async #send(method: string, path: string, query: Readonly<Record<string, string>>): Promise<Response> {
    const { endpoint, region, credentials } = this.#target;
    const url = new URL(endpoint);
    const time = new Date(this.#clock()).toISOString().replace(/[-:]|\.\d{3}/g, "");
    const headers = { host: url.host, "x-amz-content-sha256": hash("sha256", ""), "x-amz-date": time };
    const names = Object.keys(headers).join(";");
    const canonicalQuery = Object.entries(query)
      .map(([name, value]) => `${encoded(name)}=${encoded(value)}`)
      .toSorted()
      .join("&");
    const lines = Object.entries(headers).map(([name, value]) => `${name}:${value}\n`);
    const canonical = [method, path, canonicalQuery, lines.join(""), names, headers["x-amz-content-sha256"]].join("\n");
    const scope = `${time.slice(0, 8)}/${region}/s3/aws4_request`;
    const key = signingKeyV4(credentials.accessKeyId, credentials.secretAccessKey, time.slice(0, 8), region);
    const signature = key.sign(`AWS4-HMAC-SHA256\n${time}\n${scope}\n${hash("sha256", canonical)}`);
    const authorization = `AWS4-HMAC-SHA256 Credential=${credentials.accessKeyId}/${scope}, SignedHeaders=${names}, Signature=${signature}`;
    const answer = await fetch(`${endpoint}${path}${canonicalQuery === "" ? "" : `?${canonicalQuery}`}`, {
      method,
      headers: { ...headers, authorization },
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    if (!answer.ok) throw new Error(`${method} ${path} was answered with ${answer.status}: ${await answer.text()}`);
    return answer;
  }
}

function pathOf(bucket: string, key: string): string {
  return `/${bucket}/${percentEncode(Buffer.from(key), true)}`;
}

function encoded(text: string): string {
  return percentEncode(Buffer.from(text), false);
}

/** What stands in the elements of this name, each with elements of text in it: the server's own documents, whose names are encoded. */
function itemsIn(document: string, name: string): ListedItem[] {
  return document
    .split(`<${name}>`)
    .slice(1)
    .map((behind) =>
      Object.fromEntries(
        [...behind.split(`</${name}>`, 1)[0]!.matchAll(TEXT_ELEMENT)].map(([, element, text]) => [element!, text!]),
      ),
    );
}

const TEXT_ELEMENT = /<(\w+)>([^<]*)</g;
