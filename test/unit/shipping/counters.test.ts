/** Functions as istanbul has written them are found where they stand, without its counters. */
import assert from "node:assert/strict";
import { describe, it } from "node:test";

import { moduleTree, placeIn, sitesOf } from "../../../build/src/shipping/syntax/module-tree.js";
import { parseFunction } from "../../../build/src/shipping/syntax/parser.js";

const tree = moduleTree(new URL("./fixtures/counted.mjs", import.meta.url).href);

/** Where a function with this text may stand in the module. */
function placesOf(text: string): string[] {
  assert.ok(tree);
  const parsed = parseFunction(text);
  assert.ok(parsed, text);
  return sitesOf(tree, text, parsed).map(({ node }) => placeIn(tree, node.start));
}

const MOST = `function most(list, least = (cov_1koplnlgrc().b[0][0]++, 3)) {
  cov_1koplnlgrc().f[2]++;
  cov_1koplnlgrc().s[5]++;
  if (list.length === 0) {
    cov_1koplnlgrc().b[1][0]++;
    cov_1koplnlgrc().s[6]++;
    return least;
  } else {
    cov_1koplnlgrc().b[1][1]++;
  }
  cov_1koplnlgrc().s[7]++;
  if (least > 9) {
    cov_1koplnlgrc().b[2][0]++;
    cov_1koplnlgrc().s[8]++;
    hits++;
  } else {
    cov_1koplnlgrc().b[2][1]++;
    cov_1koplnlgrc().s[9]++;
    hits--;
  }
  cov_1koplnlgrc().s[10]++;
  for (const each of list) {
    cov_1koplnlgrc().s[11]++;
    if ((cov_1koplnlgrc().b[4][0]++, each > least) || (cov_1koplnlgrc().b[4][1]++, hits)) {
      cov_1koplnlgrc().b[3][0]++;
      cov_1koplnlgrc().s[12]++;
      least = each;
    } else {
      cov_1koplnlgrc().b[3][1]++;
    }
  }
  cov_1koplnlgrc().s[13]++;
  while (hits > 5) {
    cov_1koplnlgrc().s[14]++;
    hits -= 1;
  }
  cov_1koplnlgrc().s[15]++;
  switch (least) {
    case 1:
      cov_1koplnlgrc().b[5][0]++;
      cov_1koplnlgrc().s[16]++;
      hits++;
      cov_1koplnlgrc().s[17]++;
      break;
    default:
      cov_1koplnlgrc().b[5][1]++;
      cov_1koplnlgrc().s[18]++;
      return least ? (cov_1koplnlgrc().b[6][0]++, hits) : (cov_1koplnlgrc().b[6][1]++, (cov_1koplnlgrc().b[7][0]++, least) && (cov_1koplnlgrc().b[7][1]++, list[0]));
  }
  cov_1koplnlgrc().s[19]++;
  try {
    cov_1koplnlgrc().s[20]++;
    cov_1koplnlgrc().s[21]++;
    label: for (;;) {
      cov_1koplnlgrc().s[22]++;
      break label;
    }
  } catch {
    cov_1koplnlgrc().s[23]++;
    hits = 1;
  }
  cov_1koplnlgrc().s[24]++;
  return [() => {
    cov_1koplnlgrc().f[3]++;
    cov_1koplnlgrc().s[25]++;
    return hits;
  }, class {
    n = (cov_1koplnlgrc().s[26]++, hits);
    static m = (cov_1koplnlgrc().s[27]++, (cov_1koplnlgrc().b[8][0]++, hits) ?? (cov_1koplnlgrc().b[8][1]++, 1));
    get() {
      cov_1koplnlgrc().f[4]++;
      cov_1koplnlgrc().s[28]++;
      return hits;
    }
  }];
}`;

describe("a function with the counters of istanbul", () => {
  it("is found where it was an expression", () => {
    const hit = "() => { cov_1koplnlgrc().f[0]++; cov_1koplnlgrc().s[1]++; return ++hits; }";
    assert.deepEqual(placesOf(hit), ["counted.mjs:3"]);
    assert.deepEqual(placesOf(hit.replace("++hits", "--hits")), ["counted.mjs:4"]);
  });

  it("is found with all that has branches", () => {
    assert.deepEqual(placesOf(MOST), ["counted.mjs:5"]);
  });

  it("is not found if it does anything else", () => {
    for (const [text, other] of [
      ["least > 9", "least > 8"],
      ["hits--;", "hits--; hits--;"],
      ["return least;", "return;"],
      ["break label", "continue label"],
      [".b[4][0]++, each > least", ".b[4][0]++, each, each > least"],
      ["cov_1koplnlgrc().f[2]++", "coverage().f[2]++"],
    ] as const) {
      assert.ok(MOST.includes(text), text);
      assert.deepEqual(placesOf(MOST.replace(text, other)), [], other);
    }
  });
});
