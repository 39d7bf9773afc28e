/**
 * Pages in real browsers, without a driver: a browser is started with the address of a page,
 * and the page posts what it has to say to the server that it came from.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { accessSync, constants, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { once } from "node:events";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { delimiter, extname, join, normalize } from "node:path";
import process from "node:process";

export interface BrowserKind {
  readonly name: string;
  /** Its path, or undefined where it is not installed. */
  readonly program: string | undefined;
  /** What to start it with, so that it shows one page and connects to no other server. */
  readonly prepare: (profile: string) => string[];
}

/** Finds a program: where the variable says, or on the path. */
function findProgram(variable: string, names: readonly string[]): string | undefined {
  const given = process.env[variable];
  if (given !== undefined) return given;
  const folders = (process.env["PATH"] ?? "").split(delimiter);
  return folders
    .flatMap((folder) => names.map((name) => join(folder, name)))
    .find((path) => {
      try {
        accessSync(path, constants.X_OK);
        return true;
      } catch {
        return false;
      }
    });
}

const FIREFOX_PREFERENCES = {
  "app.normandy.enabled": false,
  "app.update.enabled": false,
  "browser.aboutwelcome.enabled": false,
  "browser.shell.checkDefaultBrowser": false,
  "browser.startup.homepage_override.mstone": "ignore",
  "datareporting.policy.dataSubmissionEnabled": false,
  "extensions.update.enabled": false,
  "network.captive-portal-service.enabled": false,
  "network.connectivity-service.enabled": false,
  "services.settings.server": "",
  "toolkit.telemetry.enabled": false,
  "toolkit.telemetry.reportingpolicy.firstRun": false,
};

export const BROWSERS: readonly BrowserKind[] = [
  {
    name: "Chromium",
    program: findProgram("HEDDLE_CHROMIUM", ["chromium", "chromium-browser", "google-chrome"]),
    prepare: (profile) => [
      "--headless=new",
      // Root, as in a container, has no other way to start it.
      "--no-sandbox",
      "--disable-background-networking",
      "--disable-background-timer-throttling",
      "--disable-breakpad",
      "--disable-component-update",
      "--disable-dev-shm-usage",
      "--disable-extensions",
      "--disable-gpu",
      "--disable-sync",
      "--no-default-browser-check",
      "--no-first-run",
      `--user-data-dir=${profile}`,
    ],
  },
  {
    name: "Firefox",
    program: findProgram("HEDDLE_FIREFOX", ["firefox-esr", "firefox"]),
    prepare: (profile) => {
      const lines = Object.entries(FIREFOX_PREFERENCES).map(
        ([name, value]) => `user_pref("${name}", ${JSON.stringify(value)});\n`,
      );
      writeFileSync(join(profile, "user.js"), lines.join(""));
      return ["--headless", "--no-remote", "--profile", profile];
    },
  },
];

/** Starts a browser at an address. */
export class Browser {
  readonly #process: ChildProcess;
  readonly #profile: string;
  #output = "";

  constructor(kind: BrowserKind, address: string) {
    if (kind.program === undefined) throw new Error(`Cannot start ${kind.name}: it is not there`);
    // Short: Chromium has a socket in it, whose path may have 107 bytes.
    this.#profile = mkdtempSync(join(tmpdir(), "browser-"));
    this.#process = spawn(kind.program, [...kind.prepare(this.#profile), address], {
      // What it starts belongs to its group, and ends with it.
      detached: true,
      env: {
        ...process.env,
        HOME: this.#profile,
        TMPDIR: this.#profile,
        MOZ_CRASHREPORTER_DISABLE: "1",
      },
      stdio: ["ignore", "pipe", "pipe"],
    });
    process.on("exit", this.#kill);
    this.#process.on("error", (error) => (this.#output += String(error)));
    for (const stream of [this.#process.stdout, this.#process.stderr])
      stream?.setEncoding("utf8").on("data", (text: string) => {
        this.#output = (this.#output + text).slice(-4000);
      });
  }

  /** The last of what it printed. */
  get output(): string {
    return this.#output;
  }

  readonly #kill = (): void => {
    const { pid } = this.#process;
    if (pid === undefined) return;
    try {
      process.kill(-pid, "SIGKILL");
    } catch {
      // All of the group has ended.
    }
  };

  async close(): Promise<void> {
    const { pid, exitCode, signalCode } = this.#process;
    const isRunning = pid !== undefined && exitCode === null && signalCode === null;
    const exit = isRunning ? once(this.#process, "exit") : undefined;
    this.#kill();
    await exit;
    process.off("exit", this.#kill);
    rmSync(this.#profile, { recursive: true, force: true, maxRetries: 10, retryDelay: 50 });
  }
}

const TYPES: Readonly<Record<string, string>> = {
  ".css": "text/css",
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript",
  ".json": "application/json",
  ".mjs": "text/javascript",
};

/** What a program writes to answer a request that no file answers. */
export type Answer = (path: string, body: string) => { type: string; text: string } | undefined;

/** Serves folders to pages of this machine, isolated, as shared memory needs it. */
export class PageServer {
  readonly #folders: Readonly<Record<string, string>>;
  readonly #answer: Answer;
  readonly #server: Server;

  /**
   * @param folders Folders by the beginning of their files' paths: `/dist/`.
   * @param answer Asked first.
   */
  constructor(folders: Readonly<Record<string, string>>, answer: Answer) {
    this.#folders = folders;
    this.#answer = answer;
    this.#server = createServer((request, response) => void this.#respond(request, response));
  }

  /** @returns The address of the server, without a slash at its end. */
  async listen(): Promise<string> {
    this.#server.listen(0, "127.0.0.1");
    await once(this.#server, "listening");
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  close(): void {
    this.#server.close();
    this.#server.closeAllConnections();
  }

  async #respond(request: IncomingMessage, response: ServerResponse): Promise<void> {
    let body = "";
    for await (const part of request.setEncoding("utf8")) body += String(part);
    const { pathname, search } = new URL(request.url ?? "/", "http://localhost");
    const made = this.#answer(pathname + search, body);
    const answer = made ?? this.#file(pathname);
    response.writeHead(answer === undefined ? 404 : 200, {
      "content-type": answer?.type ?? "text/plain",
      // The pages of a run load the same modules.
      "cache-control": made === undefined ? "max-age=3600" : "no-store",
      "cross-origin-opener-policy": "same-origin",
      "cross-origin-embedder-policy": "require-corp",
    });
    response.end(answer?.text);
  }

  #file(path: string): { type: string; text: string } | undefined {
    const prefix = Object.keys(this.#folders).find((start) => path.startsWith(start));
    if (prefix === undefined) return undefined;
    const inside = normalize(decodeURIComponent(path.slice(prefix.length)));
    if (inside.startsWith("..")) return undefined;
    const type = TYPES[extname(inside)];
    if (type === undefined) return undefined;
    try {
      return { type, text: readFileSync(join(this.#folders[prefix] ?? "", inside), "utf8") };
    } catch {
      return undefined;
    }
  }
}
