import assert from "node:assert/strict";
import { existsSync, globSync, readFileSync } from "node:fs";
import { join, normalize } from "node:path/posix";
import { test } from "node:test";

const ROOT = join(import.meta.dirname, "../..");
/** npm packs these whether they are named or not. */
const ALWAYS_PACKED = ["package.json", "README.md", "LICENSE"];
const { files } = JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8")) as { files: string[] };
const packed = [...files, ...ALWAYS_PACKED];

const CODE = /^```[\s\S]*?^```$|`[^`\n]*`/gm;
const LINK = /\]\(([^)\s]+)\)/g;
const ELSEWHERE = /^[a-z]+:/;

/** The pages of the package, by their paths. */
const pages = new Map(
  packed
    .flatMap((path) => (path.endsWith(".md") ? [path] : globSync(`${path}/**/*.md`, { cwd: ROOT, exclude: ["**/node_modules"] })))
    .map((path) => [path, readFileSync(join(ROOT, path), "utf8")]),
);

/** The anchors of a page, as GitHub makes them of its headings, and those it writes itself. */
function anchorsOf(page: string): Set<string> {
  const anchors = new Set([...page.matchAll(/<a (?:id|name)="([^"]+)"/g)].map(([, id]) => id!));
  const seen = new Map<string, number>();
  for (const [, heading] of page.replace(/^```[\s\S]*?^```$/gm, "").matchAll(/^#{1,6} (.+)$/gm)) {
    const text = heading!.replace(/\[([^\]]*)\]\([^)]*\)/g, "$1").toLowerCase();
    const anchor = text.replace(/[^\p{L}\p{N}\p{Pc}\- ]/gu, "").replaceAll(" ", "-");
    const times = seen.get(anchor) ?? 0;
    seen.set(anchor, times + 1);
    anchors.add(times === 0 ? anchor : `${anchor}-${times}`);
  }
  return anchors;
}

/** What is wrong with a link of a page, in words; undefined where nothing is. */
function fault(path: string, link: string): string | undefined {
  const [file, anchor] = decodeURI(link).split("#") as [string, string?];
  const target = file === "" ? path : normalize(join(path, "..", file));
  if (!existsSync(join(ROOT, target))) return "is not there";
  if (!packed.some((one) => target === one || target.startsWith(`${one}/`))) return "is not in the package";
  const page = pages.get(target);
  return anchor === undefined || page === undefined || anchorsOf(page).has(anchor) ? undefined : "has no such heading";
}

test("package: every link of its pages leads to a file of the package, and to a heading that is there", () => {
  assert.ok(pages.size > 30);
  const faults = [...pages].flatMap(([path, page]) =>
    [...page.replace(CODE, "").matchAll(LINK)]
      .map(([, link]) => link!)
      .filter((link) => !ELSEWHERE.test(link))
      .map((link) => [link, fault(path, link)] as const)
      .filter(([, wrong]) => wrong !== undefined)
      .map(([link, wrong]) => `${path}: ${link} ${wrong}`),
  );
  assert.equal(faults.join("\n"), "");
});
