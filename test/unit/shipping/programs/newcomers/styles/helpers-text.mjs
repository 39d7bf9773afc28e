const SPACES = /\s+/;
export const split = (text) => text.split(SPACES);
