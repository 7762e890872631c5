import type { RequestFilter } from "./Journal.ts";
import type { RequestRecord } from "./RequestRecord.ts";

/** Whether a record is one of those that are asked for. */
export function fits(record: RequestRecord, filter: RequestFilter): boolean {
  const { id, operations, bucket, key, prefix, method, caller, status, errorCode, fault, fromMs, untilMs } = filter;
  if (id !== undefined && record.requestId !== id && record.hostId !== id) return false;
  if (operations !== undefined && !operations.includes(record.operation ?? "")) return false;
  if (bucket !== undefined && record.bucket !== bucket) return false;
  if (key !== undefined && record.key !== key) return false;
  if (prefix !== undefined && record.key?.startsWith(prefix) !== true) return false;
  if (method !== undefined && record.method !== method) return false;
  if (caller !== undefined && record.accessKeyId !== caller && record.caller !== caller) return false;
  if (status !== undefined && !hasStatus(record.status, status)) return false;
  if (errorCode !== undefined && record.errorCode !== errorCode) return false;
  if (fault !== undefined && record.faults?.includes(fault) !== true) return false;
  return record.atMs >= (fromMs ?? 0) && record.atMs < (untilMs ?? Infinity);
}

function hasStatus(status: number, asked: NonNullable<RequestFilter["status"]>): boolean {
  return typeof asked === "number" ? status === asked : String(status).startsWith(asked.slice(0, 1));
}
