// Charts: lines and bars as SVG in our own colours, without animation. The sentence that says the same stands in the page.

const one = (selector, within = document) => within.querySelector(selector);
const all = (selector, within = document) => [...within.querySelectorAll(selector)];

let library;
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

function draw(box) {
  const { along, lines, level } = JSON.parse(box.dataset.chart);
  window.echarts.getInstanceByDom(box)?.dispose();
  box.replaceChildren();
  const chart = window.echarts.init(box, null, { renderer: 'svg' });
  const label = { color: token('ink-3'), fontSize: 11 };
  chart.setOption({
    animation: false,
    textStyle: { fontFamily: getComputedStyle(document.body).fontFamily },
    grid: { left: 12, right: 28, top: 20, bottom: 8, containLabel: true },
    xAxis: { type: 'category', data: along, boundaryGap: lines.some(l => l.kind === 'bar'), axisLine: { lineStyle: { color: token('line-strong') } }, axisTick: { show: false }, axisLabel: label },
    yAxis: { type: 'value', axisLine: { show: false }, axisTick: { show: false }, splitLine: { lineStyle: { color: token('line') } }, axisLabel: label },
    series: lines.map((l, i) => ({
      name: l.name, type: l.kind === 'bar' ? 'bar' : 'line', data: l.values, symbol: 'none', barMaxWidth: 28,
      step: l.kind === 'step' || l.kind === 'area' ? 'end' : false, itemStyle: { color: token(l.color) },
      lineStyle: { width: 2, color: token(l.color), type: l.kind === 'dash' ? [6, 4] : 'solid' },
      areaStyle: l.kind === 'area' ? { color: token(l.color), opacity: .08 } : undefined,
      markLine: i === 0 && level ? { symbol: 'none', silent: true, data: [{ yAxis: level.value, name: level.name }], label: { formatter: level.name, position: 'insideEndTop', color: token('late'), fontSize: 11 }, lineStyle: { color: token('late-mark'), type: 'solid', width: 1 } } : undefined,
    })),
  });
  new ResizeObserver(() => chart.resize()).observe(box);
}

document.addEventListener('htmx:afterSettle', charts);
document.addEventListener('keel:theme', () => { for (const box of all('[data-drawn]')) draw(box); });
charts();
