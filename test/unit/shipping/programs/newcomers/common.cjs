/* oxlint-disable -- code as someone new writes it */
// CommonJS, with a helper in another file.
const path = require("path");
const { ThreadPoolExecutor } = require("heddle/concurrent/futures");
const { slug, SEPARATOR } = require("./common-helper.cjs");

const names = ["Hello World", "a b c"];
function outputPath(name) {
  return path.join(path.basename(__dirname), slug(name) + SEPARATOR + names.length + ".html");
}

async function main() {
  const pool = new ThreadPoolExecutor();
  const results = await pool.map(outputPath, names);
  console.log([...results].join(" ").replaceAll("\\", "/"));
  console.log(await pool.submit(() => slug("X Y") + path.sep.length));
  await pool.shutdown();
}

if (require.main === module)
  main().catch((error) => {
    console.error(error);
    process.exitCode = 1;
  });
module.exports = { outputPath };
