/**
 * Syncs a folder, one sync for all who wait: who asks while a sync runs may have come too late for it, and shares the next one.
 */
export class FolderSync {
  readonly #sync: () => Promise<void>;
  #running: Promise<void> = Promise.resolve();
  #waiting: Promise<void> | undefined;

  /** `sync` puts the folder's entries on disk, as fsync of the folder does. */
  constructor(sync: () => Promise<void>) {
    this.#sync = sync;
  }

  /** Resolves once every entry made before this call is on disk; rejects when the sync that covers it failed. */
  synced(): Promise<void> {
    this.#waiting ??= this.#running
      // Its own askers hear of a failure; the next sync stands alone.
      .catch(() => undefined)
      .then(() => {
        this.#running = this.#sync();
        this.#waiting = undefined;
        return this.#running;
      });
    return this.#waiting;
  }
}
