// Tells, language by language, what of the blocks of a text without a grammar must stay, or stay whole.

/** Languages that consist of declarations. */
export const DECLARATIVE = new Set([
  'yaml',
  'toml',
  'ini',
  'css',
  'scss',
  'less',
  'makefile',
  'graphql',
  'proto',
  'terraform',
]);
/** By language: lines whose block may not become empty, and lines in a block that do not fill it. */
export const FILLED: Readonly<Record<string, readonly [RegExp, RegExp]>> = {
  graphql: [/^/, /^$/],
  // To Perl an empty block is a hash.
  perl: [
    /^\s*(?:\w+:\s*)?\{|\b(?:map|grep|sort|first|any|all|none|notall|reduce)\s*\{[ \t]*(?:#[^\n]{0,200})?\r?\n/,
    /^$/,
  ],
  proto: [/^\s*(enum|oneof|extend)\b/, /^\s*(option|reserved|extensions)\b/],
};
export const VUE_OTHER_TEMPLATE = /^<template\s[^>]*\blang=(?!["']?html\b)/; // of Vue, in another language than HTML
export const PROTO_LIST = /^[^\n]*\[[ \t]*(\/\/[^\n]*)?\r?\n/; // of options of Protobuf: neither empty nor with a last comma
export const PROTO_ALIASES = /^\s*enum\b[^]*\boption\s+allow_alias\b/; // without its aliases the option is an error

/** How the outermost element begins, or what a text of the language cannot be without. */
export const ROOT: Readonly<Record<string, RegExp>> = {
  xml: /^\s*<[a-z_]/i,
  vue: /^<(script|template)\b/,
  graphql: /^\s*[a-z{"]/,
  proto: /^\s*(syntax|edition)\b/,
};
export const HTML_SKELETON = /^\s*<(!doctype|html|head|body)\b/i;
export const VUE_TRANSITION = /^\s*<transition(?![-\w])/i; // of Vue: has one element
/** A tag of Vue, without its values, that is an error without the one before it. */
export const VUE_ELSE = /^\s*<[\w.:-][^<>]*\sv-else(-if)?[\s=>/]/;
export const TYPED_SCRIPT = /^<script\s[^>]*\blang=/; // of a component: the expressions in its tags are of the same language
