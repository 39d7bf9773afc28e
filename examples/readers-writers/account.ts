/** Accounts whose sum never changes, and threads that look at them and move money. */
import { reading, type ReadWriteLock, writing } from "./rw-lock.ts";

/** Returns how often the sum was right. */
export function audit(lock: ReadWriteLock, accounts: Int32Array, times: number): number {
  let right = 0;
  for (let i = 0; i < times; i++) {
    const sum = reading(lock, () => accounts.reduce((all, balance) => all + balance, 0));
    if (sum === 0) right++;
  }
  return right;
}

export function transfer(lock: ReadWriteLock, accounts: Int32Array, times: number): void {
  for (let i = 0; i < times; i++) {
    writing(lock, () => {
      const from = i % accounts.length;
      const to = (i * 7 + 3) % accounts.length;
      accounts[from]! -= i;
      accounts[to]! += i;
    });
  }
}
