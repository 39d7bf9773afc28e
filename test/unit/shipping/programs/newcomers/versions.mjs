/** Functions of packages in threads, awaited together. */
import * as asyncio from "heddle/asyncio";
import ms from "ms";
import semver from "semver";
const LIMIT = "2h";
const newest = (versions) => semver.sort([...versions]).at(-1);
await asyncio.run(async () => {
  const [a, b, c] = await asyncio.gather([
    asyncio.toThread(() => ms(LIMIT)),
    asyncio.toThread(newest, ["1.2.3", "1.10.0"]),
    asyncio.toThread(() => semver.gt("2.0.0", "1.0.0")),
  ]);
  console.log(a, b, c);
});
