// Holds the state of the page and notifies its cards of changes.
import type { InspectReport, ScorerId } from '../../core/context';
import { Lines } from '../../core/lines';
import { linesOf, tokensOf, zoomed, type LayerOrder, type LineRange, type Window } from '../../inspector/layers';
import { nextCuts, type NextCuts } from '../../inspector/nextCuts';
import { outcomeDifference, outcomeOf, type Outcome } from '../../inspector/outcome';
import type { BudgetView, ColourMode, Compared, FromPage, PageState, Subject } from '../../inspector/protocol';
import { ALL, sameScope, validScope, type Scope } from '../../inspector/scope';
import { statementsIn } from '../../why/ranking';

const NEXT = 3; // statements on either side of the cut that are shown

/** The part of the state that changed: a card redraws only what depends on it. */
export type Topic =
  | 'report'
  | 'scope'
  | 'order'
  | 'window'
  | 'lines'
  | 'moment'
  | 'mode'
  | 'token'
  | 'budget'
  | 'compared'
  | 'mask'
  | 'status';

/** The editor's API for web views. */
interface Host {
  postMessage(message: FromPage): void;
  getState(): PageState | undefined;
  setState(state: PageState): void;
}
declare function acquireVsCodeApi(): Host;

/** State of the page. Fields are undefined until the panel has sent them. */
export class App {
  private readonly host = acquireVsCodeApi();
  private readonly listeners: ((topic: Topic) => void)[] = [];
  /** State saved by an earlier page, until the first report arrives. */
  private savedState = this.host.getState();
  /** Ids of the open tables. */
  readonly open = new Set<string>(this.savedState?.open ?? []);

  subject: Subject | undefined;
  whole = true;
  scorer: ScorerId | undefined;
  report: InspectReport | undefined;
  compared: Compared | undefined;
  budget: BudgetView | undefined;
  /** The budget that later ones are compared with. */
  opened: BudgetView | undefined;
  scope: Scope = ALL;
  mode: ColourMode = 'layers';
  token: number | undefined;
  order: LayerOrder = 'layer';
  /** The tokens that the charts along the text show. */
  window: Window = { from: 0, to: 0 };
  /** The lines that are chosen, of the inspected text. */
  lines: LineRange | undefined;
  /** Memory updates after which the text and the charts along it show the caches; undefined: what the whole reading gave. */
  moment: number | undefined;
  /** Where the lines of the inspected text are. */
  textLines = new Lines('');
  /** Scope whose mask the editor shows. */
  mask: Scope | undefined;
  stale = false;
  busy = false;
  failure: string | undefined;

  onChange(listener: (topic: Topic) => void): void {
    this.listeners.push(listener);
  }

  send(message: FromPage): void {
    this.host.postMessage(message);
  }

  notify(topic: Topic): void {
    for (const listener of this.listeners) listener(topic);
    this.save();
  }

  /** Takes a new report. If it is of the same text as before, what was chosen on the page stays. */
  setReport(subject: Subject, whole: boolean, scorer: ScorerId, report: InspectReport): void {
    const before = this.savedState ?? (this.subject && this.state());
    const same = before?.uri === subject.uri && before.start === subject.start;
    this.savedState = undefined;
    Object.assign(this, { subject, whole, scorer, report, compared: undefined, failure: undefined, busy: false });
    this.scope = same ? validScope(report, before.scope) : ALL;
    this.mode = same ? before.mode : 'layers';
    this.token = same && before.token !== undefined && before.token < report.ids.length ? before.token : undefined;
    this.order = (same && before.order) || 'layer';
    this.window = { from: 0, to: report.ids.length };
    this.lines = undefined;
    this.moment = undefined;
    this.textLines = new Lines(subject.text);
    this.mask = this.scope.kind === 'all' ? undefined : this.scope;
    this.send({ kind: 'mask', scope: this.mask });
    const other = same ? before.compared : undefined;
    if (other && other !== scorer) this.send({ kind: 'compare', scorer: other });
    else if (this.mode === 'difference') this.mode = 'layers';
    this.notify('report');
  }

  /** Selects a scope; selecting it again goes back to all caches. */
  choose(scope: Scope): void {
    if (!this.report) return;
    this.scope = sameScope(scope, this.scope) ? ALL : scope;
    this.mask = this.scope.kind === 'all' ? undefined : this.scope;
    this.send({ kind: 'mask', scope: this.mask });
    if (this.scope.kind !== 'all' && this.mode === 'layers') this.mode = 'scope';
    else if (this.scope.kind === 'all' && this.mode === 'scope') this.mode = 'layers';
    this.notify('scope');
    this.notify('mask');
  }

  arrange(order: LayerOrder): void {
    this.order = order;
    this.notify('order');
  }

  /** Shows less or more of the text in the charts along it, about the chosen lines. @param factor below 1 shows less */
  zoomBy(factor: number): void {
    const { chosenTokens } = this;
    const about = chosenTokens && (chosenTokens.from + chosenTokens.to) / 2;
    this.window = zoomed(this.window, factor, this.report!.ids.length, about);
    this.notify('window');
  }

  zoomToLines(): void {
    const { chosenTokens } = this;
    if (!chosenTokens) return;
    this.window = zoomed(chosenTokens, 1, this.report!.ids.length);
    this.notify('window');
  }

  /** The lines that the charts along the text show. */
  get linesInView(): LineRange {
    return linesOf(this.window, this.report!.bounds, this.textLines);
  }

  /** Chooses lines of the text, or none. @param done whether the editor must follow; it does not while they are dragged */
  chooseLines(lines: LineRange | undefined, done: boolean): void {
    this.lines = lines;
    if (lines && done)
      this.send({
        kind: 'span',
        start: this.textLines.span(lines.first).start,
        end: this.textLines.span(lines.last).end,
      });
    this.notify('lines');
  }

  /** The tokens of the chosen lines. */
  get chosenTokens(): Window | undefined {
    return this.lines && tokensOf(this.lines, this.report!.bounds, this.textLines);
  }

  /** Colours the text by what the whole reading gave, which leaves the timeline. */
  colour(mode: ColourMode): void {
    this.mode = mode;
    if (this.moment !== undefined) this.goTo(undefined);
    this.notify('mode');
  }

  /** Goes to a time of the reading, or leaves the timeline. */
  goTo(moment: number | undefined): void {
    this.moment = moment;
    this.notify('moment');
  }

  /** @param onPage whether it was selected on the page, so that the editor must follow */
  select(token: number, onPage: boolean): void {
    if (!this.report || token < 0 || token >= this.report.ids.length) return;
    this.token = token;
    if (onPage) this.send({ kind: 'token', index: token });
    this.notify('token');
  }

  onToggle = (id: string, open: boolean): void => {
    if (open) this.open.add(id);
    else this.open.delete(id);
    this.save();
  };

  /** [tokens] what stays under the budget: by the run's scorer, and by the compared one. */
  get outcomes(): { readonly first: Outcome; readonly second: Outcome | undefined } | undefined {
    const { report, budget, compared } = this;
    const dropped = budget?.files[budget.index]?.dropped;
    if (!report || !dropped) return undefined;
    return { first: outcomeOf(report, dropped), second: compared && outcomeOf(report, compared.dropped) };
  }

  /** The outcomes by the name of their scorer. */
  get namedOutcomes(): Record<string, Outcome> {
    const { outcomes, report, compared } = this;
    if (!outcomes) return {};
    return {
      [report!.scorer]: outcomes.first,
      ...(outcomes.second ? { [compared!.report.scorer]: outcomes.second } : {}),
    };
  }

  /** The statements that are nearest to the cut, on either side. */
  get nextCuts(): NextCuts {
    const ranking = this.budget?.subject.ranking;
    return nextCuts(statementsIn(ranking), ranking?.kept ?? 0, NEXT);
  }

  /** [tokens] 1 where only the run's scorer keeps the token, −1 where only the compared one does. */
  get differences(): Float32Array | undefined {
    const { first, second } = this.outcomes ?? {};
    return first && second && outcomeDifference(first, second);
  }

  private state(): PageState | undefined {
    const { subject, scorer } = this;
    if (!subject || !scorer) return undefined;
    return {
      uri: subject.uri,
      start: subject.start,
      end: subject.end,
      whole: this.whole,
      scorer,
      compared: this.compared?.report.scorer,
      scope: this.scope,
      mode: this.mode,
      order: this.order,
      token: this.token,
      keepRatio: this.budget?.keepRatio,
      open: [...this.open],
    };
  }

  private save(): void {
    const state = this.state();
    if (state && !this.savedState) this.host.setState(state);
  }
}
