/* oxlint-disable -- code as it may be written, not as it should be */
await null;
export let level = 1;
export const lift = () => void level++;
