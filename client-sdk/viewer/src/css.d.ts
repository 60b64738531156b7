/**
 * A style sheet, imported for its effect. The bundler joins all style sheets of a page into one file beside the script.
 */
declare module '*.css';
