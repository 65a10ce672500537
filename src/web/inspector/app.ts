// Knows what the page shows now, and who must hear when that changes.
import type { InspectReport, ScorerId } from '../../core/context';
import type { BudgetView, ColourMode, FromPage, PageState, Subject } from '../../inspector/protocol';
import { ALL, sameScope, scopeIn, type Scope } from '../../inspector/scope';

/** What changed, so that a card redraws only what it must. */
export type Topic = 'report' | 'scope' | 'mode' | 'token' | 'budget' | 'compared' | 'mask' | 'status';

interface Host {
  postMessage(message: FromPage): void;
  getState(): PageState | undefined;
  setState(state: PageState): void;
}
declare function acquireVsCodeApi(): Host;

export class App {
  private readonly host = acquireVsCodeApi();
  private readonly listeners: ((topic: Topic) => void)[] = [];
  /** What the page remembered, until the report that it belongs to has come. */
  private remembered = this.host.getState();
  readonly open = new Set<string>(this.remembered?.open ?? []);

  subject: Subject | undefined;
  whole = true;
  scorer: ScorerId | undefined;
  report: InspectReport | undefined;
  compared: InspectReport | undefined;
  budget: BudgetView | undefined;
  /** The budget that others are held against. */
  opened: BudgetView | undefined;
  scope: Scope = ALL;
  mode: ColourMode = 'layers';
  token: number | undefined;
  /** Whose mask the editor shows. */
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

  tell(topic: Topic): void {
    for (const listener of this.listeners) listener(topic);
    this.keep();
  }

  /** A report came. The same text by the same scorer keeps what was chosen. */
  take(subject: Subject, whole: boolean, scorer: ScorerId, report: InspectReport): void {
    const before = this.remembered ?? (this.subject && this.state());
    const same = before?.uri === subject.uri && before.start === subject.start;
    this.remembered = undefined;
    Object.assign(this, { subject, whole, scorer, report, compared: undefined, failure: undefined, busy: false });
    this.scope = same ? scopeIn(report, before.scope) : ALL;
    this.mode = same ? before.mode : 'layers';
    this.token = same && before.token !== undefined && before.token < report.ids.length ? before.token : undefined;
    this.mask = this.scope.kind === 'all' ? undefined : this.scope;
    this.send({ kind: 'mask', scope: this.mask });
    const other = same ? before.compared : undefined;
    if (other && other !== scorer) this.send({ kind: 'compare', scorer: other });
    else if (this.mode === 'difference') this.mode = 'layers';
    this.tell('report');
  }

  choose(scope: Scope): void {
    if (!this.report) return;
    this.scope = sameScope(scope, this.scope) ? ALL : scope; // again: back to all
    this.mask = this.scope.kind === 'all' ? undefined : this.scope;
    this.send({ kind: 'mask', scope: this.mask });
    if (this.scope.kind !== 'all' && this.mode === 'layers') this.mode = 'scope';
    else if (this.scope.kind === 'all' && this.mode === 'scope') this.mode = 'layers';
    this.tell('scope');
    this.tell('mask');
  }

  colour(mode: ColourMode): void {
    this.mode = mode;
    this.tell('mode');
  }

  /** @param own chosen here, so that the editor must follow */
  select(token: number, own: boolean): void {
    if (!this.report || token < 0 || token >= this.report.ids.length) return;
    this.token = token;
    if (own) this.send({ kind: 'token', index: token });
    this.tell('token');
  }

  toggled = (id: string, open: boolean): void => {
    if (open) this.open.add(id);
    else this.open.delete(id);
    this.keep();
  };

  private state(): PageState | undefined {
    const { subject, scorer } = this;
    if (!subject || !scorer) return undefined;
    return {
      uri: subject.uri,
      start: subject.start,
      end: subject.end,
      whole: this.whole,
      scorer,
      compared: this.compared?.scorer,
      scope: this.scope,
      mode: this.mode,
      token: this.token,
      keepRatio: this.budget?.keepRatio,
      open: [...this.open],
    };
  }

  private keep(): void {
    const state = this.state();
    if (state && !this.remembered) this.host.setState(state);
  }
}
