import { run, succeed } from "./commands.ts";

/** Debian's AWS CLI. */
export const AWS = "/usr/bin/aws";

/** What `aws s3api` printed. */
export type Printed = Record<string, unknown>;

/** `aws s3api` against a server, which is to succeed; nothing printed is no member. */
export function s3api(endpoint: string, folder: string): (...args: string[]) => Promise<Printed> {
  return async (...args) => {
    const text = await succeed(AWS, ["--endpoint-url", endpoint, "--output", "json", "s3api", ...args], { cwd: folder });
    return text.trim() === "" ? {} : (JSON.parse(text) as Printed);
  };
}

/** `aws s3api` against a server, which is to be refused: the line that it printed of the error. */
export function refusedS3api(endpoint: string, folder: string): (...args: string[]) => Promise<string> {
  return async (...args) => {
    const { code, stdout, stderr } = await run(AWS, ["--endpoint-url", endpoint, "s3api", ...args], { cwd: folder });
    return code === 254 ? stderr.trim() : `ended with ${code}: ${stdout}${stderr}`;
  };
}
