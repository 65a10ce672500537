// Ranks the statements of a text: the order in which they are cut, and how each came to its place.
import { BoundedMap } from '../../core/boundedMap';
import type { CompressRequest, RequestedSource } from '../../core/context';
import type { TokenEvidence } from '../../core/evidence';
import { unionSpans } from '../../core/span';
import type { TokenCounter } from '../../core/token';
import { constraintSpans, type Constraints } from '../../cut/constraints';
import { orderCuts, type CutOrder } from '../../cut/order';
import { unitsOf as cutUnits } from '../../cut/render';
import type { CrossFileNames, SharedNames } from '../../evidence/crossFileNames';
import { channelsOf, evidenceFor, type Aim } from '../../evidence/evidence';
import type { ScoredText } from '../../evidence/scored';
import type { CodeStructure } from '../../parse/structure';
import { askedWords } from '../../question/askedWords';
import type { LineRelevance } from '../../question/relevance';
import { termsOf } from '../../question/terms';
import { statementsOf } from '../../rank/statements';
import type { Scorer } from '../../scorers/index';
import { keyOf } from './keys';

const SHOWN_WORDS = 3; // of the question, in a hover
const SHOWN_UNITS = 4000; // UTF-16 units of a statement in which they are looked for

/** A text that is ranked, and what decides its order besides the budget. */
export interface Rankable {
  readonly source: RequestedSource;
  readonly structure: CodeStructure;
  readonly scored: ScoredText;
  readonly scorer: Scorer;
  readonly request: CompressRequest;
  /** Names that other texts of the context use. */
  readonly names?: SharedNames | undefined;
  /** How much its lines have to do with the question. */
  readonly relevance?: LineRelevance | undefined;
}

export class Ranker {
  private readonly orders: BoundedMap<CutOrder>;
  private readonly statements = new WeakMap<CutOrder, string>(); // JSON

  /**
   * @param price counts what tokens cost. It is independent of the request's counter: a text has one order, and the threshold of
   * `auto` was calibrated with it.
   * @param most UTF-16 units of all texts whose order is kept
   */
  constructor(
    private readonly price: () => Promise<TokenCounter>,
    private readonly crossFileNames: CrossFileNames,
    most: number,
  ) {
    this.orders = new BoundedMap(most, ({ structure }) => structure.source.text.length);
  }

  /** The order in which the statements of a text are cut, made once. */
  async order(text: Rankable): Promise<CutOrder> {
    const { source, structure, scorer, request, names, relevance } = text;
    const constraints = constraintsOf(request, source);
    const key = keyOf(
      source.path,
      source.languageId,
      source.text,
      scorer.id,
      request.query ?? '',
      JSON.stringify(constraints),
      `${source.focus ?? ''}`,
      source.grammarFault ?? '',
      names?.digest ?? '',
      relevance?.digest ?? '',
    );
    const known = this.orders.get(key);
    if (known) return known;
    const worth = await this.evidence(text);
    const { pins, drops, protects } = constraintSpans(structure, constraints);
    const order = orderCuts(structure, worth, pins, { drops, protects });
    this.orders.set(key, order, `${source.path}\0${scorer.id}`);
    if (request.ranking) this.describe(order, worth, text);
    return order;
  }

  /** How the statements of an order rank and why, as JSON: made for the first request that asks, true of every budget. */
  async statementsIn(order: CutOrder, text: Rankable): Promise<string> {
    if (!this.statements.has(order)) this.describe(order, await this.evidence(text), text);
    return this.statements.get(order)!;
  }

  clear(): void {
    this.orders.clear();
  }

  private async evidence(text: Rankable): Promise<TokenEvidence> {
    return evidenceFor(text.scorer, text.scored, text.structure, await this.price(), aimOf(text));
  }

  private describe(order: CutOrder, evidence: TokenEvidence, text: Rankable): void {
    const { source, structure, scored, scorer, request, names } = text;
    const asked = request.query ? termsOf(request.query) : undefined;
    const channels = channelsOf(structure, scored.tokens, aimOf(text));
    const parts = scorer.explain?.(scored.seen, channels);
    const statements = statementsOf({
      structure,
      evidence,
      mustKeep: unionSpans([...order.pins, ...order.protectedSpans]),
      excluded: new Set(cutUnits(order, order.forced)),
      kept: order.steps.slice(order.forced).reverse(),
      channels,
      cursor: source.focus === undefined ? undefined : parts?.focus,
      future: parts?.future,
      question: parts?.question,
      askedIn: asked && ((piece) => askedWords(piece.slice(0, SHOWN_UNITS), asked, SHOWN_WORDS)),
      filesWith: names && ((name) => this.crossFileNames.usersBeside(structure, name)),
    });
    this.statements.set(order, JSON.stringify(statements));
  }
}

function aimOf({ source, request, names, relevance }: Rankable): Aim {
  return { query: request.query, focus: source.focus, others: names?.names, relevance };
}

function constraintsOf(request: CompressRequest, { pins, drops }: RequestedSource): Constraints {
  return {
    pins: pins ?? [],
    drops: drops ?? [],
    protectedPatterns: request.protectedPatterns ?? [],
    droppedPatterns: request.droppedPatterns ?? [],
    inlineMarkers: request.inlineMarkers ?? true,
  };
}
