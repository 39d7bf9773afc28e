/** Has `look` called whenever code asks the signal whether it is aborted, and why. */
export function lookFirst(signal: AbortSignal, look: () => void): void {
  for (const name of ["aborted", "reason"] as const) {
    Object.defineProperty(signal, name, {
      configurable: true,
      get(): unknown {
        look();
        return Reflect.get(AbortSignal.prototype, name, signal);
      },
    });
  }
  Object.defineProperty(signal, "throwIfAborted", {
    configurable: true,
    value(): void {
      look();
      if (Reflect.get(AbortSignal.prototype, "aborted", signal)) throw signal.reason;
    },
  });
}
