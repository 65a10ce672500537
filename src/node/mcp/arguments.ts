// Reads the arguments of a tool. Models write some of them in another form, which is taken where only one thing can be meant.
import { z } from 'zod';
import { CompressionError } from '../../core/errors';
import { ownValue } from '../../core/ownValue';

type Given = Readonly<Record<string, unknown>>;

/**
 * @param shape of the tool's arguments. @param given by the client
 * @throws CompressionError badRequest that names the arguments that are wrong, and those that there are
 */
export function readArguments<Shape extends z.ZodRawShape>(
  shape: Shape,
  given: unknown,
): z.infer<z.ZodObject<Shape, z.core.$strict>> {
  const schema = z.strictObject(shape);
  const read = schema.safeParse(meant(schema, given ?? {}));
  if (read.success) return read.data;
  const faults = read.error.issues.map((issue) => faultOf(issue, Object.keys(shape)));
  throw new CompressionError('badRequest', faults.join('; '));
}

function faultOf(issue: z.core.$ZodIssue, known: readonly string[]): string {
  const at = issue.path.map((key) => (typeof key === 'number' ? `[${key + 1}]` : String(key))).join('.');
  if (issue.code === 'unrecognized_keys') {
    const names = issue.keys.map((key) => `"${key.slice(0, 100)}"`).join(', ');
    return at ? `${at}: there is no ${names}` : `There is no argument ${names}; there are ${known.join(', ')}`;
  }
  return at ? `${at}: ${issue.message}` : issue.message;
}

/**
 * What a value means for a schema: `null` for an argument that may be absent is none, "20" for a number is 20, the JSON of a
 * list is the list, one text for a list of texts is a list of one. Anything else stays as it is, for the schema to refuse.
 */
function meant(schema: z.core.$ZodType, value: unknown): unknown {
  const { def } = schema._zod as unknown as { def: Definition };
  switch (def.type) {
    case 'optional':
      return value === null ? undefined : meant(def.innerType, value);
    case 'number':
      return typeof value === 'string' && /^\s*-?\d+(\.\d+)?\s*$/.test(value) ? Number(value) : value;
    case 'array': {
      const list = typeof value === 'string' ? listIn(value, def.element) : value;
      return Array.isArray(list) ? list.map((item) => meant(def.element, item)) : list;
    }
    case 'object':
      if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
      return Object.fromEntries(
        Object.entries(value as Given).map(([key, v]) => {
          const known = ownValue(def.shape, key);
          return [key, known ? meant(known, v) : v];
        }),
      );
    default:
      return value;
  }
}

type Definition =
  | { readonly type: 'optional'; readonly innerType: z.core.$ZodType }
  | { readonly type: 'array'; readonly element: z.core.$ZodType }
  | { readonly type: 'object'; readonly shape: Readonly<Record<string, z.core.$ZodType>> }
  | { readonly type: 'number' | 'string' };

function listIn(text: string, element: z.core.$ZodType): unknown {
  try {
    const value: unknown = JSON.parse(text);
    if (Array.isArray(value)) return value;
  } catch {
    // no JSON
  }
  return element._zod.def.type === 'string' ? [text] : text;
}
