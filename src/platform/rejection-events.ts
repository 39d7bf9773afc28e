type IsIgnored = (reason: unknown) => boolean;

/** An event that declarations may not name: a program may have no type of it. */
interface RejectionEvent {
  readonly reason: unknown;
  preventDefault(): void;
}

interface EventSource {
  addEventListener(type: "unhandledrejection", listener: (event: RejectionEvent) => void): void;
}

let isIgnored: IsIgnored | undefined;

/** See `Platform.ignoreRejections`: for runtimes that have an event of which the default can be prevented. */
export function ignoreRejectionEvents(given: IsIgnored): void {
  const isListening = isIgnored !== undefined;
  isIgnored = given;
  if (isListening) return;
  const { addEventListener } = globalThis as Partial<EventSource>;
  addEventListener?.call(globalThis, "unhandledrejection", (event) => {
    if (isIgnored?.(event.reason) === true) event.preventDefault();
  });
}
