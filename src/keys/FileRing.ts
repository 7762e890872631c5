import type { BigIntStats } from "node:fs";
import { closeSync, fstatSync, openSync, readFileSync, realpathSync, statSync } from "node:fs";
import { stat } from "node:fs/promises";
import { dirname } from "node:path";
import { isNowhere } from "../errors/systemCode.ts";
import { makeFolder, writeDurably } from "../store/folder/durableFiles.ts";
import type { FileLock } from "../store/folder/fileLock.ts";
import { tryLock } from "../store/folder/fileLock.ts";
import { KeyRingError } from "./KeyRingError.ts";
import type { Ring, RingChange } from "./Ring.ts";
import type { RingContent } from "./RingContent.ts";
import { readRingText, ringText } from "./ringText.ts";

/** A ring of 10,000 keys with their rotations has a few. */
const MAX_FILE_SIZE_BYTES: number = 64 * 1024 * 1024;
/** How often a process looks whether another one has changed the ring. */
const LOOK_INTERVAL_MS = 500;
const LOCK_RETRY_MS = 10;
/** A change takes milliseconds. Who has asked so often, in ten seconds or more, waits for a process that stands still. */
const LOCK_ATTEMPTS = 1_000;
/** Nobody but the owner may do anything with it. */
const FORBIDDEN_MODES = 0o077n;

/** Hears of what the operator should see to. Never of a secret. */
export type WarnOfRing = (facts: Readonly<Record<string, unknown>>, what: string) => void;

/** One reading of the file. */
interface Reading {
  readonly content: RingContent;
  /** Another file, or another content of it, has another one. */
  readonly version: string;
}

/**
 * A key ring in a file for its owner's eyes only, which is replaced as a whole: whoever reads it, and whenever the power goes, finds the one
 * of before or of after a change. Changes of several processes wait for each other by a lock in a file beside it.
 */
export class FileRing implements Ring {
  readonly #path: string;
  readonly #warn: WarnOfRing;
  readonly #watch: NodeJS.Timeout;
  #reading: Reading;
  /** What was found instead of a ring when it was looked for last, so that it is told once. */
  #problem: string | undefined;

  private constructor(path: string, reading: Reading, warn: WarnOfRing) {
    this.#path = path;
    this.#reading = reading;
    this.#warn = warn;
    this.#watch = setInterval(() => void this.#lookAside(), LOOK_INTERVAL_MS).unref();
  }

  /** Opens a ring. Throws `KeyRingError` for one that is missing, unreadable, damaged or open to others; changes nothing. */
  static open(path: string, warn: WarnOfRing = () => undefined): FileRing {
    // Through links: a change replaces the file, and not the link to it.
    const target = realPath(path);
    return new FileRing(target, readRing(target), warn);
  }

  /** Makes a ring where there is none, with its folder; opens the one that somebody else makes meanwhile. Throws as `open`. */
  static async make(path: string, content: RingContent, warn?: WarnOfRing): Promise<FileRing> {
    await makeFolder(dirname(path));
    await locked(path, async () => {
      if (!isThere(path)) await writeDurably(path, ringText(content));
    });
    return FileRing.open(path, warn);
  }

  get content(): RingContent {
    return this.#reading.content;
  }

  /** Reads the file again where it has changed. What cannot be trusted is told and left alone: then the ring stays as it was. */
  look(): void {
    try {
      const facts = statSync(this.#path, { bigint: true, throwIfNoEntry: false });
      if (facts === undefined || versionOf(facts) !== this.#reading.version) this.#reading = this.#successor();
      this.#found(undefined);
    } catch (cause) {
      this.#found((cause as Error).message);
    }
  }

  async change<Result>(change: (content: RingContent) => RingChange<Result>): Promise<Result> {
    return locked(this.#path, async () => {
      this.#reading = this.#successor();
      const { content, result } = change(this.#reading.content);
      if (content === this.#reading.content) return result;
      await writeDurably(this.#path, ringText(content));
      this.#reading = readRing(this.#path);
      return result;
    });
  }

  /** Looks no more. */
  close(): void {
    clearInterval(this.#watch);
  }

  /** Looks without making anybody wait for a slow disk. */
  async #lookAside(): Promise<void> {
    const version = await stat(this.#path, { bigint: true }).then(versionOf, () => undefined);
    if (version !== this.#reading.version) this.look();
  }

  /** The ring as it is now. Throws `KeyRingError` for what is no later state of this ring. */
  #successor(): Reading {
    const next = readRing(this.#path);
    const { ringId, masters } = this.#reading.content;
    const names = new Set(next.content.masters.map(({ name }) => name));
    if (next.content.ringId !== ringId || !masters.every(({ name }) => names.has(name))) {
      throw new KeyRingError(
        `The key ring ${this.#path} was replaced by another or an older one, which lacks keys that are in use. Put the right one back.`,
      );
    }
    return next;
  }

  #found(problem: string | undefined): void {
    if (problem !== undefined && problem !== this.#problem) {
      this.#warn({ keyRing: this.#path, problem }, "the key ring cannot be read again: the server goes on with the keys it has");
    }
    this.#problem = problem;
  }
}

/** Whether there is something at a path. Throws what the system throws for one that it does not let be looked at. */
export function isThere(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false }) !== undefined;
}

function realPath(path: string): string {
  try {
    return realpathSync(path);
  } catch (cause) {
    throw unreadable(path, cause);
  }
}

function readRing(path: string): Reading {
  let text: string;
  let facts: BigIntStats;
  try {
    const file = openSync(path, "r");
    try {
      facts = fstatSync(file, { bigint: true });
      if (!facts.isFile()) throw new KeyRingError(`The key ring ${path} is no file.`);
      if (facts.size > MAX_FILE_SIZE_BYTES) throw new KeyRingError(`The key ring ${path} is too large to be one.`);
      text = readFileSync(file, "utf8");
    } finally {
      closeSync(file);
    }
  } catch (cause) {
    throw cause instanceof KeyRingError ? cause : unreadable(path, cause);
  }
  // Where there are modes: on Windows every file seems to be everybody's.
  if (process.platform !== "win32" && (facts.mode & FORBIDDEN_MODES) !== 0n) {
    const mode = (facts.mode & 0o777n).toString(8);
    throw new KeyRingError(
      `The key ring ${path} is open to others than its owner: its mode is ${mode}. Say chmod 600 ${path}; if others may have read it, rotate its keys as well (holdfast keys rotate).`,
    );
  }
  const content = readRingText(text);
  if (typeof content === "string") throw new KeyRingError(`The key ring ${path} ${content}. ${RESTORE}`);
  return { content, version: versionOf(facts) };
}

const RESTORE = "Restore it from its backup; nothing was changed.";

function unreadable(path: string, cause: unknown): KeyRingError {
  if (isNowhere(cause)) return new KeyRingError(`The key ring ${path} is missing. ${RESTORE}`);
  return new KeyRingError(`The key ring ${path} cannot be read: ${(cause as Error).message}.`);
}

function versionOf({ dev, ino, mtimeNs, ctimeNs, size }: BigIntStats): string {
  return [dev, ino, mtimeNs, ctimeNs, size].join(".");
}

/** Does some work while nobody else changes the ring. Throws `KeyRingError` where somebody does for too long. */
async function locked<Result>(path: string, work: () => Promise<Result>): Promise<Result> {
  const lock = await takeLock(`${path}.lock`);
  try {
    return await work();
  } finally {
    lock.close();
  }
}

async function takeLock(path: string): Promise<FileLock> {
  for (let attempt = 1; attempt <= LOCK_ATTEMPTS; attempt += 1) {
    const lock = await tryLock(path);
    if (lock !== undefined) return lock;
    await new Promise((resolve) => setTimeout(resolve, LOCK_RETRY_MS));
  }
  const waitedSeconds = (LOCK_ATTEMPTS * LOCK_RETRY_MS) / 1000;
  throw new KeyRingError(`Another process has been changing the key ring for ${waitedSeconds} seconds: it holds ${path}.`);
}
