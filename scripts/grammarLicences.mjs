// The table of the grammars' licences: where each comes from, under which licence, and who holds the copyright.
// The packages of compiled grammars hold no licences of their parts; these lines are from the licence files of the sources.

const MAX = 'Max Brunsfeld';
const of = (source, licence, ...copyright) => ({ source: `https://github.com/${source}`, licence, copyright });
const mit = (source, ...copyright) => of(source, 'MIT', ...copyright.map((c) => `Copyright (c) ${c}`));

/** By the name of the file. */
export const GRAMMAR_LICENCES = new Map([
  ['tree-sitter.wasm', mit('tree-sitter/tree-sitter', `2018-2023 ${MAX}`)],
  ['tree-sitter-bash.wasm', mit('tree-sitter/tree-sitter-bash', `2017 ${MAX}`)],
  ['tree-sitter-c.wasm', mit('tree-sitter/tree-sitter-c', `2014 ${MAX}`)],
  [
    'tree-sitter-c-sharp.wasm',
    mit('tree-sitter/tree-sitter-c-sharp', `2014-2023 ${MAX}, Damien Guard, Amaan Qureshi, and contributors.`),
  ],
  ['tree-sitter-cpp.wasm', mit('tree-sitter/tree-sitter-cpp', `2014 ${MAX}`)],
  ['tree-sitter-css.wasm', mit('tree-sitter/tree-sitter-css', `2018 ${MAX}`)],
  ['tree-sitter-dart.wasm', mit('UserNobody14/tree-sitter-dart', '2020-2023 UserNobody14 and others')],
  [
    'tree-sitter-elixir.wasm',
    of('elixir-lang/tree-sitter-elixir', 'Apache-2.0 AND MIT', 'Copyright 2021 The Elixir Team'),
  ],
  ['tree-sitter-go.wasm', mit('tree-sitter/tree-sitter-go', `2014 ${MAX}`)],
  ['tree-sitter-haskell.wasm', mit('tree-sitter/tree-sitter-haskell', `2014 ${MAX}`)],
  ['tree-sitter-hcl.wasm', of('tree-sitter-grammars/tree-sitter-hcl', 'Apache-2.0')],
  ['tree-sitter-java.wasm', mit('tree-sitter/tree-sitter-java', '2017 Ayman Nadeem')],
  ['tree-sitter-javascript.wasm', mit('tree-sitter/tree-sitter-javascript', `2014 ${MAX}`)],
  ['tree-sitter-json.wasm', mit('tree-sitter/tree-sitter-json', `2014 ${MAX}`)],
  ['tree-sitter-kotlin.wasm', mit('fwcd/tree-sitter-kotlin', `2018-2021 ${MAX}`, '2021 fwcd')],
  ['tree-sitter-lua.wasm', mit('tree-sitter-grammars/tree-sitter-lua', '2021 Munif Tanjim')],
  [
    'tree-sitter-php.wasm',
    mit(
      'tree-sitter/tree-sitter-php',
      '2017 Josh Vera, GitHub',
      `2019 ${MAX}, Amaan Qureshi, Christian Frøystad, Caleb White`,
    ),
  ],
  ['tree-sitter-powershell.wasm', mit('airbus-cert/tree-sitter-powershell', '2023 Airbus CERT')],
  ['tree-sitter-python.wasm', mit('tree-sitter/tree-sitter-python', `2016 ${MAX}`)],
  ['tree-sitter-r.wasm', mit('r-lib/tree-sitter-r', '2024 tree-sitter-r authors')],
  ['tree-sitter-ruby.wasm', mit('tree-sitter/tree-sitter-ruby', '2016 Rob Rix')],
  ['tree-sitter-rust.wasm', mit('tree-sitter/tree-sitter-rust', '2017 Maxim Sokolov')],
  ['tree-sitter-scala.wasm', mit('tree-sitter/tree-sitter-scala', `2018 ${MAX} and GitHub`)],
  ['tree-sitter-swift.wasm', mit('alex-pinkus/tree-sitter-swift', '2021 alex-pinkus')],
  ['tree-sitter-tsx.wasm', mit('tree-sitter/tree-sitter-typescript', `2017 ${MAX}`)],
  ['tree-sitter-typescript.wasm', mit('tree-sitter/tree-sitter-typescript', `2017 ${MAX}`)],
  ['tree-sitter-zig.wasm', mit('tree-sitter-grammars/tree-sitter-zig', '2024 Amaan Qureshi <amaanq12@gmail.com>')],
]);
