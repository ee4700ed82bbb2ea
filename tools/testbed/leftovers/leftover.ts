/** Something that a run which was killed has left behind. */
export interface Leftover {
  readonly kind: 'container' | 'network' | 'volume' | 'process' | 'folder';
  readonly name: string;
  /** @throws Error when it cannot be removed; not when it is gone already */
  remove(): Promise<void>;
}

/** Something that looks like a left-over, and may belong to somebody. */
export interface LeftAlone {
  readonly kind: Leftover['kind'];
  readonly name: string;
  readonly reason: string;
}

export interface Leftovers {
  readonly found: readonly Leftover[];
  readonly leftAlone: readonly LeftAlone[];
}
