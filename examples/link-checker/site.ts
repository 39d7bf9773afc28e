/** A small web site to check, with a link that leads nowhere and a page that never comes. */
import { IncompleteReadError } from "heddle";
import {
  type Server,
  sleep,
  startServer,
  type StreamReader,
  type StreamWriter,
} from "heddle/asyncio";

/** Each page, and where its links lead. */
const PAGES: Readonly<Record<string, readonly string[]>> = {
  "/": ["/about", "/blog", "/contact", "/missing"],
  "/about": ["/", "/team", "mailto:somebody@example.org"],
  "/blog": ["/", ...Array.from({ length: 20 }, (_, n) => `/blog/${n}`)],
  "/contact": ["/#top", "/about"],
  "/team": ["/slow", "/about"],
  ...Object.fromEntries(Array.from({ length: 20 }, (_, n) => [`/blog/${n}`, ["/blog"]])),
};

const ETERNITY_MS = 3_600_000;

export async function startSite(): Promise<Server> {
  return startServer(answer, "127.0.0.1", 0);
}

async function answer(reader: StreamReader, writer: StreamWriter): Promise<void> {
  try {
    const head = new TextDecoder().decode(await reader.readuntil("\r\n\r\n"));
    const [, path = "/"] = head.split(" ", 2);
    if (path === "/slow") {
      console.log("somebody asks for /slow, and will wait for long");
      await sleep(ETERNITY_MS);
    }
    const links = PAGES[path];
    const body = (links ?? []).map((link) => `<a href="${link}">${link}</a>`).join("\n");
    const status = links === undefined ? "404 Not Found" : "200 OK";
    const headers = [`content-length: ${body.length}`, "content-type: text/html"];
    writer.write([`HTTP/1.1 ${status}`, ...headers, "connection: close", "", body].join("\r\n"));
    await writer.drain();
  } catch (error) {
    if (!(error instanceof IncompleteReadError)) throw error; // it has asked for nothing
  } finally {
    writer.close();
  }
}
