import { GetBucketLocation } from "../../../src/operations/buckets/GetBucketLocation.ts";
import type { AnyOperation } from "../../../src/operations/Operation.ts";
import type { Service } from "../../../src/server/Service.ts";
import type { TestServerOptions } from "../TestServer.ts";
import { TestServer } from "../TestServer.ts";

/** A server that answers GetBucketLocation only when it is told to. */
export async function holdingServer(options: TestServerOptions = {}): Promise<{ server: TestServer; release: () => void }> {
  let release!: () => void;
  const released = new Promise<void>((resolve) => (release = resolve));
  const held: AnyOperation = { ...GetBucketLocation, handle: async () => released.then(() => ({ output: {} })) };
  const adapt = (service: Service): Service => ({
    ...service,
    operations: new Map([...service.operations, ["GetBucketLocation", held]]),
  });
  return { server: await TestServer.start({ ...options, adapt }), release };
}
