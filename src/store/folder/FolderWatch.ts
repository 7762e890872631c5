import { stat } from "node:fs/promises";
import { isNowhere } from "../../errors/systemCode.ts";

/** How often is looked. */
const WATCH_INTERVAL_MS = 1_000;

/** How a folder is watched. */
export interface FolderWatchOptions {
  /** Folders and files that are to stay the ones they are. */
  readonly paths: readonly string[];
  /** Hears, once, which of them was removed or replaced. */
  readonly onLost: (path: string) => void;
  readonly intervalMs?: number;
}

/** Notices when somebody removes or replaces files under a running server. */
export class FolderWatch {
  readonly #options: FolderWatchOptions;
  readonly #identities: readonly string[];
  readonly #timer: NodeJS.Timeout;
  #looking = false;
  #stopped = false;

  private constructor(options: FolderWatchOptions, identities: readonly string[]) {
    this.#options = options;
    this.#identities = identities;
    this.#timer = setInterval(() => void this.#look(), options.intervalMs ?? WATCH_INTERVAL_MS).unref();
  }

  /** Watches from now on. Throws what the file system throws when a path is not there. */
  static async start(options: FolderWatchOptions): Promise<FolderWatch> {
    return new FolderWatch(options, await Promise.all(options.paths.map(identityOf)));
  }

  /** Watches no more. */
  stop(): void {
    this.#stopped = true;
    clearInterval(this.#timer);
  }

  async #look(): Promise<void> {
    // A file system that does not answer is not asked again meanwhile.
    if (this.#looking) return;
    this.#looking = true;
    for (const [index, path] of this.#options.paths.entries()) {
      const isSame = await this.#isSame(path, this.#identities[index]!);
      if (this.#stopped) return;
      if (isSame) continue;
      this.stop();
      this.#options.onLost(path);
      return;
    }
    this.#looking = false;
  }

  async #isSame(path: string, identity: string): Promise<boolean> {
    try {
      return (await identityOf(path)) === identity;
    } catch (error) {
      // Another failure says nothing about what is there.
      return !isNowhere(error);
    }
  }
}

async function identityOf(path: string): Promise<string> {
  const { dev, ino } = await stat(path, { bigint: true });
  return `${dev}:${ino}`;
}
