/**
 * Holds README.md and promises.json together: each sentence of the README, each bullet and each
 * row of its table stands there, with the tests that fail if it becomes untrue, or with the reason
 * why it promises nothing. The README's examples are run by guides.test.ts.
 */
import assert from "node:assert/strict";
import { existsSync, readdirSync } from "node:fs";
import { describe, it } from "node:test";
import { readText, root } from "../support/doc-examples.ts";

interface Promised {
  /** A part of a sentence of the README, word for word. */
  readonly says: string;
  /** The titles of its tests as they stand in the source, by file. A group stands for its tests. */
  readonly tests?: Readonly<Record<string, readonly string[]>>;
  /** Why it has no test. */
  readonly reason?: string;
}

const { RUNTIMES, OLDEST } = (await import(String(new URL("scripts/runtimes.mjs", root)))) as {
  RUNTIMES: Readonly<Record<string, { readonly version: string }>>;
  OLDEST: Readonly<Record<string, string>>;
};

const { dayPlaces } = (await import(String(new URL("scripts/test-places.mjs", root)))) as {
  dayPlaces(file: string): readonly string[];
};

/** Whether a file of tests runs on every runtime for every change. */
const runsEverywhere = (path: string): boolean =>
  path.startsWith("test/") &&
  path.endsWith(".test.ts") &&
  dayPlaces(path.slice("test/".length)).length === Object.keys(RUNTIMES).length;

const oneLine = (text: string): string => text.replaceAll(/\s+/g, " ").trim();

const readme = readText("README.md");
const promises = JSON.parse(readText("test/docs/promises.json")) as readonly Promised[];

/** What the README says outside of headings and fenced blocks: sentences, and rows of tables. */
function sentencesIn(text: string): string[] {
  return text
    .replaceAll(/^```[^]*?^```$/gm, "")
    .replaceAll(/^#.*$/gm, "")
    .split(/\n{2,}|\n(?=- |\|)/)
    .map(oneLine)
    .filter((block) => block !== "" && !/^\|[ |:-]+\|$/.test(block))
    .flatMap((block) =>
      block.startsWith("|") ? [block] : block.split(/(?<=[.!?]\**\)?) (?=\W*[A-Z]|`)/),
    );
}

/** The titles of the tests and groups in a file, as they stand there. */
function titlesIn(path: string): Set<string> {
  const titles = readText(path).matchAll(
    /\b(?:it\w*|describe\w*)\(\s*(["'`])((?:\\.|(?!\1)[^\\])*)\1/g,
  );
  return new Set([...titles].map(([, , title = ""]) => title));
}

/** Whether the file is one that is run, each time or nightly, or that one of them imports. */
function isRun(path: string): boolean {
  if (path.endsWith(".test.ts")) return true;
  if (path.startsWith("scripts/nightly/"))
    return readText("scripts/nightly.mjs").includes(
      `testHere("${path.slice(path.lastIndexOf("/") + 1)}")`,
    );
  const name = path.slice(path.lastIndexOf("/") + 1);
  return readdirSync(new URL("test/", root), { recursive: true, encoding: "utf8" }).some(
    (file) => file.endsWith(".test.ts") && readText(`test/${file}`).includes(`/${name}"`),
  );
}

const rows = sentencesIn(readme).filter((sentence) => sentence.startsWith("|"));

describe("what the README promises", () => {
  const sentences = sentencesIn(readme);

  it("is listed, sentence by sentence", () => {
    const listed = promises.map(({ says }) => says);
    const missing = sentences.filter((sentence) => !listed.some((says) => sentence.includes(says)));
    assert.deepEqual(missing, [], "Give test/docs/promises.json what tests these sentences");
  });

  it("is what is listed, and nothing else", () => {
    const gone = promises
      .map(({ says }) => says)
      .filter((says) => !sentences.some((sentence) => sentence.includes(says)));
    assert.deepEqual(gone, [], "README.md does not say these any more");
  });

  it("has tests that exist, or a reason why there is none", () => {
    for (const { says, tests = {}, reason } of promises) {
      const files = Object.entries(tests);
      assert.notEqual(files.length > 0, reason !== undefined, `"${says}" has tests or a reason`);
      for (const [file, titles] of files) {
        assert.ok(existsSync(new URL(file, root)), `${file}, of "${says}", does not exist`);
        assert.ok(isRun(file), `${file}, of "${says}", is run by no test`);
        assert.ok(titles.length > 0, `${file}, of "${says}", has no title`);
        const found = titlesIn(file);
        const missing = titles.filter((title) => !found.has(title));
        assert.deepEqual(missing, [], `${file} has no such test of "${says}"`);
      }
    }
  });

  it("has, where it is a row of the table of support, a test that runs on every runtime", () => {
    for (const row of rows.slice(1)) {
      const tests = promises.filter(({ says }) => says === row).map((each) => each.tests ?? {});
      const files = tests.flatMap((each) => Object.keys(each));
      assert.ok(files.some(runsEverywhere), row);
    }
  });
});

/** Headings as GitHub names them in links. */
function anchorsIn(text: string): string[] {
  return [...text.matchAll(/^#+ (.*)$/gm)].map(([, heading = ""]) =>
    heading
      .toLowerCase()
      .replaceAll(/[^\w\- ]/g, "")
      .replaceAll(" ", "-"),
  );
}

/** The tables of a document, by the heading before them: the cells of each row, by its first. */
function tablesIn(text: string): Map<string, Map<string, string[]>> {
  const sections = text.split(/^#+ /m).map((section) => {
    const cells = section
      .split("\n")
      .filter((line) => line.startsWith("|"))
      .map((line) => line.split("|").slice(1, -1).map(oneLine));
    return [
      section.slice(0, section.indexOf("\n")),
      new Map(cells.map((row) => [row[0] ?? "", row])),
    ] as const;
  });
  return new Map(sections);
}

describe("what the README refers to", () => {
  it("the README's links lead to files, and to headings in them", () => {
    const links = [...readme.matchAll(/\]\((?!https?:)([^)#]+)(?:#([^)]+))?\)/g)];
    assert.ok(links.length > 10);
    for (const [link, path = "", anchor] of links) {
      assert.ok(existsSync(new URL(path, root)), link);
      if (anchor !== undefined) assert.ok(anchorsIn(readText(path)).includes(anchor), link);
    }
  });

  it("older releases than the README names are refused", () => {
    const { node20: node = "", deno = "", bun = "" } = OLDEST;
    const refused = `{ node: "${node}", deno: "${deno}", bun: "${bun}" }`;
    assert.ok(readText("src/platform/release.ts").includes(refused), refused);
  });

  it("the README names the runtimes that the tests run on, and the oldest that are supported", () => {
    const minor = (version = ""): string => version.split(".").slice(0, 2).join(".");
    const columns = Object.entries(RUNTIMES).map(([name, { version }]) =>
      name.startsWith("node")
        ? `Node ${version.split(".")[0]}`
        : `${nameOf(name)} ${minor(version)}`,
    );
    assert.equal(rows[0], `| | ${columns.join(" | ")} |`);
    const [node20, node22, deno, bun] = ["node20", "node22", "deno", "bun"].map((name) =>
      OLDEST[name]?.replace(/\.0$/, ""),
    );
    assert.ok(readme.includes(`Node ${node20}, Deno ${deno} or Bun ${bun}, or later.`));
    assert.ok(readme.includes(`strips types (Node ${node22} and later, Deno, Bun)`));
    const { engines } = JSON.parse(readText("package.json")) as { engines: { node: string } };
    assert.equal(engines.node, `>=${node20}`);
  });

  it("the README's figures are those of bench/README.md", () => {
    const text = readText("bench/README.md");
    const tables = tablesIn(text);
    /** How many times longer others take than heddle. */
    const ratio = (title: string, isMeant: (name: string) => boolean): number => {
      const [, table] = [...tables].find(([heading]) => heading.startsWith(title)) ?? [];
      assert.ok(table, title);
      const column = table.get("contender")?.indexOf("× heddle") ?? -1;
      const found = [...table]
        .filter(([name]) => isMeant(name))
        .map(([, row]) => Number(row[column]));
      assert.ok(found.length > 0 && found.every(Number.isFinite), title);
      return Math.min(...found);
    };
    const is =
      (wanted: string) =>
      (name: string): boolean =>
        name.replace(/ [\d.]+$/, "") === wanted;
    const isPool = (name: string): boolean =>
      /^(?:multithreading|poolifier|tinypool|workerpool) /.test(name);
    const [burst, trip] = ["50000 no-op tasks at once", "Round trip, awaited"];
    const speed = oneLine(readme.slice(readme.indexOf("## Speed")));
    const promised = [
      `${Math.round(ratio(burst, is("piscina")))} times faster than with piscina`,
      `over ${Math.floor(ratio(burst, isPool))} times faster than with the next-fastest pool`,
      `${Math.round(ratio(trip, is("raw postMessage")))} times faster than a raw message`,
    ];
    for (const words of promised)
      assert.ok(speed.includes(words), `"${words}" is what was measured`);
    assert.ok(ratio("Round trip, awaited, 4 ms after", is("raw postMessage")) < 1);
    assert.ok(ratio("Import, make a pool", is("bare workers")) < 1);
    assert.match(text, /^Node 24\.\d+ on two cores/m);
  });
});

function nameOf(runtime: string): string {
  return `${runtime.slice(0, 1).toUpperCase()}${runtime.slice(1)}`;
}
