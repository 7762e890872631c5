import { readFileSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { OptionError } from "../config/OptionError.ts";
import type { ServerSettings } from "../config/ServerSettings.ts";
import { packageVersion } from "../server/packageVersion.ts";
import type { StartedServer } from "./announcement.ts";

/** Only the owner may read it, for it has a secret. */
const MODE = 0o600;

/** What a ready file says, as JSON. */
export interface ReadyContent {
  readonly version: string;
  /** Of the process that SIGTERM stops. */
  readonly pid: number;
  /** Such as http://127.0.0.1:49152. */
  readonly endpoint: string;
  readonly port: number;
  /** The first, where there are several. */
  readonly region: string;
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  /** Twelve digits. */
  readonly accountId: string;
  /** Those of `--bucket`. */
  readonly buckets: readonly string[];
}

/** A file that says how a server is reached, and is there for as long as that listens. */
export class ReadyFile {
  readonly #path: string;

  private constructor(path: string) {
    this.#path = path;
  }

  /**
   * Makes sure that the file can be written, and takes away what an earlier server has left there, so that whoever waits for it waits for this
   * one. `undefined` where none is wanted. Throws `OptionError`.
   */
  static prepare({ readyFilePath }: ServerSettings): ReadyFile | undefined {
    if (readyFilePath === undefined) return undefined;
    const path = resolve(readyFilePath);
    try {
      if (statSync(dirname(path), { throwIfNoEntry: false })?.isDirectory() !== true)
        throw new Error(`there is no folder ${dirname(path)}`);
      if (statSync(path, { throwIfNoEntry: false }) !== undefined) {
        if (pidIn(path) === undefined) throw new Error("something else is there");
        rmSync(path);
      }
    } catch (cause) {
      throw new OptionError(`The ready file ${readyFilePath} cannot be written: ${(cause as Error).message}.`);
    }
    return new ReadyFile(path);
  }

  /** Writes it beside its place and moves it there, so that nobody finds half of it. */
  write(server: StartedServer, { region, buckets }: ServerSettings): void {
    const { accessKeyId, secretAccessKey, accountId } = server.firstUser;
    const content: ReadyContent = {
      version: packageVersion(),
      pid: process.pid,
      endpoint: server.endpoint,
      port: server.port,
      region: [region].flat()[0]!,
      accessKeyId,
      secretAccessKey,
      accountId,
      buckets,
    };
    const unfinished = `${this.#path}.${process.pid}`;
    rmSync(unfinished, { force: true });
    writeFileSync(unfinished, `${JSON.stringify(content, undefined, 2)}\n`, { mode: MODE, flag: "wx" });
    renameSync(unfinished, this.#path);
  }

  /** Takes it away, unless another server has put its own there. */
  remove(): void {
    if (pidIn(this.#path) === process.pid) rmSync(this.#path, { force: true });
  }
}

/** The process that has written a ready file; `undefined` for all that is none. */
function pidIn(path: string): number | undefined {
  try {
    const { endpoint, pid } = JSON.parse(readFileSync(path, "utf8")) as Partial<ReadyContent>;
    return endpoint === undefined ? undefined : pid;
  } catch {
    return undefined;
  }
}
