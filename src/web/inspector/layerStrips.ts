// What each layer kept along the text, or what it held at a time of the reading: one small chart a layer.
import { orderedLayers } from '../../inspector/layers';
import { keptBy } from '../../inspector/scope';
import { heldAfter } from '../../inspector/timeline';
import type { App } from './app';
import { Chart } from './chart';
import { drawStrips, stripOf, type Strip } from './strips';
import { t } from './words';

/** @param about what stands above the drawing */
export function layerStrips(app: App, about: readonly Node[]): Chart {
  let rows: readonly Strip[] = [];
  app.onChange((topic) => {
    if (app.report && ['report', 'order', 'budget', 'moment'].includes(topic)) rows = rowsOf(app);
  });
  const draw: ConstructorParameters<typeof Chart>[3] = (width) => {
    const { scope, moment } = app;
    const shown = rows.map((row) => ({ ...row, chosen: scope.kind !== 'all' && row.name === nameOf(scope.layer) }));
    const label =
      moment === undefined
        ? t('What each layer kept along the text')
        : t('What each layer held along the text after chunk {0}', moment);
    return drawStrips(app, shown, width, label);
  };
  return new Chart(app, 'strips', t('Along the text'), draw, {
    about,
    topics: ['report', 'scope', 'order', 'window', 'lines', 'budget', 'moment'],
  });
}

const nameOf = (layer: number): string => t('Layer {0}', layer);

/** What the budget leaves, then the layers in their order. */
function rowsOf({ report, outcomes, order, moment }: App): Strip[] {
  const layers = orderedLayers(report!, order).map((layer) => {
    const scope = { kind: 'layer', layer } as const;
    const values =
      moment === undefined
        ? Float32Array.from(keptBy(report!, scope), (n) => n / report!.heads)
        : heldAfter(report!, scope, moment);
    return stripOf(nameOf(layer), 'layer', values);
  });
  return [...(outcomes ? [stripOf(t('Budget'), 'stays', Float32Array.from(outcomes.first))] : []), ...layers];
}
