/**
 * What a process asks of the thread that holds a child's lifeline, which answers whatever the child's
 * main thread is doing: lines from the parent, as `a17`, and from the child, as `a17 running`. They go
 * by the lifeline or, once the parent has opened a second lane, beside that. An empty line, the first by
 * the lifeline, says that the parent has accepted that.
 */
import type { Socket } from "node:net";
import type { ControlAnswer, ControlRequest } from "./ipc.ts";

/** Says that the parent has accepted a lifeline. */
export const ACCEPTED = "\n";

export function lineOf({ verb, number }: ControlRequest): string {
  return `${verb}${number}\n`;
}

/** What an answer's line says. */
export function answerIn(line: string): ControlAnswer {
  const [request = "", answer = ""] = line.split(" ");
  const verb = request[0] as ControlRequest["verb"];
  return { verb, number: Number(request.slice(1)), answer };
}

/** Calls back with each line that comes. */
export function onLines(socket: Socket, listener: (line: string) => void): void {
  let rest = "";
  socket.setEncoding("latin1").on("data", (text) => {
    const lines = (rest + String(text)).split("\n");
    rest = lines.pop() ?? "";
    for (const line of lines) listener(line);
  });
}

/** For the child's thread, in whose scope is `workerData`: makes what receives a socket's requests and answers them. */
export const ANSWERING = `
const words = new Int32Array(workerData.memory);
const control = (0, eval)(workerData.controller);
const answering = (socket) => {
  let rest = "";
  return (chunk) => {
    const lines = (rest + chunk.toString("latin1")).split("\\n");
    rest = lines.pop();
    for (const line of lines) {
      if (line !== "") socket.write(line + " " + control(words, line[0], Number(line.slice(1))) + "\\n");
    }
  };
};
`;
