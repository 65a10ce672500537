// The CodeLenses above holes: how much goes, and links to keep it, to read it and to see why it goes.
import * as vscode from 'vscode';
import { getOrMake } from '../../src/core/getOrMake';
import type { Result, Results } from '../session/results';
import { readLooks, readSettings } from '../platform/settings';
import { holesOf, linesIn, sizeInWords, targetOf, type Hole } from './holes';

const { t } = vscode.l10n;

const LARGE = 8; // lines; a screen then has two or three at most

class HoleLens extends vscode.CodeLens {
  constructor(
    readonly document: vscode.TextDocument,
    readonly hole: Hole,
    readonly link: Link,
  ) {
    super(new vscode.Range(hole.text.start, hole.text.start));
  }
}

interface Link {
  readonly title: (hole: Hole) => string;
  readonly tooltip: () => string;
  /** Absent: words alone. */
  readonly command?: string;
}

const LINKS: readonly Link[] = [
  {
    title: (hole) => sizeInWords(hole),
    tooltip: () => t('Left out of the compressed context'),
  },
  { title: () => t('Keep'), tooltip: () => t('Mark it to stay in the compressed context'), command: 'namm.pin' },
  { title: () => t('Peek'), tooltip: () => t('Read what is left out'), command: 'namm.peekDropped' },
  { title: () => t('Why'), tooltip: () => t('Show why it is left out'), command: 'namm.showWhy' },
];

/** Where holes are shown at all. */
interface Strikes {
  readonly onDidChange: vscode.Event<void>;
  isStruck(document: vscode.TextDocument): boolean;
}

/** Registered only while there are results and the setting asks for them. */
export class HoleLenses implements vscode.Disposable, vscode.CodeLensProvider<HoleLens> {
  private readonly changed = new vscode.EventEmitter<void>();
  readonly onDidChangeCodeLenses = this.changed.event;
  private readonly lenses = new WeakMap<Result, HoleLens[]>();
  private readonly listeners: vscode.Disposable[];
  private registered: vscode.Disposable | undefined;
  private least = leastLines();

  constructor(
    private readonly results: Results,
    private readonly strikes: Strikes,
  ) {
    this.listeners = [
      this.changed,
      results.onDidChange(() => this.update()),
      strikes.onDidChange(() => this.update()),
      vscode.workspace.onDidChangeConfiguration((e) => {
        if (!e.affectsConfiguration('namm.codeLens') && !e.affectsConfiguration('namm.live')) return;
        this.least = leastLines();
        this.update();
      }),
    ];
  }

  dispose(): void {
    for (const l of this.listeners) l.dispose();
    this.registered?.dispose();
  }

  provideCodeLenses(document: vscode.TextDocument): HoleLens[] {
    const result = this.strikes.isStruck(document) ? this.results.forDocument(document) : undefined;
    if (!result) return [];
    const all = getOrMake(this.lenses, result, () =>
      holesOf(document, result).flatMap((hole) => LINKS.map((link) => new HoleLens(document, hole, link))),
    );
    return all.filter(({ hole }) => linesIn(hole) >= this.least);
  }

  /** Only those in view are resolved, so that thousands of them cost little. */
  resolveCodeLens(lens: HoleLens): HoleLens {
    const { document, hole, link } = lens;
    lens.command = {
      title: link.title(hole),
      tooltip: link.tooltip(),
      command: link.command ?? '',
      ...(link.command ? { arguments: [targetOf(document, hole)] } : {}),
    };
    return lens;
  }

  private update(): void {
    if (this.results.size && this.least < Infinity)
      this.registered ??= vscode.languages.registerCodeLensProvider({ scheme: '*' }, this);
    else {
      this.registered?.dispose();
      this.registered = undefined;
    }
    this.changed.fire();
  }
}

/** Lines from which a hole has lenses. While the text is compressed at each pause they would push it up and down. */
function leastLines(): number {
  return readSettings().live ? Infinity : { off: Infinity, large: LARGE, all: 1 }[readLooks().codeLens];
}
