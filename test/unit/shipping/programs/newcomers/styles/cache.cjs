/* oxlint-disable -- code as someone new writes it */
// CommonJS as it was written ten years ago: var, prototypes, callbacks, an immediately invoked function.
"use strict";
var fs = require("fs");
var path = require("path");
var futures = require("heddle/concurrent/futures");

var Cache = (function () {
  function Cache(limit) {
    this.limit = limit;
    this.items = Object.create(null);
    this.keys = [];
  }
  Cache.prototype.get = function (key, make) {
    if (!(key in this.items)) {
      if (this.keys.length >= this.limit) delete this.items[this.keys.shift()];
      this.keys.push(key);
      this.items[key] = make(key);
    }
    return this.items[key];
  };
  return Cache;
})();
var cache = new Cache(2);
var reads = 0;

function sizeOf(name) {
  return cache.get(name, function (key) {
    reads++;
    return fs.statSync(path.join(__dirname, key)).size > 0;
  });
}
function report(names) {
  var known = names.map(sizeOf);
  return known.concat(reads, cache.keys.length).join();
}

if (require.main === module) {
  var pool = new futures.ThreadPoolExecutor({ maxWorkers: 1 });
  pool
    .submit(report, ["cache.cjs", "report.cjs", "cache.cjs", "schema.mjs"])
    .then(function (line) {
      console.log(line);
      return pool.submit(function (name) {
        return sizeOf(name) + path.extname(name) + reads;
      }, "report.cjs");
    })
    .then(console.log)
    .finally(function () {
      return pool.shutdown();
    });
}
