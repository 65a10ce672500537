// Registers the tools and resources with the protocol: their schemas, and the words that tell an agent when to use them.
import { McpServer, ResourceTemplate } from '@modelcontextprotocol/sdk/server/mcp.js';
import type { RequestHandlerExtra } from '@modelcontextprotocol/sdk/shared/protocol.js';
import {
  CallToolRequestSchema,
  type CallToolResult,
  type ServerNotification,
  type ServerRequest,
} from '@modelcontextprotocol/sdk/types.js';
import { z } from 'zod';
import { LEAST_RATIO } from '../../core/budget';
import { CancelledError, CompressionError } from '../../core/errors';
import { MAX_ELISION_ID_UNITS, MAX_FILES, MAX_PATH_UNITS, MAX_QUERY_UNITS, MAX_TEXT_UNITS } from '../../core/limits';
import { HOW_TO_READ, UNMARKED } from '../../format/format';
import { readArguments } from './arguments';
import { sentenceFor } from './messages';
import { FIGURES } from './figures';
import type { Answer as Compressed, Blocks, Call, Work } from './tools';

const MARKERS =
  `Kept code is verbatim. ${HOW_TO_READ} Call expand with the id and the path of the file to get exactly these lines. ${UNMARKED} ` +
  'Do not edit a file from its compressed text alone: expand what you are about to change.';

export const INSTRUCTIONS =
  'NAMM Context reads source code with a small local model and leaves out the statements that matter least, so that more files fit in your context. ' +
  `Use it instead of reading whole files when you need an overview of several files or of a long one. ${MARKERS}`;

const query = z
  .string()
  .max(MAX_QUERY_UNITS)
  .optional()
  .describe(
    'What you want to know or do, in your own words: the lines that it is about come first. Give names as written in the code, and paste error messages and stack frames. Strongly recommended whenever you have a task.',
  );
const wanted = {
  keepRatio: z
    .number()
    .min(LEAST_RATIO)
    .max(1)
    .optional()
    .describe('Share of the tokens that may stay, default 0.5. 0.3 gives an outline with the most important bodies.'),
  maxTokens: z
    .number()
    .int()
    .min(1)
    .max(10_000_000)
    .optional()
    .describe('Upper limit in tokens over all files; counts instead of keepRatio.'),
  query,
};
const path = z.string().max(MAX_PATH_UNITS);
const READ_ONLY = { readOnlyHint: true, destructiveHint: false, idempotentHint: true, openWorldHint: false } as const;

type Extra = RequestHandlerExtra<ServerRequest, ServerNotification>;

type Answer = (given: unknown, extra: Extra) => Promise<CallToolResult>;

/** Claude Code puts a longer result into a file, in which its markers would be read in pieces. It takes no larger value. */
const SIZE_HINT = { 'anthropic/maxResultSizeChars': 500_000 };

/**
 * @param note writes a line for the user who looks for a fault
 * @param isStructured whether a compression has a structured part: some clients then show a model nothing else
 */
export function buildServer(
  work: Work,
  version: string,
  note: (line: string) => void,
  isStructured = false,
): McpServer {
  const structure = isStructured ? { outputSchema: FIGURES } : {};
  const answered = ({ blocks: texts, figures }: Compressed): CallToolResult => ({
    ...blocks(texts),
    ...(isStructured ? { structuredContent: figures } : {}),
  });
  const server = new McpServer(
    { name: 'namm-context', title: 'NAMM Context', version },
    { instructions: INSTRUCTIONS },
  );

  const answers = new Map<string, Answer>();
  /** The protocol lists the tool; its arguments are read here, with sentences of our own for what is wrong. */
  function tool<Shape extends z.ZodRawShape>(
    name: string,
    {
      inputSchema,
      ...config
    }: { inputSchema: Shape; title: string; description: string; outputSchema?: z.ZodRawShape },
    run: (args: z.infer<z.ZodObject<Shape, z.core.$strict>>, call: Call) => Promise<CallToolResult>,
  ): void {
    const answer: Answer = async (given, extra) => {
      try {
        return await run(readArguments(inputSchema, given), callOf(extra));
      } catch (error) {
        if (error instanceof CancelledError && extra.signal.aborted) return { content: [] }; // the client waits no longer
        return failed(error, note);
      }
    };
    answers.set(name, answer);
    server.registerTool(
      name,
      { ...config, inputSchema: z.strictObject(inputSchema), annotations: READ_ONLY, _meta: SIZE_HINT },
      answer,
    );
  }

  tool(
    'compress_files',
    {
      title: 'Compress files',
      description:
        'Reads several source files, or a whole folder, compressed to a token budget, as one text with a block per file. ' +
        `Use it before reading more than two or three files, or when a folder is too large to read whole. ${MARKERS}`,
      inputSchema: {
        paths: z
          .array(path)
          .min(1)
          .max(MAX_FILES)
          .describe('Files or folders, relative to the workspace or absolute inside of it. Folders honour .gitignore.'),
        ...wanted,
      },
      ...structure,
    },
    async (args, call) => answered(await work.compressFiles(args.paths, args, call)),
  );

  tool(
    'compress_text',
    {
      title: 'Compress text',
      description: `Compresses source code that lies in no file, such as a diff, a log or generated code, to a token budget. For files use compress_files: the text need not pass through you. ${MARKERS}`,
      inputSchema: {
        text: z.string().min(1).max(MAX_TEXT_UNITS).describe('At most 2 million characters.'),
        name: z
          .string()
          .min(1)
          .max(200)
          .optional()
          .describe('File name to call it by, such as "answer.py"; tells the language.'),
        language: z
          .string()
          .max(40)
          .optional()
          .describe('Language id such as typescript or python, where the name does not tell.'),
        ...wanted,
      },
      ...structure,
    },
    async (args, call) => answered(await work.compressText(args.text, args.name ?? 'text', args.language, args, call)),
  );

  tool(
    'read_file_compressed',
    {
      title: 'Read file, compressed',
      description: `Reads a long source file compressed: its less important statements are left out. Use it for long files (over some 200 lines); read short files directly. Lines you name in keep stay whole. ${MARKERS}`,
      inputSchema: {
        path: path.describe('Relative to the workspace, or absolute inside of it.'),
        keep: z
          .array(z.object({ from: z.number().int().min(1), to: z.number().int().min(1) }))
          .max(100)
          .optional()
          .describe('Line ranges that must stay, 1-based and inclusive.'),
        ...wanted,
      },
      ...structure,
    },
    async (args, call) => answered(await work.readFile(args.path, args.keep ?? [], args, call)),
  );

  tool(
    'expand',
    {
      title: 'Expand an elision',
      description:
        'Expands what was left out: returns the original lines behind a marker, byte for byte, and says where they stand: where the last marker of the file is "//140… #k3fa", "//120…" has the id k3fa:120. Always give the path of the file whose marker it is. ' +
        'Says so when the file has changed since, or when the id was never issued.',
      inputSchema: {
        id: z
          .string()
          .min(1)
          .max(MAX_ELISION_ID_UNITS)
          .describe('Such as k3fa:120; with a path, the line that the marker shows is enough.'),
        path: path.optional().describe('Path as it stands above the block.'),
      },
    },
    async (args) => blocks(await work.expand(args.id, args.path)),
  );

  tool(
    'retention',
    {
      title: 'Retention of a file',
      description:
        'Tells which kinds of tokens of a file the attention memory keeps (share 0 to 1 per token class, and per layer and head of the local model). For questions about the compression itself; it returns no source code.',
      inputSchema: { path, query },
      outputSchema: {
        path: z.string(),
        tokens: z.number().describe('Tokens of the local model.'),
        keptByMemory: z.number(),
        layers: z.array(z.object({ layer: z.number(), heads: z.array(z.number()) })),
        classes: z.array(z.object({ class: z.string(), tokens: z.number(), kept: z.number() })),
        memoryUpdates: z.number(),
        meanCacheLength: z.number(),
      },
    },
    async (args, call) => {
      const structuredContent = await work.retention(args.path, args.query, call);
      return { structuredContent, content: [{ type: 'text', text: JSON.stringify(structuredContent) }] };
    },
  );

  server.server.setRequestHandler(CallToolRequestSchema, ({ params: { name, arguments: given } }, extra) => {
    const answer = answers.get(name);
    if (answer) return answer(given, extra);
    const known = [...answers.keys()].join(', ');
    return failed(
      new CompressionError('badRequest', `There is no tool "${name.slice(0, 100)}"; there are ${known}`),
      note,
    );
  });

  server.registerResource(
    'elision',
    new ResourceTemplate('namm://elision/{id}', {
      list: () => ({
        resources: [...work.recent].reverse().map((e) => ({
          uri: `namm://elision/${e.id}`,
          name: `${e.path} ${e.id}`,
          description: `${e.lines} ${e.lines === 1 ? 'line that was' : 'lines that were'} left out`,
          mimeType: 'text/plain',
        })),
      }),
    }),
    { title: 'Left out code', description: 'The original lines behind the id of a marker.', mimeType: 'text/plain' },
    async (uri, { id }) => {
      const wanted = decodeURIComponent(String(id));
      // The specification demands a protocol error for an unknown resource.
      const [text] = await work.expand(wanted, undefined).catch((error: unknown) => {
        throw new Error(sentenceFor(error), { cause: error });
      });
      return { contents: [{ uri: uri.href, mimeType: 'text/plain', text }] };
    },
  );

  return server;
}

function blocks(texts: Blocks): CallToolResult {
  return { content: texts.map((text) => ({ type: 'text', text })) };
}

function failed(error: unknown, note: (line: string) => void): CallToolResult {
  const text = sentenceFor(error);
  if (text === sentenceFor(undefined)) note(error instanceof Error ? (error.stack ?? error.message) : String(error));
  return { isError: true, content: [{ type: 'text', text }] };
}

/** The client's cancellation signal, and its progress notifications. */
function callOf(extra: Extra): Call {
  const token = extra._meta?.progressToken;
  let said = -1;
  return {
    signal: extra.signal,
    onProgress: (progress, total, path) => {
      if (token === undefined || extra.signal.aborted || progress <= said) return; // the protocol demands that it rises
      said = progress;
      void extra
        .sendNotification({
          method: 'notifications/progress',
          params: { progressToken: token, progress, total, message: `reading ${path}` },
        })
        .catch(() => undefined);
    },
  };
}
