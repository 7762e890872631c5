import { spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import type { TestContext } from "node:test";
import { setTimeout } from "node:timers/promises";
import { requirePackages } from "../interop/installed.ts";
import { afterAllElse, newFolder } from "../newFolder.ts";

const CHROMIUM = "/usr/bin/chromium";
/** A machine with much else to do takes many times the usual two seconds. */
const START_TIMEOUT_MS = 100_000;
const STOP_TIMEOUT_MS = 20_000;
const LEAVE_TIMEOUT_MS = 60_000;
const LEAVE_INTERVAL_MS = 50;
/** The line a browser prints of where it is driven. */
const ENDPOINT = /^DevTools listening on (ws:\/\/\S+)$/m;

const ARGUMENTS: readonly string[] = [
  ...["--headless", "--remote-debugging-port=0", "--no-first-run", "--disable-gpu", "--disable-dev-shm-usage"],
  ...["--disable-background-networking", "--disable-component-update", "--no-proxy-server"],
  // The superuser has no sandbox.
  ...(process.getuid?.() === 0 ? ["--no-sandbox"] : []),
];

/** What the browser says: the answer to a command, or an event. */
interface Message {
  readonly id?: number;
  readonly method?: string;
  readonly result?: unknown;
  readonly error?: { readonly message: string };
}

/** Debian's Chromium without a window, driven as its developers' tools drive it. It goes with the test. */
export class Browser {
  readonly #socket: WebSocket;
  readonly #waiting = new Map<number, PromiseWithResolvers<unknown>>();
  #commands = 0;

  private constructor(socket: WebSocket) {
    this.#socket = socket;
    socket.addEventListener("message", ({ data }) => this.#hear(JSON.parse(data as string) as Message));
    socket.addEventListener("close", () => {
      for (const waiting of this.#waiting.values()) waiting.reject(new Error("the browser is gone"));
    });
  }

  static async start(t: TestContext): Promise<Browser> {
    requirePackages("webDebian");
    const child = spawn(CHROMIUM, [...ARGUMENTS, `--user-data-dir=${newFolder(t)}`, "about:blank"], {
      stdio: ["ignore", "ignore", "pipe"],
      detached: true,
    });
    afterAllElse(t, () => stop(child));
    const socket = new WebSocket(await endpointOf(child));
    await once(socket, "open");
    const browser = new Browser(socket);
    afterAllElse(t, () => socket.close());
    return browser;
  }

  /** Opens a page, in a tab of its own that shares nothing with others but the browser's cache. */
  async open(url: string): Promise<Page> {
    const { targetId } = (await this.send("Target.createTarget", { url: "about:blank" })) as { targetId: string };
    const { sessionId } = (await this.send("Target.attachToTarget", { targetId, flatten: true })) as { sessionId: string };
    const page = new Page(this, sessionId);
    await page.load(url);
    return page;
  }

  /** Sends a command of the DevTools protocol, to a page or to the browser itself, and resolves with its result. */
  send(method: string, parameters: object, sessionId?: string): Promise<unknown> {
    const id = (this.#commands += 1);
    const waiting = Promise.withResolvers<unknown>();
    this.#waiting.set(id, waiting);
    this.#socket.send(JSON.stringify({ id, method, params: parameters, ...(sessionId !== undefined && { sessionId }) }));
    return waiting.promise;
  }

  #hear({ id, result, error }: Message): void {
    if (id === undefined) return;
    const waiting = this.#waiting.get(id);
    this.#waiting.delete(id);
    if (error === undefined) waiting?.resolve(result);
    else waiting?.reject(new Error(error.message));
  }
}

/** A page in the browser. */
export class Page {
  readonly #browser: Browser;
  readonly #sessionId: string;

  constructor(browser: Browser, sessionId: string) {
    this.#browser = browser;
    this.#sessionId = sessionId;
  }

  /** Goes to an address, and waits until its document is there. */
  async load(url: string): Promise<void> {
    const { errorText } = (await this.#browser.send("Page.navigate", { url }, this.#sessionId)) as { errorText?: string };
    if (errorText !== undefined) throw new Error(`${url}: ${errorText}`);
    await this.evaluate(
      'new Promise((resolve) => document.readyState === "complete" ? resolve() : addEventListener("load", resolve))',
    );
  }

  /** Does something that leads away from the page, and waits until what it leads to is there. */
  async leave(statements: string): Promise<void> {
    await this.evaluate(`{ window.isLeft = true; ${statements} }`);
    const deadlineMs = performance.now() + LEAVE_TIMEOUT_MS;
    while ((await this.#state()) !== "complete, another") {
      if (performance.now() > deadlineMs) throw new Error("the page was not left");
      await setTimeout(LEAVE_INTERVAL_MS);
    }
  }

  /** How far the document is, and whether it is another one; "between" while one goes and the next comes. */
  async #state(): Promise<unknown> {
    try {
      return await this.evaluate('document.readyState + (window.isLeft ? "" : ", another")');
    } catch {
      return "between";
    }
  }

  /** What an expression comes to in the page, once it is settled, as JSON can say it. Throws what it throws, as text. */
  async evaluate(expression: string): Promise<unknown> {
    const parameters = { expression, awaitPromise: true, returnByValue: true };
    const { result, exceptionDetails } = (await this.#browser.send("Runtime.evaluate", parameters, this.#sessionId)) as {
      readonly result: { readonly value?: unknown };
      readonly exceptionDetails?: { readonly text: string; readonly exception?: { readonly description?: string } };
    };
    if (exceptionDetails === undefined) return result.value;
    throw new Error(exceptionDetails.exception?.description ?? exceptionDetails.text);
  }
}

/** Where a browser that is starting can be driven. */
function endpointOf(child: ChildProcess): Promise<string> {
  let output = "";
  return new Promise((resolve, reject) => {
    const fail = (): void => {
      clearTimeout(deadline);
      reject(new Error(`${CHROMIUM} did not start:\n${output}`));
    };
    const deadline = globalThis.setTimeout(fail, START_TIMEOUT_MS);
    child.once("exit", fail).once("error", fail);
    child.stderr!.on("data", (bytes: Buffer) => {
      output += bytes.toString();
      const announced = ENDPOINT.exec(output);
      if (announced === null) return;
      clearTimeout(deadline);
      child.off("exit", fail);
      resolve(announced[1]!);
    });
  });
}

/** Ends a browser with all its processes. */
async function stop(child: ChildProcess): Promise<void> {
  if (child.pid === undefined || child.exitCode !== null) return;
  const exit = once(child, "exit");
  child.kill("SIGTERM");
  const deadline = globalThis.setTimeout(() => process.kill(-child.pid!, "SIGKILL"), STOP_TIMEOUT_MS);
  await exit;
  clearTimeout(deadline);
}
