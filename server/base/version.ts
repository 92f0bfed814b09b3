/** The version of this build; the bundler writes it in, and sources run directly say so. */

declare const __VERSION__: string | undefined;

export const VERSION: string = typeof __VERSION__ === 'string' ? __VERSION__ : '0.0.0-source';
