import { readFileSync } from "node:fs";
import process from "node:process";
import { Process } from "heddle/multiprocessing";

const child = new Process({
  target: () => {
    console.log(`read: ${readFileSync(0, "utf8")}`.trim());
  },
  stdin: process.argv[2] as "inherit" | "ignore",
});
child.start();
await child.join();
