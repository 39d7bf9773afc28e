export interface Shape {
  readonly side: number;
}

/** Counts calls: state that must be there once in each thread. */
export let visits = 0;

export function visit(): number {
  return ++visits;
}

export const area = ({ side }: Shape): number => side * side;
