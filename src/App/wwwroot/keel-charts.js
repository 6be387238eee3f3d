// Charts: lines and bars as SVG in our own colours, without animation. The sentence that says the same stands in the page.

const one = (selector, within = document) => within.querySelector(selector);
const all = (selector, within = document) => [...within.querySelectorAll(selector)];

let library;
const watched = new WeakMap();
function charts() {
  for (const box of all('[data-chart]:not([data-drawn])')) {
    box.dataset.drawn = 'yes';
    library ??= new Promise((done, failed) => {
      const script = document.createElement('script');
      script.src = '/lib/echarts.min.js' + (new URL(import.meta.url).search);
      script.onload = done;
      script.onerror = failed;
      document.head.append(script);
    });
    library.then(() => draw(box), () => { });
  }
}

function token(name) {
  const probe = document.createElement('i');
  document.body.append(probe);
  probe.style.color = `var(--k-${name})`;
  const color = getComputedStyle(probe).color;
  probe.remove();
  return color;
}

const barred = line => line.kind === 'bar' || line.kind === 'stack';

function draw(box) {
  const { along, lines, level } = JSON.parse(box.dataset.chart);
  window.echarts.getInstanceByDom(box)?.dispose();
  box.replaceChildren();
  const chart = window.echarts.init(box, null, { renderer: 'svg' });
  const label = { color: token('ink-3'), fontSize: 11 };
  chart.setOption({
    animation: false,
    textStyle: { fontFamily: getComputedStyle(document.body).fontFamily },
    grid: { left: 12, right: 28, top: lines.length > 1 ? 34 : 20, bottom: 8, containLabel: true },
    legend: lines.length > 1 ? { top: 0, left: 8, icon: 'roundRect', itemWidth: 14, itemHeight: 8, selectedMode: false, textStyle: { color: token('ink-2'), fontSize: 12 } } : undefined,
    xAxis: { type: 'category', data: along, boundaryGap: lines.some(barred), axisLine: { lineStyle: { color: token('line-strong') } }, axisTick: { show: false }, axisLabel: label },
    yAxis: { type: 'value', axisLine: { show: false }, axisTick: { show: false }, splitLine: { lineStyle: { color: token('line') } }, axisLabel: label },
    series: lines.map((l, i) => ({
      name: l.name, type: barred(l) ? 'bar' : 'line', stack: l.kind === 'stack' ? 'all' : undefined, data: l.values, symbol: along.length === 1 ? 'circle' : 'none', symbolSize: 8, barMaxWidth: 28,
      step: l.kind === 'step' || l.kind === 'area' ? 'end' : false, itemStyle: { color: token(l.color) },
      lineStyle: { width: 2, color: token(l.color), type: l.kind === 'dash' ? [6, 4] : 'solid' },
      areaStyle: l.kind === 'area' ? { color: token(l.color), opacity: .08 } : undefined,
      markLine: i === 0 && level ? { symbol: 'none', silent: true, data: [{ yAxis: level.value, name: level.name }], label: { formatter: level.name, position: 'insideEndTop', color: token('late'), fontSize: 11 }, lineStyle: { color: token('late-mark'), type: 'solid', width: 1 } } : undefined,
    })),
  });
  watched.get(box)?.disconnect();
  const observer = new ResizeObserver(() => chart.resize());
  observer.observe(box);
  watched.set(box, observer);
}

document.addEventListener('htmx:afterSettle', charts);
document.addEventListener('keel:theme', () => { for (const box of all('[data-drawn]')) draw(box); });

// Paper is white and as wide as it is: charts are drawn for it, and drawn back afterwards.
const root = document.documentElement;
let theme;
document.addEventListener('click', event => { if (event.target.closest?.('[data-print]')) print(); });
addEventListener('beforeprint', () => {
  theme = root.dataset.bsTheme;
  root.dataset.bsTheme = 'light';
  for (const box of all('[data-drawn]')) { box.classList.add('on-paper'); draw(box); }
});
addEventListener('afterprint', () => {
  root.dataset.bsTheme = theme;
  for (const box of all('[data-drawn]')) { box.classList.remove('on-paper'); draw(box); }
});
charts();