import process from "node:process";
import { Process } from "heddle/multiprocessing";

function info(title: string): void {
  console.log(title);
  console.log("parent process:", process.ppid);
  console.log("process id:", process.pid);
}

function f(name: string): void {
  info("function f");
  console.log("hello", name);
}

info("main line");
const child = new Process({ target: f, args: ["bob"] });
child.start();
await child.join();
