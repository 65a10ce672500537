// The table of grammars: which nodes have children that can be cut one by one, and what must stay.
import { ownValue } from '../core/ownValue';

/**
 * Sets of nodes hold their types. `parent>type` is a node of this type in that parent alone.
 */
export interface Syntax {
  /** Nodes whose children may be cut one by one. */
  readonly containers: ReadonlySet<string>;
  /** Containers that may not end up without a statement (an indented suite). */
  readonly suites: ReadonlySet<string>;
  /** Containers that are suites where they have no braces. */
  readonly indented: ReadonlySet<string>;
  /** By container: the sign that ends its head. What stands before it is never cut alone. */
  readonly heads: ReadonlyMap<string, string>;
  /** Children of a suite that are no statements of it: its other branches. */
  readonly branches: ReadonlySet<string>;
  /** Children of which the first stays: no placeholder can stand for them. */
  readonly clauses: ReadonlySet<string>;
  /** Containers whose first (or last) child must stay. */
  readonly keepFirst: ReadonlySet<string>;
  readonly keepLast: ReadonlySet<string>;
  /** Containers of markup, where a comment is an expression. */
  readonly markup: ReadonlySet<string>;
  /** Children that are never cut alone, only with their parent. */
  readonly fixed: ReadonlySet<string>;
  /**
   * Nodes that the grammar read wrongly beside an error: their parts stand on lines of their own, or their first word is
   * one of these. They count as errors.
   */
  readonly misread: { readonly types: ReadonlySet<string>; readonly words: RegExp } | undefined;
  /** Nodes without lines of their own: their children are children of the container around them. */
  readonly transparent: ReadonlySet<string>;
  /** Children that belong to the child before them. */
  readonly follows: ReadonlySet<string>;
  /** Whether a child goes on with the statement before it, across the directives between them. */
  readonly continues: (text: string, parent: string) => boolean;
  /** Nodes whose children are not visited. */
  readonly leaves: ReadonlySet<string>;
  /** Containers of fewer lines are not divided: half a record means something else than the record. */
  readonly wholeBelow: number;
  /** Containers whose children say something together: lists and records of values, enums. Some of them mislead. */
  readonly tables: ReadonlySet<string>;
  /** The same of switches: their children hold statements. */
  readonly choices: ReadonlySet<string>;
  /** Children that a comment directly above is about, besides those of `describesChild`. */
  readonly described: ReadonlySet<string>;
  /** Containers whose first comments the grammar puts in front of them. */
  readonly bodies: ReadonlySet<string>;
  /** Whether nodes may end with blanks behind their last word. */
  readonly trailingBlanks: boolean;
  /** Whether the children of containers can go from the middle of a long line: behind a comma, a semicolon or a brace. */
  readonly inline: boolean;
  /** Whether a preprocessor changes the text before the compiler reads it. */
  readonly macros: boolean;
  /** Whether a child belongs to the item behind it (an attribute, a doc comment). */
  readonly precedes: (type: string, text: string, parent: string) => boolean;
}

const set = (...names: string[]): ReadonlySet<string> => new Set(names.flatMap((n) => n.split(' ')));
const none = set();

function syntax(parts: Partial<Syntax> & Pick<Syntax, 'containers'>): Syntax {
  return {
    suites: none,
    indented: none,
    heads: new Map(),
    branches: none,
    clauses: none,
    keepFirst: none,
    keepLast: none,
    markup: none,
    fixed: none,
    misread: undefined,
    transparent: none,
    follows: none,
    leaves: none,
    described: none,
    bodies: none,
    wholeBelow: 0,
    tables: none,
    choices: none,
    trailingBlanks: false,
    inline: false,
    macros: false,
    precedes: () => false,
    continues: () => false,
    ...parts,
  };
}

const ECMASCRIPT = syntax({
  containers: set(
    'program statement_block class_body interface_body object_type enum_body switch_body switch_case switch_default object array',
    'named_imports export_clause jsx_element jsx_fragment jsx_opening_element jsx_self_closing_element',
  ),
  markup: set('jsx_element jsx_fragment'),
  fixed: set('jsx_opening_element jsx_closing_element jsx_text'),
  tables: set('object array enum_body'),
  choices: set('switch_body'),
  leaves: set('template_string string regex'),
  precedes: (type) => type === 'decorator',
  inline: true,
});

const C_FAMILY = syntax({
  containers: set(
    'translation_unit compound_statement declaration_list field_declaration_list enumerator_list initializer_list case_statement preproc_if preproc_ifdef preproc_else preproc_elif',
  ),
  macros: true,
  keepLast: set('case_statement'), // a label in front of a brace is an error in older C
  keepFirst: set('enumerator_list'), // an empty enum is an error in C
  fixed: set('access_specifier preproc_else preproc_elif preproc_elifdef case_statement labeled_statement identifier'),
  tables: set('enumerator_list initializer_list'),
  choices: set('switch_statement>compound_statement'),
  leaves: set('string_literal raw_string_literal preproc_def preproc_function_def'),
});

const BY_LANGUAGE: Readonly<Record<string, Syntax>> = {
  typescript: ECMASCRIPT,
  typescriptreact: ECMASCRIPT,
  javascript: ECMASCRIPT,
  javascriptreact: ECMASCRIPT,
  python: syntax({
    containers: set(
      'module block list dictionary set import_from_statement if_statement for_statement while_statement',
    ),
    suites: set('block'),
    clauses: set('block>case_clause'),
    fixed: set('block'), // of an `if`; its `elif` and `else` can be cut
    keepLast: set('import_from_statement'),
    tables: set('list dictionary set'),
    choices: set('match_statement>block'),
    leaves: set('string'),
  }),
  go: syntax({
    containers: set(
      'source_file block statement_list import_spec_list const_declaration var_declaration type_declaration field_declaration_list interface_type',
      'expression_case communication_case default_case literal_value expression_switch_statement type_switch_statement',
    ),
    keepFirst: set('const_declaration'), // a constant without a value repeats the one before it
    fixed: set('package_clause identifier'),
    tables: set('literal_value const_declaration'),
    choices: set('expression_switch_statement type_switch_statement'),
    leaves: set('interpreted_string_literal raw_string_literal'),
  }),
  rust: syntax({
    containers: set(
      'source_file block declaration_list field_declaration_list enum_variant_list match_block field_initializer_list array_expression use_list',
    ),
    fixed: set('inner_attribute_item'),
    tables: set('enum_variant_list field_initializer_list array_expression'),
    choices: set('match_block'),
    leaves: set('string_literal raw_string_literal token_tree macro_definition'),
    precedes: (type, text) => type === 'attribute_item' || /^(\/\/\/|\/\*\*)/.test(text),
  }),
  java: syntax({
    containers: set(
      'program class_body interface_body enum_body_declarations annotation_type_body block constructor_body switch_block switch_block_statement_group array_initializer',
    ),
    fixed: set('package_declaration'),
    tables: set('array_initializer'),
    choices: set('switch_block'),
    leaves: set('string_literal'),
  }),
  c: C_FAMILY,
  cpp: C_FAMILY,
  csharp: syntax({
    containers: set(
      'compilation_unit declaration_list block enum_member_declaration_list initializer_expression switch_body switch_section preproc_if preproc_else preproc_elif',
    ),
    keepLast: set('switch_section'),
    fixed: set('file_scoped_namespace_declaration preproc_region preproc_endregion preproc_else preproc_elif'),
    tables: set('enum_member_declaration_list initializer_expression'),
    choices: set('switch_body'),
    leaves: set('string_literal verbatim_string_literal raw_string_literal interpolated_string_expression'),
  }),
  shellscript: syntax({
    containers: set(
      'program compound_statement do_group subshell command_substitution if_statement elif_clause else_clause case_statement case_item array',
    ),
    suites: set('compound_statement do_group subshell if_statement elif_clause else_clause'),
    heads: new Map([
      ['if_statement', 'then'],
      ['elif_clause', 'then'],
      ['else_clause', 'else'],
      ['case_statement', 'in'],
      ['case_item', ')'],
    ]),
    branches: set('elif_clause else_clause'),
    misread: {
      types: set('command variable_assignments'),
      words: /^(if|then|elif|else|fi|for|while|until|do|done|case|esac|function|select|[{}]|;;)(?![^\s;&|()])/,
    },
    tables: set('array'),
    choices: set('case_statement'),
    leaves: set(
      'string raw_string ansi_c_string translated_string heredoc_body heredoc_redirect test_command arithmetic_expansion',
    ),
  }),
  css: syntax({
    containers: set('stylesheet block keyframe_block_list'),
    inline: true,
    fixed: set('charset_statement namespace_statement'),
    leaves: set('string_value declaration selectors'),
    described: set('rule_set at_rule media_statement supports_statement keyframes_statement declaration'),
  }),
  php: syntax({
    containers: set(
      'program compound_statement declaration_list enum_declaration_list switch_block case_statement default_statement match_block',
      'array_creation_expression colon_block',
    ),
    keepLast: set('case_statement default_statement'), // without its `break` a case runs into the next one
    fixed: set('namespace_definition declare_statement'),
    tables: set('enum_declaration_list array_creation_expression'),
    choices: set('switch_block match_block'),
    leaves: set('string encapsed_string heredoc nowdoc shell_command_expression'),
    described: set('enum_case'),
  }),
  ruby: syntax({
    containers: set(
      'program body_statement then else do begin block_body if unless elsif case case_match when in_clause array hash',
    ),
    keepFirst: set('case case_match'), // one branch stays
    heads: new Map([
      ['case', 'case'],
      ['case_match', 'case'],
    ]),
    fixed: set('rescue then uninterpreted'), // an `else` behind it is an error without it
    tables: set('array hash'),
    choices: set('case case_match'),
    leaves: set('string heredoc_body regex subshell delimited_symbol string_array symbol_array'), // `#` is a word in %w[…]
    described: set('class module method singleton_method singleton_class'),
    bodies: set('body_statement block_body'),
  }),
  powershell: syntax({
    containers: set(
      'program statement_list statement_block named_block_list script_block switch_clauses class_statement enum_statement hash_literal_body',
    ),
    fixed: set('param_block named_block_list script_block_body'),
    tables: set('enum_statement hash_literal_body'),
    choices: set('switch_clauses'),
    leaves: set('string_literal'),
    bodies: set('statement_list'),
    described: set('class_property_definition class_method_definition function_statement enum_member'),
  }),
  kotlin: syntax({
    containers: set(
      'source_file class_body enum_class_body primary_constructor statements when_expression collection_literal',
    ),
    transparent: set('import_list'),
    heads: new Map([['when_expression', '{']]),
    keepLast: set('when_expression'), // a value needs its `else`
    keepFirst: set('primary_constructor'), // a data class needs a property
    follows: set('getter setter'),
    // A class body behind `by x` is read as a block that `x` is given, `in a ->` as a part of the branch before it.
    fixed: set('package_header file_annotation shebang_line enum_class_body>;'),
    tables: set('enum_class_body collection_literal'),
    choices: set('when_expression'),
    leaves: set('string_literal multi_line_string_literal'),
    described: set(
      'enum_entry class_parameter companion_object anonymous_initializer secondary_constructor type_alias',
    ),
  }),
  swift: syntax({
    containers: set(
      'source_file class_body enum_class_body protocol_body statements switch_statement computed_property array_literal dictionary_literal',
    ),
    trailingBlanks: true,
    heads: new Map([['switch_statement', '{']]),
    suites: set('switch_entry>statements'),
    keepLast: set('switch_statement'), // a switch needs a case, and often its `default`
    keepFirst: set('computed_property'), // a setter needs a getter
    precedes: (type) => type === ':', // between key and value
    continues: (text, parent) => /^(statements|source_file)$/.test(parent) && /^\.[\w`]/.test(text), // a call behind an #if
    fixed: set('directive shebang_line'),
    tables: set('enum_class_body array_literal dictionary_literal'),
    choices: set('switch_statement'),
    leaves: set('line_string_literal multi_line_string_literal raw_string_literal regex_literal'),
    described: set('enum_entry'),
  }),
  scala: syntax({
    containers: set(
      'compilation_unit template_body with_template_body enum_body block indented_block case_block indented_cases case_clause class_parameters',
    ),
    trailingBlanks: true,
    indented: set('template_body indented_block'),
    heads: new Map([['case_clause', '=>']]),
    keepFirst: set('enum_body with_template_body class_parameters'), // no case, no field, no member would be an error
    keepLast: set('case_block indented_cases'), // a match needs a case
    follows: set('end _end_ident'), // an end marker names what ends before it
    fixed: set('package_clause self_type'),
    tables: set('enum_body'),
    choices: set('case_block indented_cases'),
    leaves: set('string interpolated_string_expression'),
    described: set(
      'object_definition trait_definition val_definition var_definition type_definition given_definition enum_definition function_declaration',
      'val_declaration package_object extension_definition enum_case_definitions class_parameter',
    ),
  }),
  lua: syntax({
    containers: set('chunk block table_constructor if_statement'),
    heads: new Map([['if_statement', 'then']]),
    fixed: set('if_statement>block hash_bang_line label_statement'), // a jump needs its label
    tables: set('table_constructor'),
    leaves: set('string'),
    described: set('field variable_declaration'),
  }),
  haskell: syntax({
    containers: set('haskell class_declarations instance_declarations local_binds do alternatives list fields'),
    trailingBlanks: true,
    transparent: set('imports declarations'),
    keepLast: set('do alternatives list fields'), // an expression, a case, an element without a comma behind it
    precedes: (type, _, parent) => type === 'signature' && parent !== 'class_declarations',
    fixed: set('header cpp'),
    tables: set('list'),
    choices: set('alternatives'),
    leaves: set('string char quasiquote'),
    described: set(
      'signature function bind data_type newtype class instance type_synomym type_family deriving_instance',
    ),
  }),
  dart: syntax({
    containers: set(
      'program class_body enum_body extension_body block switch_block switch_statement_case switch_statement_default switch_expression',
      'list_literal set_or_map_literal',
    ),
    heads: new Map([
      ['switch_statement_case', ':'],
      ['switch_statement_default', ':'],
      ['switch_expression', '{'],
    ]),
    keepFirst: set('enum_body'),
    keepLast: set('switch_statement_case switch_expression'), // an empty case is the next one
    follows: set('function_body selector cascade_section'),
    precedes: (type, text) => type === 'annotation' || type === 'marker_annotation' || text.startsWith('///'),
    fixed: set('library_name part_of_directive script_tag enum_body>;'),
    tables: set('enum_body list_literal set_or_map_literal'),
    choices: set('switch_block switch_expression'),
    leaves: set('string_literal'),
    described: set('method_signature function_signature declaration class_definition enum_constant'),
  }),
  elixir: syntax({
    containers: set(
      'source do_block else_block rescue_block catch_block after_block anonymous_function body list map_content keywords',
    ),
    trailingBlanks: true,
    suites: set('body'),
    clauses: set('stab_clause'),
    keepLast: set('list map_content keywords'), // it has no comma
    precedes: (type, text) =>
      type === 'unary_operator' && /^@(doc|typedoc|spec|impl|deprecated|tag|describetag)\b/.test(text),
    tables: set('list map_content keywords'),
    leaves: set('string charlist sigil quoted_atom'),
    described: set('call'),
  }),
  zig: syntax({
    containers: set(
      'source_file struct_declaration enum_declaration union_declaration opaque_declaration error_set_declaration block switch_expression',
      'initializer_list',
    ),
    heads: new Map([['switch_expression', '{']]),
    precedes: (_, text) => /^\/\/\/(?!\/)/.test(text), // it may not stand alone
    tables: set('enum_declaration union_declaration error_set_declaration initializer_list'),
    choices: set('switch_expression'),
    leaves: set('string multiline_string'),
    described: set('container_field variable_declaration function_declaration test_declaration'),
  }),
  r: syntax({
    containers: set('program braced_expression'),
    precedes: (_, text) => text.startsWith("#'"),
    leaves: set('string'),
    described: set('binary_operator'),
  }),
  terraform: syntax({
    containers: set('body object tuple'),
    fixed: set('object_start object_end tuple_start tuple_end'),
    tables: set('object tuple'),
    leaves: set('string_lit quoted_template heredoc_template'),
    bodies: set('body'),
    described: set('attribute block object_elem'),
  }),
  json: syntax({
    containers: set('document object array'),
    inline: true,
    wholeBelow: 10,
    keepFirst: set('document'), // one value stays; there are more in JSON lines
    keepLast: set('object array'),
    leaves: set('string'),
  }),
};

/** Whether a set of the table holds a node: by its type, or by its type in this parent. */
export function holds(nodes: ReadonlySet<string>, type: string, parent: string): boolean {
  return nodes.has(type) || nodes.has(`${parent}>${type}`);
}

/** @returns undefined for a language without a grammar */
export function syntaxOf(languageId: string): Syntax | undefined {
  return ownValue(BY_LANGUAGE, languageId);
}

const MEMBERS =
  /^(class_body|interface_body|annotation_type_body|enum_body|enum_body_declarations|enum_member_declaration_list|enum_variant_list|enumerator_list|object_type|object|field_declaration_list|interface_type|field_initializer_list)$/;
const TOP =
  /^(program|module|source_file|translation_unit|compilation_unit|declaration_list|const_declaration|var_declaration|type_declaration|preproc_.*)$/;
const DECLARES =
  /(definition|declaration|_item|_signature|_spec|_specifier|export_statement)$|^preproc_(function_)?def$/;
const NESTED =
  /(function|method|class|struct|enum|interface|trait|impl|record|decorated|module|mod)_(\w+_)?(definition|declaration|item|statement)$/;

/** Whether a comment directly above a child of a container is about that child, not about all lines that follow. @param child node type */
export function describesChild(container: string, child: string): boolean {
  return MEMBERS.test(container) || (TOP.test(container) ? DECLARES : NESTED).test(child);
}
