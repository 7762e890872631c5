import { once } from "node:events";
import { createServer, request } from "node:http";
import type { IncomingMessage, ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { buffer } from "node:stream/consumers";
import type { Holdfast } from "../../src/index.ts";

/** What becomes of one request: an answer, a connection that is cut, or the real server's answer. */
export type Scripted =
  | { readonly status: number; readonly reason?: string; readonly headers?: Record<string, string>; readonly body?: string }
  | "cut"
  | "pass"
  /** The server's answer to it is lost. */
  | "lose";

/** An endpoint in front of a server that answers requests as it is told, one after the other, and passes the rest on. */
export class ScriptedEndpoint implements AsyncDisposable {
  /** What is still to come. */
  script: Scripted[];
  /** The methods and paths that came. */
  readonly requests: string[] = [];
  readonly #server = createServer((incoming, outgoing) => void this.#answer(incoming, outgoing));
  readonly #behind: Holdfast;

  private constructor(behind: Holdfast, script: Scripted[]) {
    this.#behind = behind;
    this.script = script;
  }

  static async start(behind: Holdfast, ...script: Scripted[]): Promise<ScriptedEndpoint> {
    const endpoint = new ScriptedEndpoint(behind, script);
    endpoint.#server.listen(0, "127.0.0.1");
    await once(endpoint.#server, "listening");
    return endpoint;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  async #answer(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
    this.requests.push(`${incoming.method} ${incoming.url!.split("?")[0]}`);
    const body = await buffer(incoming);
    const next = this.script.shift() ?? "pass";
    if (next === "cut") incoming.socket.destroy();
    else if (next === "pass" || next === "lose") this.#pass(incoming, body, next === "lose" ? undefined : outgoing);
    else outgoing.writeHead(next.status, next.reason, next.headers).end(next.body);
  }

  #pass({ method, url, rawHeaders, socket }: IncomingMessage, body: Buffer, outgoing: ServerResponse | undefined): void {
    const { hostname: host, port } = new URL(this.#behind.endpoint);
    const passed = request({ host, port, method: method!, path: url!, headers: rawHeaders as never }, (answer) => {
      if (outgoing !== undefined) answer.pipe(outgoing.writeHead(answer.statusCode!, answer.statusMessage, answer.rawHeaders));
      else answer.resume().once("end", () => socket.destroy());
    });
    passed.end(body);
  }
}

/** The XML of an error. */
export function errorXml(code: string, message: string = code): string {
  return `<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>${code}</Code><Message>${message}</Message><RequestId>R</RequestId></Error>`;
}
