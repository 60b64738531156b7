/** A style sheet, imported for its effect: the bundler gathers all of a page into one beside the script. */
declare module '*.css';
