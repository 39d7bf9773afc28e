/** Functions that are handed to what heddle/testing puts in place of the runtime's own. */
import { FakeClock } from "heddle/testing";
import { asAnother, kept, type Places } from "../support/async-context.ts";

export const TESTING: Places = {
  "testing FakeClock, setTimeout(callback)": kept(async (note) => {
    const clock = new FakeClock();
    clock.install();
    setTimeout(note, 10);
    asAnother(() => clock.advance(10));
    clock.uninstall();
  }, "shared"),
  "testing FakeClock, setInterval(callback)": kept(async (note) => {
    const clock = new FakeClock();
    clock.install();
    setInterval(note, 10);
    asAnother(() => clock.advance(30));
    clock.uninstall();
  }, "shared"),
};
