import { readError, withRetries } from "holdfast/errors";

export async function download(url) {
  return await withRetries(async () => {
    const response = await fetch(url, { signal: AbortSignal.timeout(10_000) });
    if (!response.ok) throw await readError(response);
    return await response.arrayBuffer();
  });
}
