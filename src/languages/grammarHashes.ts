// SHA-256 of the grammars that this version was tested with. Other grammars are refused; a test compares the hashes with the packages.

/** SHA-256 of every file that the grammar runtime may load. */
export const GRAMMAR_SHA256: Readonly<Record<string, string>> = {
  'tree-sitter.wasm': '3a31af706ffdf4a7116b064cdd4988df6791823298615009fc5b6bccbd42909b',
  'tree-sitter-typescript.wasm': '778025db5a8be0e70f8ccc3671e486dfeddd048c25d9e8a70c26de2e1bf6f97d',
  'tree-sitter-tsx.wasm': '79e5da75ea62855a0cd67177685f0164eac87d5f630b3cbe1e0a099751ad30f8',
  'tree-sitter-javascript.wasm': '5fb488d0cabb4775a594bab85682de5ad6ce83c0d6ac997a9f82dd084d571240',
  'tree-sitter-python.wasm': '16108b50df4ee9a30168794252ab55e7c93bfc5765d7fa0aa3e335752c515f47',
  'tree-sitter-go.wasm': '9504573f352b20be7f2f1911754d710622aedc15afff16d5ed8fb5645681aee7',
  'tree-sitter-rust.wasm': '0dac14947cb04d94466e3df659f80a4e264c216a60b3eda175eae4cf12ed7a8d',
  'tree-sitter-java.wasm': '4fdeac4ca6ca089f06c6f7e562abcac1733cd465728cc7031ebb73c2019122c4',
  'tree-sitter-cpp.wasm': '77a65bd42f43c2dcd69af40c12a6c32d6ed81d360c025e9feb28911f8339fd69',
  'tree-sitter-c-sharp.wasm': 'd12d85996c25957b4c1b71e26db2d7cc8a294997b60642e9c2a3b031b2c66dd3',
  'tree-sitter-c.wasm': 'c852c2a85ebf2beb636aa3b0ef7f7e70458684d74f6741b20dcb296885bed9f9',
  'tree-sitter-json.wasm': 'd2119fb98d5912719b13f9458574f8608d2d29dfbe45f6be1f860ea1fe2a2405',
  'tree-sitter-bash.wasm': 'a14e9ed880b2c3f16cd00c796c38d237a3e9b028bdec5b4315c76976e67b01ca',
  'tree-sitter-css.wasm': '8a23977fe271357cce6f254ef88c9bebf3854602d8046605aef6a45c02135c59',
  'tree-sitter-php.wasm': 'd4df6a6ff08c87c3ec4f9cbb785fe09998a0cb570e03f57d7b19b3acfb146aa7',
  'tree-sitter-ruby.wasm': '09a96427d7c72f0613ed470cd9812223fc4a91d6a9c025c0235cc6bd59ff96f4',
  'tree-sitter-powershell.wasm': '55526edd3545fb7e78ff88c39dd617d8b3c03a1d1a88209fffe5c64c7c7c8500',
  'tree-sitter-kotlin.wasm': 'dcc6b7f17f1a6da0c3628f322de1c602183980b2e7bb46ac446bc0a16217671b',
  'tree-sitter-swift.wasm': 'b175c62113c7d6c9957347a11e30862b74c39cbd44b7ff47ae324a72e34dc927',
  'tree-sitter-scala.wasm': '39c05ccbb11f3dd32144c7e7fca40bd8b4681cce766b1006f831e78fa299d9b7',
  'tree-sitter-lua.wasm': '0623b094bb7809610feb864c502997f720e7bb928b3874eba68df09fbf47ab37',
  'tree-sitter-hcl.wasm': 'c1c772204555f3fef0431c12b51f1f9d137c5e87a86f035f44fa5060a7f1089a',
};
