/** The child of fork.mjs. */

let count = 0;

process.on("message", ([what, value]) => {
  if (what === "echo") process.send(value);
  else if (what === "count") count++;
  else {
    process.send(count);
    count = 0;
  }
});
