// oxlint-disable import/no-named-as-default-member -- both ways of naming a function are cases
/**
 * Functions of popular packages, of the runtime and of the language, each called here and in a
 * worker. Prints those of which the outcomes differ, and how many do not.
 */
import { ThreadPoolExecutor } from "heddle/concurrent/futures";
import { addDays, format, differenceInDays, parseISO } from "date-fns";
import * as yaml from "js-yaml";
import { load as loadYaml, dump } from "js-yaml";
import YAML, { stringify as toYaml } from "yaml";
import * as pako from "pako";
import { deflate, inflate } from "pako";
import { marked, parse as parseMarkdown } from "marked";
import bcrypt, { hashSync, compareSync } from "bcryptjs";
import { gzipSync, gunzipSync, strToU8 } from "fflate";
import { parse as parseCsv } from "csv-parse/sync";
import { stringify } from "csv-stringify/sync";
import ms from "ms";
import slugify from "slugify";
import dayjs from "dayjs";
import lodash from "lodash";
import { chunk, camelCase, cloneDeep } from "lodash-es";
import sortBy from "lodash/sortBy.js";
import { v5, validate, version } from "uuid";
import { nanoid } from "nanoid";
import * as z from "zod";
import semver from "semver";
import gt from "semver/functions/gt.js";
import he from "he";
import validator from "validator";
import isEmail from "validator/lib/isEmail.js";
import Papa from "papaparse";
import { minimatch } from "minimatch";
import picomatch from "picomatch";
import { camelCase as cc, snakeCase } from "change-case";
import { XMLValidator } from "fast-xml-parser";
import { diffChars, diffLines } from "diff";
import { basename, join } from "node:path";
import { createHash, randomUUID } from "node:crypto";
import fs, { readFileSync } from "node:fs";
import { inspect } from "node:util";
/** Name, function, and arguments; "len" at the end where only the type of the outcome is the same. */
const T = [
  ["addDays", addDays, new Date(0), 3],
  ["format", format, new Date(0), "yyyy"],
  ["differenceInDays", differenceInDays, new Date(864e5), new Date(0)],
  ["parseISO", parseISO, "2020-01-01"],
  ["yaml.load", yaml.load, "a: 1"],
  ["loadYaml", loadYaml, "a: [1]"],
  ["dump", dump, { a: 1 }],
  ["YAML.parse", YAML.parse, "a: [1]"],
  ["toYaml", toYaml, { a: [1] }],
  ["deflate", deflate, "abc"],
  ["pako.deflate", pako.deflate, "abc"],
  ["inflate", inflate, deflate("abc")],
  ["marked", marked, "# a"],
  ["parseMarkdown", parseMarkdown, "*a*"],
  ["marked.parse", marked.parse, "a"],
  ["bcrypt.hashSync", bcrypt.hashSync, "a", 4, "len"],
  ["compareSync", compareSync, "a", hashSync("a", 4)],
  ["bcrypt.compareSync", bcrypt.compareSync, "a", hashSync("a", 4)],
  ["gzipSync", gzipSync, strToU8("abc"), { mtime: 1 }],
  ["gunzipSync", gunzipSync, gzipSync(strToU8("abc"))],
  ["strToU8", strToU8, "abc"],
  ["parseCsv", parseCsv, "a,b\n1,2"],
  ["stringify", stringify, [[1, 2]]],
  ["ms", ms, "2h"],
  ["slugify", slugify, "a b"],
  ["dayjs.isDayjs", dayjs.isDayjs, 4],
  ["lodash.chunk", lodash.chunk, [1, 2, 3], 2],
  ["lodash.get", lodash.get, { a: { b: 1 } }, "a.b"],
  ["chunk", chunk, [1, 2, 3], 2],
  ["camelCase", camelCase, "a b"],
  ["cloneDeep", cloneDeep, { a: [1] }],
  ["sortBy", sortBy, [3, 1]],
  ["v5", v5, "a", "6ba7b810-9dad-11d1-80b4-00c04fd430c8"],
  ["validate", validate, "x"],
  ["version", version, "6ba7b810-9dad-11d1-80b4-00c04fd430c8"],
  ["nanoid", nanoid, 5, "len"],
  ["z.object", () => z.object({ a: z.number() }).parse({ a: 1 })],
  ["semver.gt", semver.gt, "2.0.0", "1.0.0"],
  ["gt", gt, "2.0.0", "1.0.0"],
  ["semver.valid", semver.valid, "1.2.3"],
  ["semver.inc", semver.inc, "1.2.3", "patch"],
  ["he.encode", he.encode, "<"],
  ["he.decode", he.decode, "&lt;"],
  ["validator.isEmail", validator.isEmail, "a@b.co"],
  ["isEmail", isEmail, "a@b.co"],
  ["validator.escape", validator.escape, "<"],
  ["Papa.parse", Papa.parse, "a,b\n1,2"],
  ["Papa.unparse", Papa.unparse, [[1, 2]]],
  ["minimatch", minimatch, "a.js", "*.js"],
  ["minimatch.match", minimatch.match, ["a.js"], "*.js"],
  ["picomatch.isMatch", picomatch.isMatch, "a.js", "*.js"],
  ["cc", cc, "a b"],
  ["snakeCase", snakeCase, "aB"],
  ["XMLValidator.validate", XMLValidator.validate, "<a/>"],
  ["diffChars", diffChars, "ab", "ac"],
  ["diffLines", diffLines, "a\n", "b\n"],
  ["basename", basename, "/a/b"],
  ["join", join, "a", "b"],
  ["readFileSync", readFileSync, new URL(import.meta.url).pathname, "utf8"],
  ["fs.existsSync", fs.existsSync, "/"],
  ["inspect", inspect, { a: 1 }],
  ["randomUUID", randomUUID, "len"],
  ["Math.max", Math.max, 1, 2],
  ["JSON.parse", JSON.parse, "[1]"],
  ["parseInt", parseInt, "12"],
  ["structuredClone", structuredClone, { a: 1 }],
  ["String", String, 5],
  ["Array.from", Array.from, "abc"],
  ["Object.keys", Object.keys, { a: 1 }],
  ["encodeURIComponent", encodeURIComponent, "a b"],
  ["Date.UTC", Date.UTC, 2020, 1],
  ["Buffer.from", Buffer.from, "abc"],
  ["inline", (s) => createHash("md5").update(s).digest("hex"), "a"],
  ["inline dayjs", (d) => dayjs(d).format("YYYY-MM-DD"), "2020-02-03"],
  ["inline lodash", (x) => lodash.sum(x), [1, 2]],
];
const pool = new ThreadPoolExecutor({ maxWorkers: 1 });
let same = 0;
for (const [name, fn, ...args] of T) {
  const byType = args.at(-1) === "len" && args.pop() === "len";
  const outcome = async (call) => {
    try {
      const value = await call();
      return byType ? typeof value : inspect(value, { depth: 5 });
    } catch (error) {
      return `${error.name}: ${error.message}`;
    }
  };
  const there = await outcome(() => pool.submit(fn, ...args));
  const here = await outcome(() => fn(...args));
  if (here === there) same += 1;
  else console.log("differs", name, "here", here.slice(0, 200), "there", there.slice(0, 200));
}
console.log(same, "of", T.length);
await pool.shutdown();
