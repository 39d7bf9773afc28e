/* oxlint-disable -- code as someone new writes it */
// CommonJS: helpers of a file, a config object, a prototype, and exports that are used here as well.
"use strict";
const path = require("path");
const { shout, default: fallback = "none" } = require("./report-helper.cjs");
const helper = require("./report-helper.cjs");
const settings = require("../settings.json");
const { ThreadPoolExecutor } = require("heddle/concurrent/futures");

const defaults = Object.freeze({ width: 10, fill: "." });
const config = Object.assign({}, defaults, { fill: "-" });

function Column(title) {
  this.title = title;
}
Column.prototype.render = function (text) {
  return `${this.title}:${text.padEnd(config.width, config.fill)}`;
};

exports.render = function render(title, text) {
  return new Column(title).render(shout(text)) + path.extname("a.txt") + helper.count;
};
const describe = (title) => exports.render(title, "x") + fallback + typeof settings;

(async () => {
  const pool = new ThreadPoolExecutor({ maxWorkers: 1 });
  try {
    console.log(await pool.submit(exports.render, "name", "loom"));
    console.log(await pool.submit(describe, "title"));
  } finally {
    await pool.shutdown();
  }
})();
