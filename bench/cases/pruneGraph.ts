// Prunes an ONNX graph to what some of its outputs need, so that the rest is not computed.
// Message and field numbers are those of onnx.proto; every field that is not named here is copied unchanged.

const MODEL_GRAPH = 7;
const GRAPH = { node: 1, initializer: 5, input: 11, output: 12 };
const NODE = { input: 1, output: 2, attribute: 5 };
const ATTRIBUTE_GRAPH = 6; // a branch of an If, which sees the values outside it
const VALUE_NAME = 1;
const TENSOR_NAME = 8;

interface Field {
  readonly number: number;
  readonly whole: Uint8Array; // with its tag and length
  readonly body: Uint8Array; // of a message or a string
}

/**
 * @param model bytes of an ONNX file
 * @returns the same model with these outputs alone, and the nodes, inputs and weights that they need
 * @throws RangeError if the graph lacks one of the outputs
 */
export function pruneGraph(model: Uint8Array, outputs: readonly string[]): Uint8Array {
  return message(
    [...fieldsOf(model)].map((f) =>
      f.number === MODEL_GRAPH ? field(f.number, prunedBody(f.body, outputs)) : f.whole,
    ),
  );
}

function prunedBody(graph: Uint8Array, outputs: readonly string[]): Uint8Array {
  const fields = [...fieldsOf(graph)];
  const needed = new Set(outputs);
  const available = new Set(fields.filter((f) => f.number === GRAPH.output).map((f) => text(f.body, VALUE_NAME)));
  for (const name of outputs) if (!available.has(name)) throw new RangeError(`the graph has no output ${name}`);
  const kept = new Set<Field>();
  // Nodes are in the order in which they run. From the last to the first, the consumer of a value comes before its producer.
  for (const node of fields.filter((f) => f.number === GRAPH.node).reverse()) {
    if (!names(node.body, NODE.output).some((name) => needed.has(name))) continue;
    kept.add(node);
    for (const name of inputsOf(node.body)) needed.add(name);
  }
  const stays = (f: Field): boolean => {
    if (f.number === GRAPH.node) return kept.has(f);
    if (f.number === GRAPH.output) return outputs.includes(text(f.body, VALUE_NAME));
    if (f.number === GRAPH.input) return needed.has(text(f.body, VALUE_NAME));
    return f.number !== GRAPH.initializer || needed.has(text(f.body, TENSOR_NAME));
  };
  return message(fields.filter(stays).map((f) => f.whole));
}

/** The values that a node reads, with those that its branches read. */
function inputsOf(node: Uint8Array): string[] {
  const branches = [...fieldsOf(node)]
    .filter((f) => f.number === NODE.attribute)
    .flatMap((a) => [...fieldsOf(a.body)].filter((f) => f.number === ATTRIBUTE_GRAPH));
  const inside = branches.flatMap((b) =>
    [...fieldsOf(b.body)].filter((f) => f.number === GRAPH.node).flatMap((n) => inputsOf(n.body)),
  );
  return [...names(node, NODE.input), ...inside];
}

const decoder = new TextDecoder();
const names = (of: Uint8Array, number: number): string[] =>
  [...fieldsOf(of)].filter((f) => f.number === number).map((f) => decoder.decode(f.body));
const text = (of: Uint8Array, number: number): string => names(of, number)[0]!;

function* fieldsOf(bytes: Uint8Array): Generator<Field> {
  let at = 0;
  const varint = (): number => {
    for (let value = 0, scale = 1; ; scale *= 128) {
      const byte = bytes[at++]!;
      value += (byte & 127) * scale;
      if (byte < 128) return value;
    }
  };
  while (at < bytes.length) {
    const from = at;
    const tag = varint();
    let body = at;
    if ((tag & 7) === 0) varint();
    else if ((tag & 7) === 1) at += 8;
    else if ((tag & 7) === 5) at += 4;
    else {
      const size = varint();
      body = at;
      at += size;
    }
    yield { number: Math.floor(tag / 8), whole: bytes.subarray(from, at), body: bytes.subarray(body, at) };
  }
}

const message = (parts: readonly Uint8Array[]): Uint8Array => new Uint8Array(Buffer.concat(parts));

/** A field that holds a message. */
function field(number: number, body: Uint8Array): Uint8Array {
  const head = [number * 8 + 2];
  let size = body.length;
  for (; size >= 128; size = Math.floor(size / 128)) head.push((size % 128) + 128);
  return message([Uint8Array.from([...head, size]), body]);
}
