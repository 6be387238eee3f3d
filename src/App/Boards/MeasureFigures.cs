using System.Globalization;
using Keel.Kernel.Views;
using Keel.Ui;

namespace Keel.App.Boards;

/// How a measure is said: its figure, its target, how far it is from it, and the state that this is.
internal static class MeasureFigures
{
    /// Four days and more are said in days.
    private static bool IsLong(decimal hours) => hours >= 96;

    extension(MeasureSeen seen)
    {
        public string Figure => seen.Value is { } value ? seen.Said(value) : "–";

        /// What stands behind the figure: `%`, `h`.
        public string? UnitWord => seen.Value is null ? null : seen.Measure.Unit switch { MeasureUnit.Percent => "%", MeasureUnit.Hours => IsLong(seen.Value.Value) ? "days" : "h", _ => null };

        public StateRole Role => seen.Standing switch
        {
            Standing.Met => StateRole.Done,
            Standing.Missed => seen.Measure.IsPast ? StateRole.Late : StateRole.Waiting,
            _ => StateRole.Idle,
        };

        /// `target at most 3`, `target 98 %`.
        public string Aim => seen.Target is not { } target ? seen.Value is null ? Words.T("nothing to measure yet") : Words.T("no target")
            : seen.Measure.Better is Better.Less && target > 0 ? Words.T($"target at most {seen.WithUnit(target)}") : Words.T($"target {seen.WithUnit(target)}");

        /// `0.8 points short`, `2 too many`, `on target`; nothing where nobody aims at it.
        public string? Distance
        {
            get
            {
                if (seen.Standing is Standing.Unjudged) return null;
                var gap = seen.Value!.Value - seen.Target!.Value;
                if (gap == 0) return Words.T("on target");
                var far = seen.Measure.Unit is MeasureUnit.Percent ? Words.T($"{seen.Said(Math.Abs(gap))} points") : seen.WithUnit(Math.Abs(gap));
                return (seen.Measure.Better, gap > 0) switch
                {
                    (Better.Less, true) => seen.Measure.Unit switch { MeasureUnit.Count => Words.T($"{far} too many"), MeasureUnit.Hours => Words.T($"{far} too long"), _ => Words.T($"{far} over") },
                    (Better.Less, false) => Words.T($"{far} under"),
                    (_, true) => Words.T($"{far} above"),
                    _ => Words.T($"{far} short"),
                };
            }
        }

        /// The trend as a small line; nothing where one point is no trend.
        public IReadOnlyList<decimal> Trend => [.. seen.Days.Select(d => d.Value)];

        /// A value in its unit: `97.2 %`.
        public string WithUnit(decimal value) => seen.Said(value) + seen.Measure.Unit switch { MeasureUnit.Percent => "\u00a0%", MeasureUnit.Hours => IsLong(value) ? "\u00a0" + Words.T("days") : "\u00a0h", _ => "" };

        /// A value as a figure: amounts without cents, the rest to a tenth.
        public string Said(decimal value) => seen.Measure.Unit switch
        {
            MeasureUnit.Count => Figures.Of((long)value),
            MeasureUnit.Money => $"{Figures.Symbol(seen.Currency)}\u00a0{Figures.Of(decimal.Round(seen.Plain(value)))}",
            MeasureUnit.Hours when IsLong(value) => Figures.Of(decimal.Round(value / 24, 1)),
            _ => Figures.Of(decimal.Round(value, 1)),
        };

        /// A value as charts draw it: amounts in the currency's units.
        public decimal Plain(decimal value) => seen.Measure.Unit is MeasureUnit.Money ? new Money((long)value, seen.Currency).Amount : value;
    }
}
