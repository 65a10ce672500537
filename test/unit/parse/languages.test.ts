// Tests the tables and small rules of the languages: names, comments, directives, tags, classes, paragraphs, grammars.
import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { TOKEN_CLASSES, type TokenClass } from '../../../src/core/context';
import { classesOf, commentClass } from '../../../src/parse/classes';
import { Grammars } from '../../../src/parse/grammars';
import { balancedBrackets, directivePairs } from '../../../src/parse/pairing';
import {
  blockComment,
  codeLanguage,
  commentIn,
  emptyBlock,
  hasBraces,
  hasGrammar,
  isIndented,
  languageOf,
  lineComment,
} from '../../../src/languages/languages';
import { paragraphs } from '../../../src/parse/indentation';
import { isProtectedLine, protectedSpans } from '../../../src/languages/directives';
import { describesChild, syntaxOf } from '../../../src/languages/syntax';
import { Lines } from '../../../src/core/lines';
import { balancedTags, embeddedIn, endsTag, isTagged, leavesTagOpen } from '../../../src/parse/tags';
import { innermost } from '../../../src/parse/unit';
import { boundsOf, linesUnit, structureOf } from '../../support/structures';

describe('a language', () => {
  test.each(['constructor', '__proto__', 'toString', 'hasOwnProperty'])('called %s is an unknown one', (id) => {
    expect([hasGrammar(id), hasBraces(id), isIndented(id)]).toEqual([false, false, true]);
    expect([emptyBlock(id), lineComment(id), blockComment(id), codeLanguage(id)]).toEqual(Array(4).fill(undefined));
    expect([commentIn(id, '7…'), syntaxOf(id)]).toEqual(['[7…]', undefined]);
  });
  test.each([
    ['src/a.ts', 'typescript'],
    ['C:\\src\\a.PY', 'python'],
    ['a/Dockerfile', 'dockerfile'],
    ['Dockerfile.prod', 'dockerfile'],
    ['web.Dockerfile', 'dockerfile'],
    ['Dockerfile.md', 'markdown'],
    ['makefile.rb', 'ruby'],
    ['Makefile.am', 'makefile'],
    ['makefile', 'makefile'],
    ['Gemfile', 'ruby'],
    ['Jenkinsfile', 'groovy'],
    ['tsconfig.build.json', 'jsonc'],
    ['plot.ipynb', 'json'],
    ['page.blade.php', 'blade'],
    ['.env.local', 'properties'],
    ['main.tf', 'terraform'],
    ['shop.proto', 'proto'],
    ['a.d/Makefile', 'makefile'],
    ['tsconfig.json', 'jsonc'],
    ['a.json', 'json'],
    ['py', 'python'], // a name without an ending is taken for one
    ['a.unknown', 'plaintext'],
  ])('by file name: %s', (path, id) => expect(languageOf(path)).toBe(id));

  test.each([
    ['by its id before its name', 'a.ts', '', 'python', 'python'],
    ['by an alias', 'docker-compose.yml', '', 'dockercompose', 'yaml'],
    ['by an alias in capitals', 'a', '', 'HCL', 'terraform'],
    ['by its name before its first line', 'a.ts', '#!/usr/bin/env python3\n', undefined, 'typescript'],
    ['by its name if nobody knows the id', 'a.ts', '', 'nope', 'typescript'],
    ['by its first line', 'bin/fetch', '#!/usr/bin/env python3\nimport sys\n', undefined, 'python'],
    ['by its first line with options', 'fetch', '\ufeff#!/usr/bin/env -S deno run -A\n', undefined, 'typescript'],
    ['by its first line with a path', 'fetch', '#! /usr/local/bin/ruby2.7 -w\r\n', undefined, 'ruby'],
    ['by the first line of PHP', 'fetch', '<?php\n', undefined, 'php'],
    ['not by a first line like another', 'fetch', '#!/opt/shop\n', undefined, 'plaintext'],
    ['not by its second line', 'fetch', '\n#!/bin/sh\n', undefined, 'plaintext'],
    ['by an id that stays if nothing tells', 'a.b', '', 'nope', 'nope'],
    ['as plain text if the id says so', 'a.ts', '', 'plaintext', 'plaintext'],
  ])('%s', (_, path, text, id, expected) => expect(languageOf(path, text, id)).toBe(expected));

  test('by its short name', () => {
    expect(['ts', 'PYTHON', 'sh', 'shell', 'Console', 'nope'].map(codeLanguage)).toEqual([
      'typescript',
      'python',
      'shellscript',
      'shellscript',
      'shellscript',
      undefined,
    ]);
  });
  test('writes comments', () => {
    const note = (id: string): string | undefined => commentIn(id, '7…');
    expect(['terraform', 'proto', 'graphql', 'haskell', 'viml', 'latex', 'ocaml', 'jsonl'].map(note)).toEqual([
      '#7…',
      '//7…',
      '#7…',
      '--7…',
      '"7…',
      '%7…',
      '(*7…*)',
      undefined,
    ]);
    expect(['go', 'sql', 'html', 'json', 'css', 'nope'].map(note)).toEqual([
      '//7…',
      '-- 7…',
      '<!--7…-->',
      undefined,
      '/*7…*/',
      '[7…]',
    ]);
    expect(['go', 'css', 'html', 'python', 'nope'].map((id) => blockComment(id)?.join(' '))).toEqual([
      '/* */',
      '/* */',
      '<!-- -->',
      undefined,
      undefined,
    ]);
    expect([lineComment('lua'), lineComment('css'), lineComment('nope')]).toEqual(['--', undefined, undefined]);
  });
  test('has blocks', () => {
    expect([hasBraces('go'), hasBraces('python'), hasBraces('nope')]).toEqual([true, false, false]);
    expect([isIndented('python'), isIndented('go'), isIndented('nope')]).toEqual([true, false, true]);
    expect([emptyBlock('python')?.statement, emptyBlock('go')]).toEqual(['...', undefined]);
    expect([hasGrammar('rust'), hasGrammar('groovy'), hasGrammar('nope')]).toEqual([true, false, false]);
    expect([syntaxOf('rust') !== undefined, syntaxOf('groovy')]).toEqual([true, undefined]);
  });
});

describe('a grammar', () => {
  const bytes = Uint8Array.of(1, 2, 3);
  test('that cannot be read, or is another one, is refused', async () => {
    const missing = new Grammars(() => Promise.reject(new Error('gone')));
    await expect(missing.parserFor('go')).rejects.toMatchObject({ reason: 'grammarCorrupt' });
    const asked: string[] = [];
    const other = new Grammars((file) => (asked.push(file), Promise.resolve(bytes)));
    await expect(other.parserFor('go')).rejects.toThrow('grammarCorrupt: tree-sitter');
    await expect(other.parserFor('go')).rejects.toThrow('grammarCorrupt');
    expect(asked.length).toBe(2); // a failed load is tried again
    expect(createHash('sha256').update(bytes).digest('hex')).toMatch(/^039058/);
  });
  test('of a language without one is undefined, and nothing is read', async () => {
    const none = new Grammars(() => Promise.reject(new Error('not asked for')));
    expect(await none.parserFor('groovy')).toBeUndefined();
    expect(await none.parserFor('nope')).toBeUndefined();
  });
});

describe('a directive', () => {
  test.each([
    ['//go:build linux', 5, 'go'],
    ['//export Sum', 5, 'go'],
    ['#!/bin/sh', 0, 'python'],
    ["  'use strict';", 3, 'javascript'],
    ['#pragma once', 9, 'cpp'],
    ['from __future__ import annotations', 2, 'python'],
    ['package a.b;', 4, 'java'],
    ['# -*- coding: utf-8', 1, 'python'],
    ['<?xml version="1.0"?>', 0, 'xml'],
    ['/// <reference types="vite/client" />', 1, 'typescript'],
    [' * @jsxImportSource preact', 1, 'typescriptreact'],
    ['#SBATCH --time=01:00:00', 1, 'shellscript'],
    ['# mypy: strict', 4, 'python'],
    ['-- name: GetUser :one', 7, 'sql'],
    ['-- +goose Up', 0, 'sql'],
    ['# syntax=docker/dockerfile:1', 0, 'dockerfile'],
    ['# frozen_string_literal: true', 0, 'ruby'],
    ['#Requires -Version 7', 2, 'powershell'],
    ['#cloud-config', 0, 'yaml'],
    ['{-# LANGUAGE GADTs #-}', 0, 'haskell'],
    ["#' @export", 3, 'r'],
  ])('%s', (line, index, id) => expect(isProtectedLine(line, index, id)).toBe(true));
  test.each([
    ['#!/bin/sh', 1, 'shellscript'],
    ['# -*- coding: utf-8', 2, 'python'],
    ['package a b', 0, 'java'],
    ["x = 'use strict'", 0, 'javascript'],
    [`#pragma ${'x'.repeat(400)}`, 0, 'c'],
    ['#SBATCH --time=01:00:00', 1, 'python'],
    ['#SBATCHES are many', 1, 'shellscript'],
    ['#cloud-config', 1, 'yaml'],
    ['-- the name of it', 1, 'sql'],
  ])('is not: %s in line %i', (line, index, id) => expect(isProtectedLine(line, index, id)).toBe(false));

  test.each([
    [
      'the C code of a Go file',
      'go',
      'package a\n\n/*\nint f(void);\n*/\nimport "C"\n\n/* a */\nimport "b"\n',
      ['package a\n', '/*\nint f(void);\n*/\nimport "C"\n'],
    ],
    [
      'the same in lines',
      'go',
      '// a\n\n// #include <b.h>\n// #define C 1\nimport "C"\n',
      ['// #include <b.h>\n// #define C 1\nimport "C"\n'],
    ],
    ['an import alone', 'go', '// a\n\nimport "C"\n', ['import "C"\n']],
    [
      'what an example prints',
      'go',
      '\tf()\n\t// Output:\n\t// 1\n\t// 2\n}\n// a\n',
      ['\t// Output:\n\t// 1\n\t// 2\n'],
    ],
    [
      'the metadata of a script',
      'python',
      '# a\n# /// script\n# dependencies = ["b"]\n# ///\n\n# c\n',
      ['# /// script\n# dependencies = ["b"]\n# ///\n'],
    ],
  ])('of several lines: %s', (_, id, text, expected) =>
    expect(protectedSpans(text, new Lines(text), id).map((s) => text.slice(s.start, s.end))).toEqual(expected),
  );

  test.each([
    ['#if A\n#else\n#endif\n', true],
    ['#ifdef A\n# if B\n# endif\n#elif C\n#endif\n', true],
    ['#region a\n#endregion\n', true],
    ['a\n', true],
    ['#if A\n', false],
    ['#endif\n#if A\n', false],
    ['#else\n', false],
    ['#if A\n#endif\n#elif B\n', false],
    ['x #if A\n', true],
    [' \t#if A\n', false],
  ])('pairs: %j', (text, balanced) => expect(directivePairs(text).within(0, text.length)).toBe(balanced));

  test('a comment describes a member, a declaration at the top, a function inside', () => {
    expect(describesChild('class_body', 'anything')).toBe(true);
    expect(describesChild('program', 'lexical_declaration')).toBe(true);
    expect(describesChild('program', 'expression_statement')).toBe(false);
    expect(describesChild('statement_block', 'function_declaration')).toBe(true);
    expect(describesChild('statement_block', 'lexical_declaration')).toBe(false);
  });
});

describe('tags', () => {
  test.each([
    ['<a><b></b></a>', true],
    ['<a></b>', false],
    ['<a>', false],
    ['</a>', false],
    ['<br><img/><a x="<b>"></a>', true],
    ['<p>one<p>two', true],
    ['<!-- <a> --><!doctype html>', true],
    ['<script>if (a < b) "<c>"</script>', true],
    ['<a', false],
    ['b">', false],
    ['<A></a>', true],
    ['a < b', true],
    ['<![CDATA[ <a> ]]>', true],
    ['<a href="/b"></a>', true],
    ["<a x='/'>", false],
  ])('pair: %s', (html, balanced) => expect(balancedTags(html)).toBe(balanced));

  test('over several lines', () => {
    expect(['<a', '<a>', '<!-- <a -->', 'a < b', '<a x="1"'].map(leavesTagOpen)).toEqual([
      true,
      false,
      false,
      false,
      true,
    ]);
    expect(['  >', 'x="a>b"', "x='a>b'", "x='>' >", ''].map(endsTag)).toEqual([true, false, false, true, false]);
    expect(['html', 'vue', 'go'].map(isTagged)).toEqual([true, true, false]);
  });
  test('that hold another language', () => {
    const text = '<script lang=ts>a</script><style>\nb\n</style><SCRIPT>c</SCRIPT>';
    expect(embeddedIn(text).map((e) => [text.slice(e.start, e.end), e.language])).toEqual([
      ['a', 'typescript'],
      ['\nb\n', 'css'],
      ['c', 'javascript'],
    ]);
  });
});

describe('classes', () => {
  const classes = (text: string, size: number, ...spans: readonly [number, number, TokenClass][]): TokenClass[] =>
    [
      ...classesOf(
        text,
        spans.map(([start, end, kind]) => ({ start, end, kind })),
        boundsOf(text, size),
      ),
    ].map((c) => TOKEN_CLASSES[c]!);
  test('a token has the class of its first visible unit, the last that was given', () => {
    expect(classes('ab  cd', 2, [0, 6, 'signature'], [4, 6, 'literal'])).toEqual(['signature', 'blank', 'literal']);
    expect(classes(' a b', 2, [0, 1, 'comment'])).toEqual(['body', 'body']);
  });
  test('code without a letter is punctuation, anything else keeps its class', () => {
    expect(classes('{}ab+=', 2, [4, 6, 'literal'])).toEqual(['punctuation', 'body', 'literal']);
    expect(classes('{}$_', 2, [0, 4, 'signature'])).toEqual(['punctuation', 'signature']);
  });
  test('a generated text is generated as a whole', () => {
    expect(classes('// DO NOT EDIT\nab', 17, [0, 5, 'comment'])).toEqual(['generated']);
    expect(classes(`${' '.repeat(1500)}do not edit`, 2000)).toEqual(['body']);
  });
  test('of a comment: licence at the top, docstring by its opener', () => {
    const kind = (text: string, start = 0): TokenClass => commentClass(text, start, text.length);
    expect(kind('// Copyright A')).toBe('licence');
    expect(kind('// SPDX-License-Identifier: MIT')).toBe('licence');
    expect(kind(`${' '.repeat(400)}// licence`, 400)).toBe('comment');
    expect(kind(`${' '.repeat(399)}// licence`, 399)).toBe('licence');
    expect(kind(`//${' '.repeat(4000)}licence`)).toBe('comment');
    expect(['/// a', '//! a', '/** a */', '/* a */', '# a'].map((t) => kind(t))).toEqual([
      'docstring',
      'docstring',
      'docstring',
      'comment',
      'comment',
    ]);
  });
});

describe('plain text', () => {
  const long = 'a line that has at least forty characters.';
  const units = (text: string): string[] =>
    paragraphs(
      text,
      structureOf(text).units.filter((u) => text.slice(u.start, u.end).trim()),
    ).map((u) => text.slice(u.start, u.end));
  test.each([
    ['is one unit', `${long}\nshort end.\n`, 1],
    ['ends at a blank line', `${long}\n${long}\n\n${long}\n${long}\n`, 2],
    ['has more than one line', `${long}\n`, 1],
    ['has no short lines but the last', `${long}\nshort\n${long}\n`, 3],
    ['ends as a sentence does', `${long}\n${long.slice(0, -1)}\n`, 2],
    ['is no code', `${long} {\n${long}\n`, 2],
    ['may end with a quote', `${long}\n"end"\n`, 1],
  ])('a paragraph %s', (_, text, count) => expect(units(text)).toHaveLength(count));
});

test('brackets pair, whatever stands between', () => {
  expect(['({[]})', 'a(b)', '', '(]', ')(', '(', '}'].map(balancedBrackets)).toEqual([
    true,
    true,
    true,
    false,
    false,
    false,
    false,
  ]);
});

test('the innermost unit around an offset', () => {
  const text = 'a\nb\nc\n';
  const inner = linesUnit(text, 2);
  const units = [linesUnit(text, 1, 2, [inner]), linesUnit(text, 3)];
  expect([0, 1, 2, 3, 4, 6].map((at) => innermost(units, at))).toEqual([
    units[0],
    units[0],
    inner,
    inner,
    units[1],
    undefined,
  ]);
});
