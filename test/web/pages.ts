import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import type { TestContext } from "node:test";
import type { S3Client } from "@aws-sdk/client-s3";
import { CreateBucketCommand } from "@aws-sdk/client-s3";
import { newFolder } from "../newFolder.ts";
import { ServerProcess } from "../serverProcess.ts";
import { Browser } from "./Browser.ts";
import type { Page } from "./Browser.ts";

/** What a page learns of an answer: nothing but that there was none it may see, or what `read` makes of it. */
export type Told = "nothing" | Readonly<Record<string, unknown>>;

/** A server with a bucket called "bucket", and a browser with a page of a web server that has nothing to do with it. */
export interface PageAndServer {
  readonly client: S3Client;
  readonly port: number;
  /** As browsers write it. */
  readonly origin: string;
  readonly page: Page;
  /** Another page, of another origin on the same machine. */
  readonly otherPage: Page;
  /** What a page learns by a `fetch`: of an answer its status, its text, and the headers that it asks for. */
  readonly fetch: (page: Page, url: string, options?: object, headers?: readonly string[]) => Promise<Told>;
}

/** Starts all of it; it goes with the test. */
export async function pageAndServer(t: TestContext): Promise<PageAndServer> {
  const browser = await Browser.start(t);
  const server = await ServerProcess.start(newFolder(t));
  t.after(() => server.stop());
  const client = server.client();
  t.after(() => client.destroy());
  await client.send(new CreateBucketCommand({ Bucket: "bucket" }));
  const port = await webServer(t);
  const origin = `http://127.0.0.1:${port}`;
  const page = await browser.open(`${origin}/`);
  const otherPage = await browser.open(`http://localhost:${port}/`);
  return { client, port: server.port, origin, page, otherPage, fetch: told };
}

/** A web server of one empty page, on a port of its own. */
async function webServer(t: TestContext): Promise<number> {
  const server = createServer((_request, response) => {
    response.setHeader("Content-Type", "text/html");
    response.end("<!doctype html><title>A page</title>");
  });
  await once(server.listen(0), "listening");
  t.after(() => {
    server.closeAllConnections();
    server.close();
  });
  return (server.address() as AddressInfo).port;
}

async function told(page: Page, url: string, options: object = {}, headers: readonly string[] = []): Promise<Told> {
  const text = await page.evaluate(`(async () => {
    try {
      const answer = await fetch(${JSON.stringify(url)}, ${JSON.stringify({ cache: "no-store", ...options })});
      const headers = Object.fromEntries(${JSON.stringify(headers)}.map((name) => [name, answer.headers.get(name)]));
      return JSON.stringify({ status: answer.status, text: await answer.text(), ...headers });
    } catch (error) {
      if (error instanceof TypeError && error.message === "Failed to fetch") return undefined;
      throw error;
    }
  })()`);
  return text === undefined ? "nothing" : (JSON.parse(text as string) as Told);
}
