// Adds licence headers to contexts: the corpus was stripped of most, and a memory that never meets one cannot learn their worth.
import { lineComment } from '../../src/languages/languages';

const HEADERS = [
  `Copyright 2019 The Authors. All rights reserved.

Licensed under the Apache License, Version 2.0 (the "License");
you may not use this file except in compliance with the License.
You may obtain a copy of the License at

    http://www.apache.org/licenses/LICENSE-2.0

Unless required by applicable law or agreed to in writing, software
distributed under the License is distributed on an "AS IS" BASIS,
WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied.
See the License for the specific language governing permissions and
limitations under the License.`,
  `Copyright (c) 2016-present the project's contributors.

This source code is licensed under the MIT license found in the
LICENSE file in the root directory of this source tree.`,
  `SPDX-FileCopyrightText: 2021 the contributors
SPDX-License-Identifier: BSD-3-Clause`,
];

/** The text under a random header, in line comments or in a block comment. @param pick gives a random whole number below n */
export function withHeader(text: string, languageId: string, pick: (n: number) => number): string {
  const line = lineComment(languageId);
  if (!line || text.startsWith('#!') || text.startsWith('<?')) return text;
  const words = HEADERS[pick(HEADERS.length)]!.split('\n');
  const block = line === '//' && pick(2) === 0;
  const lines = block
    ? ['/*', ...words.map((w) => ` * ${w}`.trimEnd()), ' */']
    : words.map((w) => `${line} ${w}`.trimEnd());
  return `${lines.join('\n')}\n\n${text}`;
}
