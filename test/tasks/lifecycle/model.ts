/**
 * What S3's guide says of lifecycle, in the simplest way: every midnight all versions of all keys are looked at, and what is due that day is
 * done. Knows one lifecycle, that of `year.test.ts`.
 */

const DAY_MS = 24 * 60 * 60 * 1000;

/** A version, as the model has it. */
export interface ModelVersion {
  readonly id: string | undefined;
  readonly isMarker: boolean;
  readonly writtenMs: number;
  readonly isLarge: boolean;
  readonly isTemporary: boolean;
  isHeld: boolean;
  storageClass: string;
}

/** Keys with their versions, newest first, and the beginnings of uploads. */
export class Model {
  readonly keys: Map<string, ModelVersion[]> = new Map();
  readonly uploads: Map<string, number> = new Map();

  versionsOf(key: string): ModelVersion[] {
    const versions = this.keys.get(key) ?? [];
    this.keys.set(key, versions);
    return versions;
  }

  /** What happens at a midnight. */
  midnight(nowMs: number): void {
    for (const [key, versions] of this.keys) {
      this.#current(versions, nowMs);
      this.#noncurrent(versions, nowMs);
      if (versions.length === 1 && versions[0]!.isMarker) versions.pop();
      if (versions.length === 0) this.keys.delete(key);
    }
    for (const [uploadId, begunMs] of this.uploads) if (isOver(begunMs, 7, nowMs)) this.uploads.delete(uploadId);
  }

  #current(versions: ModelVersion[], nowMs: number): void {
    const current = versions[0];
    if (current === undefined || current.isMarker) return;
    if (current.isLarge && current.storageClass === "STANDARD" && isOver(current.writtenMs, 30, nowMs))
      current.storageClass = "STANDARD_IA";
    if (current.isLarge && current.storageClass !== "DEEP_ARCHIVE" && isOver(current.writtenMs, 90, nowMs))
      current.storageClass = "GLACIER";
    const days = current.isTemporary ? 20 : 120;
    if (!isOver(current.writtenMs, days, nowMs)) return;
    versions.unshift({
      id: undefined,
      isMarker: true,
      writtenMs: nowMs,
      isLarge: false,
      isTemporary: false,
      isHeld: false,
      storageClass: "STANDARD",
    });
  }

  #noncurrent(versions: ModelVersion[], nowMs: number): void {
    const gone = new Set<ModelVersion>();
    let newer = 0;
    for (const [index, version] of versions.entries()) {
      if (index === 0) continue;
      const sinceMs = versions[index - 1]!.writtenMs;
      const mayGo = version.isMarker || (newer >= 2 && !version.isHeld);
      if (!version.isMarker) newer += 1;
      if (mayGo && isOver(sinceMs, 45, nowMs)) gone.add(version);
      else if (!version.isMarker && version.isLarge && isOver(sinceMs, 10, nowMs)) version.storageClass = "DEEP_ARCHIVE";
    }
    versions.splice(0, versions.length, ...versions.filter((version) => !gone.has(version)));
  }
}

/** Whether so many days, and what is left of the last one, have gone by. */
function isOver(sinceMs: number, days: number, nowMs: number): boolean {
  const end = new Date(sinceMs + days * DAY_MS);
  return nowMs >= Date.UTC(end.getUTCFullYear(), end.getUTCMonth(), end.getUTCDate() + 1);
}
