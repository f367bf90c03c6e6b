import 'react';

declare module 'react' {
  interface CSSProperties {
    /** The colour of what is drawn. */
    '--series'?: string;
  }
}
