/** The code of an error of the system, or of a library that has codes; `undefined` for any other error. */
export function systemCode(error: unknown): unknown {
  return (error as { readonly code?: unknown }).code;
}

/** Whether the system says that there is no such file or folder. */
export function isMissing(error: unknown): boolean {
  return systemCode(error) === "ENOENT";
}

/** Whether the system says that a path leads nowhere: to what is not there, or by what is no folder. */
export function isNowhere(error: unknown): boolean {
  return isMissing(error) || systemCode(error) === "ENOTDIR";
}
